package io.rankstream.job.config.option;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A value of the file.
 *
 * @param path names of the mappings above it and its own; each may hold dots itself
 * @param written texts as they stand in the file: one for a scalar, none for an empty value
 * @param texts the same with environment variables put in; none when one of them is not set
 * @param isList whether the file has a list
 * @param line line of the file, from 1
 */
public record Entry(
        List<String> path, List<String> written, List<String> texts, boolean isList, int line) {

    /** Characters of a value that a message repeats. */
    private static final int MOST_SHOWN = 300;

    public Entry {
        path = List.copyOf(path);
        written = List.copyOf(written);
        texts = List.copyOf(texts);
    }

    public Entry(List<String> path, List<String> written, boolean isList, int line) {
        this(path, written, written, isList, line);
    }

    Entry withTexts(List<String> replaced) {
        return new Entry(path, written, replaced, isList, line);
    }

    /** Full key, dotted. */
    public String key() {
        return String.join(".", path);
    }

    /** Whether the key stands there without a value, or with an empty mapping. */
    public boolean isEmpty() {
        return written.isEmpty() && !isList;
    }

    /** Whether an environment variable is missing, which has been reported. */
    public boolean isUnresolved() {
        return texts.isEmpty() && !written.isEmpty();
    }

    /** Whether an environment variable is part of the value. */
    public boolean isSubstituted() {
        return !written.equals(texts);
    }

    /**
     * The value as text for a message: as written, so without any variable's content, and without
     * secrets that its key or its form tells.
     */
    public String shown() {
        return shown(text -> Secrets.redact(key(), text));
    }

    /**
     * The value as text for a message, as written.
     *
     * @param redaction leaves out what is secret of a text
     */
    public String shown(UnaryOperator<String> redaction) {
        if (isEmpty()) {
            return "empty";
        }
        List<String> texts = written.stream().map(redaction).toList();
        String safe = isList ? "[" + String.join(", ", texts) + "]" : "'" + texts.get(0) + "'";
        String cut = safe.length() <= MOST_SHOWN ? safe : safe.substring(0, MOST_SHOWN) + "…'";
        return cut.replaceAll("\\p{C}|\\p{Zl}|\\p{Zp}", "\uFFFD");
    }
}
