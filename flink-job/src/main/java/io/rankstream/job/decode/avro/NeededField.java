package io.rankstream.job.decode.avro;

/**
 * A field that a record is read for.
 *
 * @param name its name
 * @param meaning what it is read as
 * @param isRequired whether it must be there and not null
 */
public record NeededField(String name, FieldMeaning meaning, boolean isRequired) {

    public static NeededField required(String name, FieldMeaning meaning) {
        return new NeededField(name, meaning, true);
    }

    public static NeededField optional(String name, FieldMeaning meaning) {
        return new NeededField(name, meaning, false);
    }

    /** What is wrong with it, as a part of a sentence. */
    public String wrong(String found) {
        return "field '%s' %s, expected %s".formatted(name, found, meaning.expected());
    }
}
