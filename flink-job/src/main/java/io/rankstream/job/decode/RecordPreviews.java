package io.rankstream.job.decode;

import static io.rankstream.job.decode.avro.FieldMeaning.TARGET;
import static io.rankstream.job.decode.avro.FieldMeaning.TEXT;
import static io.rankstream.job.decode.avro.FieldMeaning.WHOLE_NUMBER;

import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.decode.avro.FieldValues;
import io.rankstream.job.decode.avro.NeededField;
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
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads as much as can be read of refused records, the beginning of a document that breaks off
 * included, to recognise them by: of examples and inputs id and text, of votes who says what of
 * which input, of commands id and action. Confined to one thread.
 */
public final class RecordPreviews {

    private static final String EXAMPLE_ID = "exampleId";

    private static final List<NeededField> OF_TEXTS =
            List.of(NeededField.optional(EXAMPLE_ID, TEXT), NeededField.optional("text", TEXT));

    private static final List<NeededField> OF_VOTES =
            List.of(
                    NeededField.optional(EXAMPLE_ID, TEXT),
                    NeededField.optional("labelId", TEXT),
                    NeededField.optional("revision", WHOLE_NUMBER),
                    NeededField.optional("annotator", TEXT),
                    NeededField.optional("kind", TEXT),
                    NeededField.optional("label", TARGET));

    private static final List<NeededField> OF_COMMANDS =
            List.of(NeededField.optional("commandId", TEXT), NeededField.optional("action", TEXT));

    private final InputFormat format;
    private final TopicNames topics;
    private final JsonDocuments documents;
    private final Map<List<NeededField>, ValueReaders> readers;

    public RecordPreviews(InputSettings input, TopicNames topics, SchemaRegistry registry) {
        this.format = input.format();
        this.topics = topics;
        this.documents = JsonDocuments.ofInputs(input.mapping());
        this.readers =
                List.of(OF_TEXTS, OF_VOTES, OF_COMMANDS).stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        fields -> fields,
                                        fields ->
                                                new ValueReaders(
                                                        fields,
                                                        registry::schema,
                                                        Duration.ZERO,
                                                        RetryClock.RealTime.CLOCK)));
    }

    /**
     * Values of {@code raw} by the names of their fields, whatever it is.
     *
     * @throws RegistryException if the registry does not answer
     */
    public Map<String, String> of(RawRecord raw) throws RegistryException {
        if (raw.value() == null) {
            return Map.of();
        }
        List<NeededField> fields = fields(raw.topic());
        boolean isJson =
                format == InputFormat.JSON
                        && fields.equals(OF_TEXTS)
                        && !JsonOrAvroDecoder.isAvro(raw.value());
        try {
            return isJson ? ofJson(raw) : ofAvro(raw, fields);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException("interrupted while asking the registry", e);
        }
    }

    private List<NeededField> fields(String topic) {
        if (topic.equals(topics.of(Topic.LABELS))) {
            return OF_VOTES;
        }
        return topic.equals(topics.of(Topic.CONTROL_COMMANDS)) ? OF_COMMANDS : OF_TEXTS;
    }

    private Map<String, String> ofJson(RawRecord raw) {
        MappedJson read = documents.read(raw.value(), JsonExampleDecoder.place(raw));
        Map<String, String> shown = new LinkedHashMap<>();
        for (ExampleField field : List.of(ExampleField.EXAMPLE_ID, ExampleField.TEXT)) {
            put(field.key(), read.get(field), shown);
        }
        return shown;
    }

    private Map<String, String> ofAvro(RawRecord raw, List<NeededField> fields)
            throws RegistryException, InterruptedException {
        if (!(Frame.of(raw) instanceof Frame.Framed frame)
                || (frame.schema() instanceof SchemaKey.Id named && named.id() < 0)) {
            return Map.of();
        }
        try {
            FieldValues read =
                    readers.get(fields)
                            .reader(frame.schema())
                            .read(StrictDecoder.of(raw.value(), frame.bodyStart()), new Problems());
            Map<String, String> shown = new LinkedHashMap<>();
            for (NeededField field : fields) {
                put(field.name(), shown(field, read), shown);
            }
            return shown;
        } catch (UnknownSchemaException e) {
            return Map.of();
        }
    }

    private static String shown(NeededField field, FieldValues read) {
        if (field.meaning() == WHOLE_NUMBER) {
            Long number = read.number(field.name());
            return number == null ? null : number.toString();
        }
        if (field.meaning() == TARGET) {
            return read.target(field.name()) == null ? null : read.target(field.name()).shown();
        }
        return read.text(field.name());
    }

    private static void put(String name, String value, Map<String, String> shown) {
        if (value != null) {
            shown.put(name, value);
        }
    }
}
