package io.rankstream.job.source;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Resolver;
import org.apache.avro.Resolver.Action;
import org.apache.avro.Resolver.ErrorAction;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * How values that others wrote are read as ours: by Avro's resolution of schemas, whatever the name
 * of their record.
 */
public final class SchemaResolution {

    private SchemaResolution() {}

    /**
     * Reader of values that were written with {@code writer}; it fails on the first value that has
     * no meaning as a {@code type}.
     */
    static <V extends SpecificRecord> DatumReader<V> reader(Class<V> type, Schema writer) {
        SpecificDatumReader<V> reader = new SpecificDatumReader<>(type);
        reader.setSchema(writer);
        return reader;
    }

    /**
     * Why no value that is written with {@code writer} can be read as a {@code type}: all there is
     * to say, in one line. Empty if some can.
     */
    public static Optional<String> obstacle(Class<? extends SpecificRecord> type, Schema writer) {
        SpecificData data = SpecificData.getForClass(type);
        try {
            List<String> obstacles =
                    obstacles("", Resolver.resolve(writer, data.getSchema(type), data)).toList();
            return obstacles.isEmpty()
                    ? Optional.empty()
                    : Optional.of(String.join(", ", obstacles));
        } catch (AvroRuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Stream<String> obstacles(String field, Action action) {
        if (action instanceof ErrorAction error) {
            return Stream.of(sentence(field, error));
        }
        if (action instanceof Resolver.RecordAdjust fields) {
            List<Schema.Field> written = fields.writer.getFields();
            return IntStream.range(0, written.size())
                    .boxed()
                    .flatMap(i -> obstacles(written.get(i).name(), fields.fieldActions[i]));
        }
        if (action instanceof Resolver.ReaderUnion union) {
            return obstacles(field, union.actualAction);
        }
        if (action instanceof Resolver.WriterUnion union) {
            List<List<String>> branches =
                    Stream.of(union.actions)
                            .map(branch -> obstacles(field, branch).toList())
                            .toList();
            return branches.stream().anyMatch(List::isEmpty)
                    ? Stream.empty()
                    : branches.stream().flatMap(List::stream);
        }
        return Stream.empty();
    }

    private static String sentence(String field, ErrorAction error) {
        if (error.error == ErrorAction.ErrorType.MISSING_REQUIRED_FIELD) {
            return "it lacks "
                    + error.reader.getFields().stream()
                            .filter(each -> each.defaultVal() == null)
                            .map(Schema.Field::name)
                            .filter(name -> error.writer.getField(name) == null)
                            .collect(Collectors.joining(", "));
        }
        String what = field.isEmpty() ? "it" : "its field " + field;
        return "%s is a %s, expected a %s"
                .formatted(what, error.writer.getFullName(), error.reader.getFullName());
    }
}
