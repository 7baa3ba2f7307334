package io.rankstream.job.decode.avro;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.decode.avro.FieldMeaning.OtherMeaningException;
import io.rankstream.schemas.DeadLetterReason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Reads the fields that are needed out of records of one writer's schema, and skips the others.
 * Immutable.
 */
public final class RecordReader {

    /** Levels of a value that nobody needs; more of them would take the thread's stack. */
    static final int DEEPEST = 500;

    /** A value of several parts, which no field is read for. */
    private static final Object PARTS = new Object();

    /**
     * A value in a list, a map or a record.
     *
     * @param written its schema, no union
     * @param datum the value, without its logical type
     */
    record Item(Schema written, Object datum) {}

    private final Schema writer;
    private final List<NeededField> needed;
    private final Map<String, NeededField> byName;

    RecordReader(Schema writer, List<NeededField> needed) {
        this.writer = writer;
        this.needed = List.copyOf(needed);
        this.byName =
                needed.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        NeededField::name, Function.identity()));
    }

    /**
     * Reads a record. Whatever is wrong with it is added to {@code problems}; the fields that could
     * be read are there nevertheless, unless the body is broken: then nothing in it is believed.
     */
    public FieldValues read(StrictDecoder in, Problems problems) {
        FieldValues values = new FieldValues();
        try {
            Schema record = branch(writer, in);
            if (record.getType() != Schema.Type.RECORD) {
                add(
                        problems,
                        "it is of type %s, expected a record"
                                .formatted(record.getType().getName()));
                return values;
            }
            findMissing(record, problems);
            boolean isWhole = read(record, in, values, problems);
            if (isWhole && in.remaining() > 0) {
                add(problems, in.remaining() + " bytes follow its end");
                isWhole = false;
            }
            return isWhole ? values : new FieldValues();
        } catch (IOException | RuntimeException e) {
            add(problems, "it %s".formatted(broken(e)));
            return new FieldValues();
        }
    }

    private void findMissing(Schema record, Problems problems) {
        for (NeededField field : needed) {
            if (field.isRequired() && record.getField(field.name()) == null) {
                add(problems, field.wrong("is missing"));
            }
        }
    }

    /** Whether the body went on to its end. */
    private boolean read(Schema record, StrictDecoder in, FieldValues values, Problems problems)
            throws IOException {
        for (Schema.Field written : record.getFields()) {
            NeededField field = byName.get(written.name());
            try {
                if (field == null) {
                    skip(written.schema(), in, 0);
                } else {
                    read(field, branch(written.schema(), in), in, values, problems);
                }
            } catch (IOException | RuntimeException e) {
                // Avro reports broken input by exceptions of many types.
                add(
                        problems,
                        "field '%s' %s"
                                .formatted(Excerpt.printable(written.name(), 100), broken(e)));
                return false;
            }
        }
        return true;
    }

    private static void read(
            NeededField field,
            Schema written,
            StrictDecoder in,
            FieldValues values,
            Problems problems)
            throws IOException {
        Object datum;
        try {
            datum = field.meaning().reads(written) ? whole(written, field, in) : datum(written, in);
        } catch (CharacterCodingException e) {
            add(problems, field.wrong("is not UTF-8"));
            return;
        }
        try {
            if (written.getType() != Schema.Type.NULL) {
                values.put(field, field.meaning().of(written, datum));
            } else if (field.isRequired()) {
                add(problems, field.wrong("is null"));
            }
        } catch (OtherMeaningException e) {
            add(problems, field.wrong(e.getMessage()));
        }
    }

    /** A value with its parts, if it has any. */
    private static Object whole(Schema written, NeededField field, StrictDecoder in)
            throws IOException {
        return switch (written.getType()) {
            case RECORD -> parts(written, field.meaning().parts(), false, in);
            case ARRAY -> items(written, field.meaning().parts(), in);
            case MAP -> entries(written, in);
            default -> datum(written, in);
        };
    }

    private static Object datum(Schema written, StrictDecoder in) throws IOException {
        return switch (written.getType()) {
            case STRING -> in.readString();
            case ENUM -> symbol(written, in);
            case BYTES -> in.readBytes(null).array();
            case FIXED -> in.readFixed(written.getFixedSize());
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> in.readFloat();
            case DOUBLE -> in.readDouble();
            case BOOLEAN -> in.readBoolean();
            case NULL -> null;
            case ARRAY -> items(written, Set.of(), in);
            case RECORD, MAP, UNION -> {
                skip(written, in, 0);
                yield PARTS;
            }
        };
    }

    /**
     * Fields of a record.
     *
     * @param names those that are read: lists of values without parts, and scalars
     * @param inList whether lists are skipped, too
     */
    private static Map<String, Item> parts(
            Schema written, Set<String> names, boolean inList, StrictDecoder in)
            throws IOException {
        Map<String, Item> parts = new HashMap<>();
        for (Schema.Field field : written.getFields()) {
            if (!names.contains(field.name())) {
                skip(field.schema(), in, 1);
                continue;
            }
            Schema part = branch(field.schema(), in);
            if (inList && part.getType() == Schema.Type.ARRAY) {
                skip(part, in, 1);
                parts.put(field.name(), new Item(part, PARTS));
            } else {
                parts.put(field.name(), new Item(part, datum(part, in)));
            }
        }
        return parts;
    }

    /**
     * Values of a list.
     *
     * @param names fields that are read of records in it
     */
    private static List<Item> items(Schema written, Set<String> names, StrictDecoder in)
            throws IOException {
        List<Item> items = new ArrayList<>();
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (long i = 0; i < left; i++) {
                boolean isRead = items.size() <= Target.Several.MOST_GIVEN;
                items.add(item(written.getElementType(), isRead ? names : Set.of(), in));
            }
        }
        return items;
    }

    private static Map<String, Item> entries(Schema written, StrictDecoder in) throws IOException {
        Map<String, Item> entries = new LinkedHashMap<>();
        for (long left = in.readMapStart(); left > 0; left = in.mapNext()) {
            for (long i = 0; i < left; i++) {
                entries.put(in.readString(), item(written.getValueType(), Set.of(), in));
            }
        }
        return entries;
    }

    private static Item item(Schema written, Set<String> names, StrictDecoder in)
            throws IOException {
        Schema item = branch(written, in);
        if (item.getType() == Schema.Type.ARRAY) {
            skip(item, in, 0);
            return new Item(item, PARTS);
        }
        return item.getType() == Schema.Type.RECORD && !names.isEmpty()
                ? new Item(item, parts(item, names, true, in))
                : new Item(item, datum(item, in));
    }

    private static String symbol(Schema written, StrictDecoder in) throws IOException {
        int index = in.readEnum();
        List<String> symbols = written.getEnumSymbols();
        if (index < 0 || index >= symbols.size()) {
            throw new AvroRuntimeException(
                    "symbol %d of an enum that has %d".formatted(index, symbols.size()));
        }
        return symbols.get(index);
    }

    /** The schema of what comes next: {@code written}, or one of its branches. */
    private static Schema branch(Schema written, StrictDecoder in) throws IOException {
        if (written.getType() != Schema.Type.UNION) {
            return written;
        }
        int index = in.readIndex();
        List<Schema> branches = written.getTypes();
        if (index < 0 || index >= branches.size()) {
            throw new AvroRuntimeException(
                    "branch %d of a union that has %d".formatted(index, branches.size()));
        }
        return branches.get(index);
    }

    /**
     * Goes behind a value.
     *
     * @param level how many values it is in
     */
    static void skip(Schema written, StrictDecoder in, int level) throws IOException {
        if (level > DEEPEST) {
            throw new AvroRuntimeException("more than %d levels".formatted(DEEPEST));
        }
        int before = in.remaining();
        skipParts(written, in, level);
        if (in.remaining() == before) {
            in.countEmpty();
        }
    }

    private static void skipParts(Schema written, StrictDecoder in, int level) throws IOException {
        Schema schema = branch(written, in);
        switch (schema.getType()) {
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    skip(field.schema(), in, level + 1);
                }
            }
            case ARRAY -> {
                for (long left = in.skipArray(); left > 0; left = in.skipArray()) {
                    for (long i = 0; i < left; i++) {
                        skip(schema.getElementType(), in, level + 1);
                    }
                }
            }
            case MAP -> {
                for (long left = in.skipMap(); left > 0; left = in.skipMap()) {
                    for (long i = 0; i < left; i++) {
                        in.skipString();
                        skip(schema.getValueType(), in, level + 1);
                    }
                }
            }
            case STRING -> in.skipString();
            case BYTES -> in.skipBytes();
            case FIXED -> in.skipFixed(schema.getFixedSize());
            default -> datum(schema, in);
        }
    }

    private static String broken(Exception e) {
        return "cannot be read: "
                + (e instanceof EOFException && e.getMessage() == null
                        ? "the body ends in it"
                        : Excerpt.printable(String.valueOf(e.getMessage()), 200));
    }

    private static void add(Problems problems, String what) {
        problems.add(DeadLetterReason.UNDECODABLE, what);
    }
}
