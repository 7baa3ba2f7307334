package io.rankstream.ops.send;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.ops.send.SourceRecord.Document;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/** One object a line, or one array of objects. */
final class JsonFile {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonFile() {}

    static RecordFile open(String file, BufferedInputStream bytes) throws IOException {
        return firstVisible(bytes) == '['
                ? new ArrayElements(file, JSON.createParser(bytes))
                : new LineFile(file, bytes, String::isBlank);
    }

    /** First byte that is no white space, as far as the buffer can look ahead. */
    static int firstVisible(BufferedInputStream bytes) throws IOException {
        int most = 1 << 12;
        bytes.mark(most);
        int next = bytes.read();
        for (int i = 1; i < most && next >= 0 && Character.isWhitespace(next); i++) {
            next = bytes.read();
        }
        bytes.reset();
        return next;
    }

    /** After a syntax error, nobody knows where the next element begins. */
    private static final class ArrayElements implements RecordFile {

        private final String file;
        private final JsonParser parser;
        private long elements;

        ArrayElements(String file, JsonParser parser) throws IOException {
            this.file = file;
            this.parser = parser;
            parser.nextToken();
        }

        @Override
        public Optional<SourceRecord> next() throws IOException {
            try {
                JsonToken token = parser.nextToken();
                if (token == JsonToken.END_ARRAY || token == null) {
                    requireEnd();
                    return Optional.empty();
                }
                long line = parser.currentTokenLocation().getLineNr();
                elements++;
                return Optional.of(
                        new Document(
                                line,
                                "element %,d at line %,d".formatted(elements, line),
                                element()));
            } catch (JsonProcessingException e) {
                throw new RecordFileException(
                        "%s: the array cannot be read to its end%s"
                                .formatted(file, JsonFault.of(e)),
                        e);
            }
        }

        /** As it is written: digits, and fields that are there twice, included. */
        private byte[] element() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (JsonGenerator copy = JSON.createGenerator(bytes)) {
                int open = 0;
                do {
                    JsonToken token = open == 0 ? parser.currentToken() : parser.nextToken();
                    if (token.isStructStart()) {
                        open++;
                    } else if (token.isStructEnd()) {
                        open--;
                    }
                    if (token.isNumeric()) {
                        copy.writeNumber(parser.getText());
                    } else {
                        copy.copyCurrentEvent(parser);
                    }
                } while (open > 0);
            }
            return bytes.toByteArray();
        }

        private void requireEnd() throws IOException {
            if (parser.nextToken() != null) {
                throw new RecordFileException(
                        "%s, line %d: there is more after the end of the array"
                                .formatted(file, parser.currentTokenLocation().getLineNr()));
            }
        }

        @Override
        public String expected() {
            return "objects in its array";
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }
}
