package io.rankstream.ops.send.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the form of CoNLL-2003's: {@code ;} is the end of a line. */
class ConllFileTest {

    private static List<SourceRecord> records(String text, boolean labeled) throws IOException {
        return records(text.replace(';', '\n').getBytes(StandardCharsets.UTF_8), labeled);
    }

    private static List<SourceRecord> records(byte[] bytes, boolean labeled) throws IOException {
        List<SourceRecord> records = new ArrayList<>();
        try (RecordFile file =
                FileFormat.of("conll")
                        .read(
                                "data/eng.train",
                                new BufferedInputStream(new ByteArrayInputStream(bytes)),
                                new SentAs("names", labeled))) {
            for (Optional<SourceRecord> next = file.next(); next.isPresent(); next = file.next()) {
                records.add(next.get());
            }
        }
        return records;
    }

    private static String json(SourceRecord record) {
        return new String(((Document) record).json(), StandardCharsets.UTF_8);
    }

    @Test
    void aSentenceIsItsWordsAndItsEntities() throws IOException {
        List<SourceRecord> records =
                records(
                        "-DOCSTART- -X- O O;;EU NNP I-NP B-ORG;rejects VBZ I-VP O;Peter NNP I-NP B-PER;Blackburn NNP I-NP I-PER;. . O O;;BRUSSELS NNP I-NP B-LOC;",
                        true);

        assertThat(records).extracting(SourceRecord::line).containsExactly(3L, 9L);
        assertThat(json(records.get(0)))
                .isEqualTo(
                        "{\"exampleId\":\"eng.train-0\",\"adapterId\":\"names\",\"text\":\"EU rejects Peter Blackburn .\",\"label\":[{\"start\":0,\"end\":2,\"label\":\"ORG\"},{\"start\":11,\"end\":26,\"label\":\"PER\"}]}");
        assertThat(json(records.get(1)))
                .contains(
                        "\"eng.train-1\"",
                        "\"BRUSSELS\"",
                        "[{\"start\":0,\"end\":8,\"label\":\"LOC\"}]");
    }

    /** In IOB1, B- tells two entities of a kind apart that stand beside each other. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a B-X;b I-X;c O     | 0-3 X
                    a I-X;b I-X;c O     | 0-3 X
                    a I-X;b B-X;c I-X   | 0-1 X, 2-5 X
                    a B-X;b I-Y;c I-Y   | 0-1 X, 2-5 Y
                    a O;b I-X;c O;d I-X | 2-3 X, 6-7 X
                    a O;b O             | none
                    """)
    void bothWaysOfWritingTagsAreRead(String tagged, String expected) throws IOException {
        assertThat(shown(json(records(tagged, true).get(0))))
                .endsWith(" / " + (expected.equals("none") ? "" : expected));
    }

    /** Its text and its entities, as {@code text / 0-4 PER, 5-8 LOC}. */
    private static String shown(String json) {
        return json.replaceFirst("^.*\"text\":\"", "")
                .replace("\",\"label\":[", " / ")
                .replaceAll("\\{\"start\":(\\d+),\"end\":(\\d+),\"label\":\"(\\w+)\"}", "$1-$2 $3")
                .replaceFirst("]}$", "")
                .replace(",", ", ");
    }

    @Test
    void anEmojiIsOneCharacter() throws IOException {
        assertThat(json(records("\uD83D\uDE00 O;Bo\tB-PER", true).get(0)))
                .contains("\"start\":2,\"end\":4");
    }

