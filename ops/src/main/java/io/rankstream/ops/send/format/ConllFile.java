package io.rankstream.ops.send.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.VisibleText;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import io.rankstream.ops.send.format.ConllLines.Line;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A word a line in the first column and its tag in the last one, and blank lines between sentences.
 * A tag is O, or B- or I- and a kind of entity. I- after a word of another kind begins an entity,
 * so that IOB1, which CoNLL-2003 was distributed in, and IOB2 are read alike.
 */
final class ConllFile implements RecordFile {

    private static final String OUTSIDE = "O";
    private static final String BEGIN = "B-";
    private static final String INSIDE = "I-";

    private static final String EXPECTED =
            "a word and its tag in each line, and a blank line after each sentence";

    private static final int MOST_SHOWN = 60;

    private final ConllLines lines;
    private final Documents documents;

    /** The next line, read already. */
    private Optional<Line> ahead;

    private ConllFile(ConllLines lines, Documents documents, Optional<Line> first) {
        this.lines = lines;
        this.documents = documents;
        this.ahead = first;
    }

    static RecordFile open(String file, BufferedInputStream bytes, SentAs as) throws IOException {
        ConllLines lines = new ConllLines(file, bytes);
        Optional<Line> first = lines.next();
        if (first.isEmpty()) {
            throw new RecordFileException(
                    "%s has no sentence, expected %s".formatted(file, EXPECTED));
        }
        return new ConllFile(lines, new Documents(file, as), first);
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        while (ahead.isPresent()) {
            if (ahead.get() instanceof Line.BetweenDocuments) {
                ahead = lines.next();
                continue;
            }
            Sentence sentence = new Sentence(ahead.get().number());
            long end = ahead.get().number();
            while (ahead.isPresent()
                    && ahead.get().number() <= end + 1
                    && sentence.takes(ahead.get())) {
                end = ahead.get().number();
                ahead = lines.next();
            }
            return Optional.of(sentence.record(documents.next()));
        }
        return Optional.empty();
    }

    @Override
    public String expected() {
        return EXPECTED;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /**
     * An entity.
     *
     * @param line that of its first word
     * @param start in the text, in code points
     */
    private record Found(long line, int start, int end, String kind) {}

    /** Lines without a blank one between them. */
    private final class Sentence {

        private final long line;
        private final StringBuilder text = new StringBuilder();
        private final List<Found> entities = new ArrayList<>();

        /** Characters of the text. */
        private int length;

        /** Columns of its lines; 0 before the first. */
        private int columns;

        /** Kind of the last word's entity. */
        private Optional<String> kind = Optional.empty();

        private Optional<String> fault = Optional.empty();

        Sentence(long line) {
            this.line = line;
        }

        /** Takes a line in; false if it is none of a sentence. */
        boolean takes(Line next) {
            if (next instanceof Line.Word word) {
                add(word);
            } else if (next instanceof Line.Broken broken) {
                refuse(broken.number(), broken.reason());
            }
            return !(next instanceof Line.BetweenDocuments);
        }

        private void add(Line.Word word) {
            int count = word.columns().size();
            if (documents.labeled() && count < 2) {
                refuse(
                        word.number(),
                        "has one column, expected a word and its tag%s; --unlabeled sends words as an input to predict"
                                .formatted(
                                        lines.hasTabs()
                                                ? " with a tab between them, as lines before have"
                                                : ""));
                return;
            }
            if (columns > 0 && count != columns) {
                refuse(
                        word.number(),
                        "has %s, and the lines before it %d: expected as many in each line of a sentence, with tabs between them where words have blanks"
                                .formatted(Amount.of(count, "column"), columns));
                return;
            }
            columns = count;
            if (length > 0) {
                text.append(' ');
                length++;
            }
            int start = length;
            String first = word.columns().get(0);
            text.append(first);
            length += first.codePointCount(0, first.length());
            if (documents.labeled()) {
                tag(word.number(), start, word.columns().get(count - 1));
            }
        }

        private void tag(long at, int start, String tag) {
            boolean begins = tag.startsWith(BEGIN);
            boolean isInEntity = (begins || tag.startsWith(INSIDE)) && tag.length() > 2;
            if (!isInEntity && !tag.equals(OUTSIDE)) {
                refuse(
                        at,
                        "has the tag %s, expected O, or B- or I- and a kind of entity, such as B-PER"
                                .formatted(Excerpt.of(tag)));
                return;
            }
            Optional<String> found = isInEntity ? Optional.of(tag.substring(2)) : Optional.empty();
            if (found.isPresent() && found.equals(kind) && !begins) {
                Found last = entities.remove(entities.size() - 1);
                entities.add(new Found(last.line(), last.start(), length, last.kind()));
            } else if (found.isPresent()) {
                entities.add(new Found(at, start, length, found.get()));
            }
            kind = found;
        }

        private void refuse(long at, String reason) {
            if (fault.isEmpty()) {
                fault = Optional.of("its line %,d %s".formatted(at, reason));
            }
        }

        SourceRecord record(ObjectNode document) {
            refuseWhatCannotBeSeen();
            if (fault.isPresent()) {
                return new Unreadable(line, fault.get());
            }
            document.put(ExampleField.TEXT.key(), text.toString());
            if (documents.labeled()) {
                ArrayNode all = document.putArray(ExampleField.LABEL.key());
                entities.forEach(
                        entity ->
                                all.addObject()
                                        .put("start", entity.start())
                                        .put("end", entity.end())
                                        .put("label", entity.kind()));
            }
            return new Document(line, document.toString().getBytes(StandardCharsets.UTF_8));
        }

        /** A word of blanks, or of marks without a shape, stays in its place beside others. */
        private void refuseWhatCannotBeSeen() {
            if (!VisibleText.isIn(text.toString())) {
                refuse(
                        line,
                        "begins a sentence without a character that can be seen, expected words");
                return;
            }
            int[] characters = text.codePoints().toArray();
            for (Found entity : entities) {
                String words =
                        new String(characters, entity.start(), entity.end() - entity.start());
                if (!VisibleText.isIn(words)) {
                    refuse(
                            entity.line(),
                            "begins an entity %s without a character that can be seen, %s: expected a word"
                                    .formatted(entity.kind(), codes(words)));
                }
            }
        }

        private static String codes(String characters) {
            return Excerpt.printable(
                    characters
                            .codePoints()
                            .mapToObj("U+%04X"::formatted)
                            .collect(Collectors.joining(" ")),
                    MOST_SHOWN);
        }
    }
}
