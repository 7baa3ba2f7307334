package io.rankstream.ops.send;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFileTest {

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}\n{\"a\":2}\n",
                "{\"a\":1}\n\n  \n{\"a\":2}",
                "{\"a\":1}\r{\"a\":2}\r",
                "{\"a\":1}\r\n\r\n{\"a\":2}",
                "[{\"a\": 1}, {\"a\": 2}]",
                "  \n[\n  {\n\"a\": 1\n},\n\n{\"a\": 2}\n]\n"
            })
    void jsonIsReadWhetherInLinesOrInAnArray(String text) throws Exception {
        assertThat(json(text.getBytes(UTF_8))).containsExactly("{\"a\":1}", "{\"a\":2}");
    }

    @Test
    void aPackedFileWithAMarkIsReadAsAnyOther() throws Exception {
        Path file = folder.resolve("packed");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(MARK);
            out.write("{\"a\": 1}".getBytes(UTF_8));
        }

        try (RecordFile records = RecordFile.json(file.toString())) {
            assertThat(all(records)).hasSize(1).allMatch(Document.class::isInstance);
        }
    }

    /** With and without a mark, in whatever order the bytes of a character are. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-16LE",
                "UTF-16BE",
                "UTF-32LE",
                "UTF-32BE",
                "marked 16LE",
                "marked 16BE",
                "marked 32LE",
                "marked 32BE"
            })
    void aFileInWideUnitsIsToldByItsEncodingInEveryFormat(String encoding) throws Exception {
        boolean isMarked = encoding.startsWith("marked");
        String name = "UTF-" + encoding.substring(encoding.length() - 4);
        for (String text :
                List.of(
                        "{\"a\": 1}",
                        "[1]",
                        "\n{}",
                        "id,label\n1,x\n",
                        "\u00e9t\u00e9,a\n",
                        "\u4e2da O\n")) {
            String file =
                    write(((isMarked ? "\uFEFF" : "") + text).getBytes(Charset.forName(name)))
                            .toString();
            for (Callable<RecordFile> opening :
                    List.<Callable<RecordFile>>of(
                            () -> RecordFile.json(file),
                            () -> RecordFile.csv(file),
                            () -> RecordFile.of(file, bytes -> RecordFile.json(file, bytes)))) {
                assertThatThrownBy(opening::call)
                        .isInstanceOf(RecordFileException.class)
                        .hasMessage(
                                "%s looks like text in %s, expected UTF-8: convert it, with iconv -f %s -t UTF-8, or by saving it anew",
                                file, name, name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "\u4e2d\u6587", "\u00e9", "\ud83d\ude00"})
    void aShortFileInUtf8IsNone(String text) throws Exception {
        try (RecordFile records = RecordFile.json(write(text.getBytes(UTF_8)).toString())) {
            assertThat(all(records)).hasSize(text.equals("[]") ? 0 : 1);
        }
    }

    @Test
    void linesKeepTheirBytesWhateverTheyAre() throws Exception {
        byte[] noise = {'{', (byte) 0xff, 0, '}'};
        Path file =
                write(new byte[] {'1', '\n', ' ', '\n', noise[0], noise[1], noise[2], noise[3]});
        try (RecordFile records = RecordFile.json(file.toString())) {
            List<SourceRecord> all = all(records);

            assertThat(all).extracting(SourceRecord::line).containsExactly(1L, 3L);
            assertThat(((Document) all.get(1)).json()).isEqualTo(noise);
        }
    }

    @Test
    void eachEndOfALineCountsOnce() throws Exception {
        try (RecordFile records =
                RecordFile.json(
                        write("1\r2\r\r3\r\n4\n\r5\n\n6\r\n\r\n7".getBytes(UTF_8)).toString())) {
            assertThat(all(records))
                    .extracting(record -> record.line() + ":" + text(record))
                    .containsExactly("1:1", "2:2", "4:3", "5:4", "7:5", "9:6", "11:7");
        }
    }

    @Test
    void anElementOfAnArrayIsFoundByItsNumber() throws Exception {
        try (RecordFile records = RecordFile.json(write("[1, 2,\n3]".getBytes(UTF_8)).toString())) {
            assertThat(all(records))
                    .extracting(SourceRecord::place)
                    .containsExactly(
                            "element 1 at line 1", "element 2 at line 1", "element 3 at line 2");
        }
    }

    @Test
    void aLineWithoutEndIsNotKept() throws Exception {
        byte[] text = new byte[LineFile.LARGEST_LINE + 3];
        Arrays.fill(text, (byte) 'x');
        text[LineFile.LARGEST_LINE + 1] = '\n';
        try (RecordFile records = RecordFile.json(write(text).toString())) {
            List<SourceRecord> all = all(records);

            assertThat(all).extracting(SourceRecord::line).containsExactly(1L, 2L);
            assertThat(all.get(0)).isInstanceOf(Unreadable.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"a\": 1}, nonsense]",
                "[{\"a\": 1}",
                "[{\"a\": 1}] 2",
                "[{\"a\": 1} {}]"
            })
    void aBrokenArrayIsToldWithItsLine(String text) throws Exception {
        assertThatThrownBy(() -> json(text.getBytes(UTF_8)))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void rowsOfCsvAreObjectsWithTheColumnsAsFields() throws Exception {
        String text = "id,text,label\n1,\"a, \"\"b\"\"\nc\",x\n2,,y\n\n3,d,z\n";

        assertThat(csv(text.getBytes(UTF_8)))
                .containsExactly(
                        "2 {\"id\":\"1\",\"text\":\"a, \\\"b\\\"\\nc\",\"label\":\"x\"}",
                        "4 {\"id\":\"2\",\"label\":\"y\"}",
                        "6 {\"id\":\"3\",\"text\":\"d\",\"label\":\"z\"}");
    }

    @Test
    void aRowOfAnotherLengthLeavesTheOthersWhole() throws Exception {
        assertThat(csv("id,text\n1\n2,b\n3,c,d\n".getBytes(UTF_8)))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith("2 it has 1 cell, expected 2"),
                        row -> assertThat(row).isEqualTo("3 {\"id\":\"2\",\"text\":\"b\"}"),
                        row -> assertThat(row).startsWith("4 it has 3 cells, expected 2"));
    }

    @Test
    void whatIsNoTableIsToldInASentence() {
        assertThatThrownBy(() -> csv(new byte[0]))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("is empty, expected a first line that names the columns");
        assertThatThrownBy(() -> csv("a,a\n1,2\n".getBytes(UTF_8)))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("two columns have the same name");
        assertThatThrownBy(() -> csv(new byte[] {'a', '\n', (byte) 0xff, '\n'}))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a,b;1,2;"3"x,4;5,6   | from line 3 on: found 'x' behind a closing quote, expected a comma
                    a,b;1,"2;3,4;5,6     | from line 2 on: a cell begins with a quote that nothing closes
                    "a;b                 | from line 1 on: a cell begins with a quote that nothing closes
                    a,b;1,2;"            | from line 3 on: a cell begins with a quote that nothing closes
                    a,b;1,2;x\u00ff,3;4,5 | from line 3 on: it is not UTF-8 text
                    a,b;"1;2",\u00ff     | from line 3 on: it is not UTF-8 text
                    """)
    void aFaultOfCsvIsToldWithItsLineAndWhatWasExpected(String text, String sentence) {
        byte[] bytes = text.replace("\\u00ff", "\u00ff").replace(';', '\n').getBytes(ISO_8859_1);

        assertThatThrownBy(() -> csv(bytes))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining("expected")
                .message()
                .doesNotContain("\n")
                .doesNotContain(INTERNALS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void theLineOfAFaultIsCountedByEveryEndOfALine(String end) {
        byte[] bytes = String.join(end, "a,b", "1,2", "\u00ff,3").getBytes(ISO_8859_1);

        assertThatThrownBy(() -> csv(bytes)).hasMessageContaining("from line 3 on");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '=',
            value = {
                "exampleId;adapterId;text;label = semicolon-separated",
                "exampleId>adapterId>text>label = tab-separated",
                "exampleId|text = separated by bars"
            })
    void aTableWithoutCommasIsToldByWhatItLooksLike(String header, String form) {
        byte[] bytes = (header.replace('>', '\t') + "\n1\n").getBytes(UTF_8);

        assertThatThrownBy(() -> csv(bytes))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining(
                        "its first line looks %s, expected commas between columns".formatted(form));
    }

    /** Words of the parsers, which no user knows. */
    private static final List<String> INTERNALS =
            List.of(
                    "code ",
                    "Csv",
                    "Json",
                    "JSON value",
                    "token",
                    "Exception",
                    "START_",
                    "column:");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"a\": \"\u00ff\"}]",
                "[{\"a\": 01}]",
                "[{\"a\": NaN}]",
                "[{a: 1}]",
                "[{'a': 1}]",
                "[{\"a\": \"\\q\"}]",
                "[{\"a\" 1}]",
                "[{\"a\": 1",
                "[{\"a\": \"1",
                "[{\"a\": 1}]]",
                "[/* no */]"
            })
    void aFaultOfJsonIsToldWithItsLineAndWithoutWordsOfTheParser(String text) {
        assertThatThrownBy(() -> json(text.getBytes(ISO_8859_1)))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("line 1")
                .message()
                .doesNotContain("\n")
                .doesNotContain(INTERNALS);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 40, 100})
    void aPackedFileThatWasCutIsToldInASentence(int left) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 1_000; i++) {
                out.write("{\"a\": %d}\n".formatted(i * i * 7919).getBytes(UTF_8));
            }
        }
        byte[] cut = Arrays.copyOf(packed.toByteArray(), left);

        assertThatThrownBy(() -> json(cut))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("its gzip is damaged or cut");
    }

    @Test
    @Timeout(300)
    void aDeviceWithoutLinesIsGivenUpOn() throws Exception {
        try (RecordFile records = RecordFile.json("/dev/zero")) {
            assertThatThrownBy(records::next)
                    .isInstanceOf(RecordFileException.class)
                    .hasMessageContaining("/dev/zero cannot be read from line 1 on");
        }
        assertThatThrownBy(() -> RecordFile.csv("/dev/zero"))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("a cell is longer than any text");
    }

    @Test
    void aPipeMayBeReadOnPurpose() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Process writer =
                new ProcessBuilder("sh", "-c", "echo '{\"a\": 1}' > '" + pipe + "'").start();

        try (RecordFile records = RecordFile.json(pipe.toString())) {
            assertThat(all(records)).hasSize(1);
        }
        assertThat(writer.waitFor()).isZero();
    }

    @Test
    void aFileThatIsNotThereIsToldInASentence() {
        assertThatThrownBy(() -> RecordFile.json(folder.resolve("none").toString()))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> RecordFile.csv(folder.toString()))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("this is a folder");
    }

    private List<String> json(byte[] content) throws IOException {
        try (RecordFile records = RecordFile.json(write(content).toString())) {
            return all(records).stream().map(RecordFileTest::text).toList();
        }
    }

    private List<String> csv(byte[] content) throws IOException {
        try (RecordFile records = RecordFile.csv(write(content).toString())) {
            return all(records).stream()
                    .map(
                            record ->
                                    record.line()
                                            + " "
                                            + (record instanceof Unreadable unreadable
                                                    ? unreadable.reason()
                                                    : text(record)))
                    .toList();
        }
    }

    private static String text(SourceRecord record) {
        return new String(((Document) record).json(), UTF_8);
    }

    private Path write(byte[] content) throws IOException {
        return Files.write(folder.resolve("file"), content);
    }

    private static List<SourceRecord> all(RecordFile records) throws IOException {
        List<SourceRecord> all = new ArrayList<>();
        for (Optional<SourceRecord> next = records.next();
                next.isPresent();
                next = records.next()) {
            all.add(next.get());
        }
        return all;
    }
}
