package io.rankstream.job.decode;

import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.decode.avro.FieldValues;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.decode.avro.RetryClock;
import io.rankstream.job.decode.avro.StrictDecoder;
import io.rankstream.job.decode.avro.ValueReaders;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.job.mapping.JsonDocuments;
import io.rankstream.job.mapping.MappedJson;
import io.rankstream.job.record.Frame;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaKey;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.UnknownSchemaException;
import java.time.Duration;

/**
 * Reads as much as can be read of refused examples, the beginning of one that breaks off included.
 * Confined to one thread.
 */
public final class ExamplePreviews {

    private final InputFormat format;
    private final JsonDocuments documents;
    private final ValueReaders readers;

    public ExamplePreviews(InputSettings input, SchemaRegistry registry) {
        this.format = input.format();
        this.documents = new JsonDocuments(input.mapping());
        this.readers =
                new ValueReaders(
                        ExampleDecoder.FIELDS,
                        registry::schema,
                        Duration.ZERO,
                        RetryClock.RealTime.CLOCK);
    }

    /**
     * What {@code raw} has of an example, whatever it is.
     *
     * @throws RegistryException if the registry does not answer
     */
    public ExamplePreview of(RawRecord raw) throws RegistryException {
        if (raw.value() == null) {
            return ExamplePreview.NOTHING;
        }
        try {
            return format == InputFormat.JSON && !JsonOrAvroDecoder.isAvro(raw.value())
                    ? ofJson(raw)
                    : ofAvro(raw);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException("interrupted while asking the registry", e);
        }
    }

    private ExamplePreview ofJson(RawRecord raw) {
        MappedJson read = documents.read(raw.value(), JsonExampleDecoder.place(raw));
        return new ExamplePreview(read.get(ExampleField.EXAMPLE_ID), read.get(ExampleField.TEXT));
    }

    private ExamplePreview ofAvro(RawRecord raw) throws RegistryException, InterruptedException {
        if (!(Frame.of(raw) instanceof Frame.Framed frame)
                || (frame.schema() instanceof SchemaKey.Id named && named.id() < 0)) {
            return ExamplePreview.NOTHING;
        }
        try {
            FieldValues read =
                    readers.reader(frame.schema())
                            .read(StrictDecoder.of(raw.value(), frame.bodyStart()), new Problems());
            return new ExamplePreview(read.text("exampleId"), read.text("text"));
        } catch (UnknownSchemaException e) {
            return ExamplePreview.NOTHING;
        }
    }
}
