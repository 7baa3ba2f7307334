package io.rankstream.job.decode;

import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.RegistryException;

/**
 * Turns records into values. Confined to one thread.
 *
 * @param <T> type of the values
 */
interface RecordDecoder<T> {

    /**
     * Decodes {@code raw}; no content of it makes this fail.
     *
     * @throws RegistryException when the registry stayed unreachable for the outage timeout
     * @throws InterruptedException while waiting for it
     */
    DecodeResult<T> decode(RawRecord raw) throws RegistryException, InterruptedException;
}
