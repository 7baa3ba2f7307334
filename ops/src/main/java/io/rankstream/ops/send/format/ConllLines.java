package io.rankstream.ops.send.format;

import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The lines of a file of CoNLL's form that are not blank, column by column. A line with a tab has
 * its columns between tabs alone, so that a word may have blanks in it, and one without between
 * blanks; but where the first line with more than one column has tabs, blanks separate none.
 */
final class ConllLines implements Closeable {

    /** First word of a line between documents. */
    private static final String BETWEEN_DOCUMENTS = "-DOCSTART-";

    private final RecordFile lines;

    /** Whether tabs alone are between columns; empty before a line shows it. */
    private Optional<Boolean> hasTabs = Optional.empty();

    /** A line. */
    sealed interface Line {

        /** Its number, from 1. */
        long number();

        /**
         * A word and what is said of it.
         *
         * @param columns at least one, none of which ends with blanks
         */
        record Word(long number, List<String> columns) implements Line {}

        /** What is neither word nor end of a sentence. */
        record BetweenDocuments(long number) implements Line {}

        /** None that can be read. */
        record Broken(long number, String reason) implements Line {}
    }

    ConllLines(String file, BufferedInputStream bytes) {
        this.lines = RecordFile.lines(file, bytes, ConllLines::isBlank);
    }

    /** The next one; empty at the end. */
    Optional<Line> next() throws IOException {
        return lines.next().map(this::line);
    }

    /** Whether tabs alone are between columns, of a line without a tab, too. */
    boolean hasTabs() {
        return hasTabs.orElse(false);
    }

    private Line line(SourceRecord source) {
        if (!(source instanceof Document document)) {
            return new Line.Broken(source.line(), "is too long: " + ((Unreadable) source).reason());
        }
        try {
            return line(
                    source.line(),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(document.json()))
                            .toString());
        } catch (CharacterCodingException e) {
            return new Line.Broken(source.line(), "is not UTF-8 text, expected that");
        }
    }

    private Line line(long number, String text) {
        List<String> byBlanks = Stream.of(text.split("[ \t]")).filter(ConllLines::isThere).toList();
        if (byBlanks.get(0).equals(BETWEEN_DOCUMENTS)) {
            return new Line.BetweenDocuments(number);
        }
        boolean isBetweenTabs = text.indexOf('\t') >= 0 || hasTabs();
        List<String> columns = isBetweenTabs ? betweenTabs(text) : byBlanks;
        if (hasTabs.isEmpty() && columns.size() > 1) {
            hasTabs = Optional.of(isBetweenTabs);
        }
        return columns.get(0).isEmpty()
                ? new Line.Broken(
                        number, "has nothing before its first tab, expected a word in each line")
                : new Line.Word(number, columns);
    }

    /** Tabs at the end are behind the last column. */
    private static List<String> betweenTabs(String text) {
        List<String> columns =
                Arrays.stream(text.split("\t")).map(ConllLines::withoutBlanksAround).toList();
        int end = columns.size();
        while (columns.get(end - 1).isEmpty()) {
            end--;
        }
        return columns.subList(0, end);
    }

    private static String withoutBlanksAround(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == ' ') {
            start++;
        }
        while (start < end && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isThere(String column) {
        return !column.isEmpty();
    }

    /** Any other character that cannot be seen may be a word. */
    private static boolean isBlank(String line) {
        return line.chars().allMatch(character -> character == ' ' || character == '\t');
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