    @Test
    void withoutLabelsTheWordsAloneAreSent() throws IOException {
        assertThat(records("Anna;sings;;[;", false))
                .extracting(ConllFileTest::json)
                .containsExactly(
                        "{\"exampleId\":\"eng.train-0\",\"adapterId\":\"names\",\"text\":\"Anna sings\"}",
                        "{\"exampleId\":\"eng.train-1\",\"adapterId\":\"names\",\"text\":\"[\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a O;b S-PER;c O;;d O | its line 2 has the tag 'S-PER', expected O, or B- or I- and a kind of entity, such as B-PER
                    a O;b B-;;d O        | its line 2 has the tag 'B-', expected O, or B- or I- and a kind of entity, such as B-PER
                    a;b O;;d O           | its line 1 has one column, expected a word and its tag; --unlabeled sends words as an input to predict
                    """)
    void aSentenceThatCannotBeReadIsLeftOutWithItsReason(String tagged, String reason)
            throws IOException {
        List<SourceRecord> records = records(tagged, true);

        assertThat(records.get(0)).isEqualTo(new Unreadable(1, reason));
        assertThat(json(records.get(1))).contains("\"eng.train-1\"", "\"d\"", "\"label\":[]");
    }

    /** {@code >} is a tab; the text and the entities are expected. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    New York>B-LOC;is>O                 | New York is / 0-8 LOC
                    New York>NNP>B-LOC;has>VBZ>O        | New York has / 0-8 LOC
                    in>O;New York>B-LOC;City>I-LOC      | in New York City / 3-16 LOC
                    a >O; New York > B-LOC              | a New York / 2-10 LOC
                    a>>O;b>>B-X                         | a b / 2-3 X
                    a>O>;b>B-X>                         | a b / 2-3 X
                    a O;New York>B-LOC                  | a New York / 2-10 LOC
                    a  NN   O ; b NN B-X                | a b / 2-3 X
                    a NN O;b>NN>B-X                     | a b / 2-3 X
                    """)
    void tabsOfALineAreBetweenItsColumnsAloneAndBlanksWhereItHasNone(String file, String expected)
            throws IOException {
        assertThat(shown(json(records(file.replace('>', '\t'), true).get(0)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a>O;New York B-LOC;;d>O     | its line 2 has one column, expected a word and its tag with a tab between them, as lines before have; --unlabeled
                    New York B-LOC;is O;;d O    | its line 2 has 2 columns, and the lines before it 3: expected as many in each line
                    is O;New York B-LOC;;d O    | its line 2 has 3 columns, and the lines before it 2: expected as many in each line
                    a>NN>O;b>B-X;;d>NN>O        | its line 2 has 2 columns, and the lines before it 3
                    a>O;>B-X;;d>O               | its line 2 has nothing before its first tab, expected a word in each line
                    """)
    void aWordThatMayHaveLostAPartIsTold(String file, String reason) throws IOException {
        List<SourceRecord> records = records(file.replace('>', '\t'), true);

        assertThat(((Unreadable) records.get(0)).reason()).startsWith(reason);
        assertThat(json(records.get(1))).contains("\"d\"");
    }

    @Test
    void aWordWithABlankIsWholeWithoutLabelsToo() throws IOException {
        assertThat(json(records("in\tO;New York\tB-LOC;", false).get(0)))
                .contains("\"text\":\"in New York\"");
        assertThat(records("Anna;New York;", false).get(0)).isInstanceOf(Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void everyEndOfALineEndsOne(String end) throws IOException {
        String file = String.join(end, "a O", "b B-X", "", "c O", "d I-X", "");

        assertThat(records(file, true))
                .extracting(record -> shown(json(record)))
                .containsExactly("a b / 2-3 X", "c d / 2-3 X");
    }

    /** No-break space, zero width space, byte order mark, ideographic space, and their kin. */
    private static final List<String> INVISIBLE =
            List.of("\u00a0", "\u200b", "\ufeff", "\u3000", "\u2028", "\u0085", "\u2003", "\u3164");

    static Stream<String> invisible() {
        return INVISIBLE.stream();
    }

    @ParameterizedTest
    @MethodSource("invisible")
    void aWordThatCannotBeSeenKeepsItsPlaceAmongOthers(String word) throws IOException {
        for (String between : List.of(" ", "\t")) {
            String file =
                    "%2$s%1$sO;a%1$sO;%2$s%1$sO;b%1$sB-X;%2$s%1$sI-X;".formatted(between, word);

            assertThat(json(records(file, true).get(0)))
                    .contains(
                            "\"text\":\"%1$s a %1$s b %1$s\"".formatted(word),
                            "[{\"start\":6,\"end\":9,\"label\":\"X\"}]");
        }
        assertThat(json(records("a;" + word + ";b;", false).get(0)))
                .contains("\"text\":\"a %s b\"".formatted(word));
    }

    @ParameterizedTest
    @MethodSource("invisible")
    void anEntityThatCannotBeSeenIsToldByItsCode(String word) throws IOException {
        String file = "a O;%1$s B-X;;%1$s O;;d O".formatted(word);

        List<SourceRecord> records = records(file, true);

        assertThat(records.subList(0, 2))
                .containsExactly(
                        new Unreadable(
                                1,
                                "its line 2 begins an entity X without a character that can be seen, U+%04X: expected a word"
                                        .formatted(word.codePointAt(0))),
                        new Unreadable(
                                4,
                                "its line 4 begins a sentence without a character that can be seen, expected words"));
        assertThat(json(records.get(2))).contains("\"d\"");
    }

    @Test
    void aLineBetweenDocumentsEndsASentence() throws IOException {
        assertThat(records("a O;-DOCSTART- O;b O;", true)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-DOCSTART- -X- O O;", "-DOCSTART-\tO;;-DOCSTART-\tO;;", ";;-DOCSTART-;"})
    void aFileWithoutASentenceHasNoRecordAndSaysWhatItLacks(String text) throws IOException {
        byte[] bytes = text.replace(';', '\n').getBytes(StandardCharsets.UTF_8);
        try (RecordFile file =
                FileFormat.of("conll")
                        .read(
                                "x",
                                new BufferedInputStream(new ByteArrayInputStream(bytes)),
                                new SentAs("names", true))) {
            assertThat(file.next()).isEmpty();
            assertThat(file.expected())
                    .isEqualTo(
                            "a word and its tag in each line, and a blank line after each sentence");
        }
    }

    @Test
    void aSentenceThatIsNotUtf8IsLeftOut() throws IOException {
        byte[] bytes = {'a', ' ', 'O', '\n', (byte) 0xff, ' ', 'O', '\n'};

        assertThat(records(bytes, true))
                .containsExactly(new Unreadable(1, "its line 2 is not UTF-8 text, expected that"));
    }

    @Test
    void anEmptyFileIsNone() {
        assertThatThrownBy(() -> records("", true))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("data/eng.train has no sentence");
    }
}
