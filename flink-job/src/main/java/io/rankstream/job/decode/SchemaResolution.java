package io.rankstream.job.decode;

import io.rankstream.job.decode.avro.FieldMeaning;
import io.rankstream.job.decode.avro.NeededField;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.UnlabeledInput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** Whether values that others write can be read as ours, whatever the name of their record. */
public final class SchemaResolution {

    private static final Map<Class<? extends SpecificRecord>, List<NeededField>> FIELDS =
            Map.of(
                    LabeledExample.class, ExampleDecoder.FIELDS,
                    ControlCommand.class, CommandDecoder.FIELDS,
                    UnlabeledInput.class, InputDecoder.FIELDS,
                    LabelVote.class, VoteDecoder.FIELDS);

    private SchemaResolution() {}

    /**
     * Why no value that is written with {@code writer} can be read as a {@code type}: all there is
     * to say, in one line. Empty if some can.
     *
     * @param type class of a topic that a job reads
     */
    public static Optional<String> obstacle(Class<? extends SpecificRecord> type, Schema writer) {
        List<Schema> records =
                (writer.getType() == Schema.Type.UNION ? writer.getTypes() : List.of(writer))
                        .stream().filter(each -> each.getType() == Schema.Type.RECORD).toList();
        if (records.isEmpty()) {
            return Optional.of(
                    "it is a %s, expected a record".formatted(writer.getType().getName()));
        }
        List<String> obstacles =
                records.stream().map(record -> obstacle(FIELDS.get(type), record)).toList();
        return obstacles.contains("")
                ? Optional.empty()
                : Optional.of(String.join(", ", obstacles));
    }

    private static String obstacle(List<NeededField> needed, Schema record) {
        String lacking =
                needed.stream()
                        .filter(NeededField::isRequired)
                        .map(NeededField::name)
                        .filter(name -> record.getField(name) == null)
                        .collect(Collectors.joining(", "));
        Stream<String> unreadable =
                needed.stream()
                        .filter(field -> record.getField(field.name()) != null)
                        .filter(field -> !isReadable(field, record.getField(field.name()).schema()))
                        .map(
                                field ->
                                        "its "
                                                + field.wrong(
                                                        "is of "
                                                                + FieldMeaning.typeName(
                                                                        record.getField(
                                                                                        field
                                                                                                .name())
                                                                                .schema())));
        return Stream.concat(
                        lacking.isEmpty() ? Stream.empty() : Stream.of("it lacks " + lacking),
                        unreadable)
                .collect(Collectors.joining(", "));
    }

    /** A field that is not required may always be null. */
    private static boolean isReadable(NeededField field, Schema written) {
        boolean mayBeNull =
                written.getType() == Schema.Type.NULL
                        || (written.getType() == Schema.Type.UNION && written.isNullable());
        return field.meaning().readsSome(written) || (mayBeNull && !field.isRequired());
    }
}
