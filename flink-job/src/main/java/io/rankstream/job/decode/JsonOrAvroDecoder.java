package io.rankstream.job.decode;

import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.mapping.JsonDocuments;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.WireFormat;

/**
 * Turns JSON documents into values, and Avro records on the same topic: the job itself writes Avro,
 * and its frame begins with a byte that no document begins with.
 *
 * @param <T> type of the values
 */
final class JsonOrAvroDecoder<T> implements RecordDecoder<T> {

    private final RecordDecoder<T> json;
    private final RecordDecoder<T> avro;

    JsonOrAvroDecoder(RecordDecoder<T> json, RecordDecoder<T> avro) {
        this.json = json;
        this.avro = avro;
    }

    @Override
    public DecodeResult<T> decode(RawRecord raw) throws RegistryException, InterruptedException {
        return (isAvro(raw.value()) ? avro : json).decode(raw);
    }

    /**
     * Whether a value is in the frame of Avro. A document in the frame of Confluent's serializer of
     * JSON begins with a brace; an Avro record with the length of a text does not, since that byte
     * is of a negative one.
     */
    static boolean isAvro(byte[] value) {
        return value != null
                && value.length > 0
                && value[0] == WireFormat.MAGIC
                && !JsonDocuments.isFramedJson(value);
    }
}
