package io.rankstream.ops.send.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                                new ByteArrayInputStream(bytes),
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
        String json = json(records(tagged, true).get(0));

        String label = json.substring(json.indexOf("\"label\":[") + 8, json.length() - 1);
        assertThat(
                        label.replaceAll(
                                        "\\{\"start\":(\\d+),\"end\":(\\d+),\"label\":\"(\\w)\"}",
                                        "$1-$2 $3")
                                .replace(",", ", "))
                .isEqualTo("[%s]".formatted(expected.equals("none") ? "" : expected));
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
