package io.rankstream.ops.send.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A word a line in the first column and its tag in the last one, with blanks or tabs between
 * columns, and blank lines between sentences. A tag is O, or B- or I- and a kind of entity. I-
 * after a word of another kind begins an entity, so that IOB1, which CoNLL-2003 was distributed in,
 * and IOB2 are read alike.
 */
final class ConllFile implements RecordFile {

    /** First word of a line between documents. */
    private static final String BETWEEN_DOCUMENTS = "-DOCSTART-";

    private static final String OUTSIDE = "O";
    private static final String BEGIN = "B-";
    private static final String INSIDE = "I-";

    private final RecordFile lines;
    private final Documents documents;

    /** The next line, read already. */
    private Optional<SourceRecord> ahead;

    private ConllFile(RecordFile lines, Documents documents, Optional<SourceRecord> first) {
        this.lines = lines;
        this.documents = documents;
        this.ahead = first;
    }

    static RecordFile open(String file, InputStream bytes, SentAs as) throws IOException {
        RecordFile lines = RecordFile.eachLine(file, bytes);
        Optional<SourceRecord> first = lines.next();
        if (first.isEmpty()) {
            throw new RecordFileException(
                    "%s has no sentence, expected a word and its tag in each line, and a blank line after each sentence"
                            .formatted(file));
        }
        return new ConllFile(lines, new Documents(file, as), first);
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        while (ahead.isPresent()) {
            Sentence sentence = new Sentence(ahead.get().line());
            long line = ahead.get().line();
            while (ahead.isPresent() && ahead.get().line() <= line + 1) {
                line = ahead.get().line();
                sentence.add(ahead.get());
                ahead = lines.next();
            }
            if (!sentence.isEmpty()) {
                return Optional.of(sentence.record(documents.next()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** Lines without a blank one between them. */
    private final class Sentence {

        private final long line;
        private final StringBuilder text = new StringBuilder();
        private final ArrayNode entities = JsonNodeFactory.instance.arrayNode();

        /** Characters of the text. */
        private int length;

        /** Kind of the last word's entity. */
        private Optional<String> kind = Optional.empty();

        private Optional<String> fault = Optional.empty();

        Sentence(long line) {
            this.line = line;
        }

        void add(SourceRecord source) {
            if (!(source instanceof Document document)) {
                refuse(source.line(), ((Unreadable) source).reason());
                return;
            }
            String[] columns;
            try {
                columns =
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(document.json()))
                                .toString()
                                .strip()
                                .split("[ \t]+");
            } catch (CharacterCodingException e) {
                refuse(source.line(), "is not UTF-8 text, expected that");
                return;
            }
            if (columns[0].equals(BETWEEN_DOCUMENTS)) {
                return;
            }
            if (documents.labeled() && columns.length < 2) {
                refuse(
                        source.line(),
                        "has one column, expected a word and its tag; --unlabeled sends words as an input to predict");
                return;
            }
            if (length > 0) {
                text.append(' ');
                length++;
            }
            int start = length;
            text.append(columns[0]);
            length += columns[0].codePointCount(0, columns[0].length());
            if (documents.labeled()) {
                tag(source.line(), start, columns[columns.length - 1]);
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
                ((ObjectNode) entities.get(entities.size() - 1)).put("end", length);
            } else if (found.isPresent()) {
                entities.addObject()
                        .put("start", start)
                        .put("end", length)
                        .put("label", found.get());
            }
            kind = found;
        }

        private void refuse(long at, String reason) {
            if (fault.isEmpty()) {
                fault = Optional.of("its line %,d %s".formatted(at, reason));
            }
        }

        boolean isEmpty() {
            return length == 0 && fault.isEmpty();
        }

        SourceRecord record(ObjectNode document) {
            if (fault.isPresent()) {
                return new Unreadable(line, fault.get());
            }
            document.put(ExampleField.TEXT.key(), text.toString());
            if (documents.labeled()) {
                document.set(ExampleField.LABEL.key(), entities);
            }
            return new Document(line, document.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
