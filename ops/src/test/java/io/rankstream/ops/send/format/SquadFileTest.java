package io.rankstream.ops.send.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

class SquadFileTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String PASSAGE = "Nobody \uD83D\uDE00 waits. The train leaves at nine.";

    private static List<SourceRecord> records(String json, boolean labeled) throws IOException {
        FileFormat format = FileFormat.of("SQuAD");
        List<SourceRecord> records = new ArrayList<>();
        try (RecordFile file =
                format.read(
                        "dev.json",
                        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                        new SentAs("desk", labeled))) {
            Optional<SourceRecord> next = file.next();
            while (next.isPresent()) {
                records.add(next.get());
                next = file.next();
            }
        }
        return records;
    }

    /** A file of one paragraph, which is {@link #PASSAGE}. */
    private static String file(String... questions) {
        return quoted(
                        "{'version': 'v2.0', 'data': [{'title': 'Trains', 'paragraphs': [{'context': '")
                + PASSAGE
                + quoted("', 'qas': [")
                + quoted(String.join(", ", questions))
                + "]}]}]}";
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    private static JsonNode document(String question) throws IOException {
        return JSON.readTree(((Document) records(file(question), true).get(0)).json());
    }

    private static String flaw(String question) throws IOException {
        return ((Unreadable) records(file(question), true).get(0)).reason();
    }

    @Test
    void aQuestionIsATextAndItsPassageThePair() throws IOException {
        JsonNode document =
                document(
                        "{'id': 'q1', 'question': 'When?', 'answers': [{'text': 'nine', 'answer_start': 36}]}");

        assertThat(document)
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"exampleId": "q1", "adapterId": "desk", "text": "When?",
                                 "textPair": "%s", "label": {"start": 36, "end": 40}}
                                """
                                        .formatted(PASSAGE)));
    }

    /** After an emoji, which is one character. */
    @Test
    void placesAreCodePoints() throws IOException {
        JsonNode label =
                document(
                                "{'id': 'q1', 'question': 'Which?', 'answers': [{'text': 'waits', 'answer_start': 9}]}")
                        .get("label");

        assertThat(label).isEqualTo(JSON.readTree("{\"start\": 9, \"end\": 14}"));
        assertThat(
                        flaw(
                                "{'id': 'q1', 'question': 'Which?', 'answers': [{'text': 'waits', 'answer_start': 10}]}"))
                .isEqualTo(
                        "question 'q1' has the answer 'waits', which is not at character 10 of its passage, counted in Unicode code points from 0");
    }

    @Test
    void severalAnswersAreAListInWhichEachIsOnce() throws IOException {
        JsonNode label =
                document(
                                "{'id': 'q1', 'question': 'When?', 'answers': [{'text': 'nine', 'answer_start': 36}, {'text': 'at nine', 'answer_start': 33}, {'text': 'nine', 'answer_start': 36}]}")
                        .get("label");

        assertThat(label)
                .isEqualTo(
                        JSON.readTree(
                                "[{\"start\": 33, \"end\": 40}, {\"start\": 36, \"end\": 40}]"));
    }

    @Test
    void anImpossibleQuestionHasNoAnswerWhateverIsPlausible() throws IOException {
        JsonNode label =
                document(
                                "{'id': 'q1', 'question': 'Where?', 'answers': [], 'is_impossible': true, 'plausible_answers': [{'text': 'nine', 'answer_start': 36}]}")
                        .get("label");

        assertThat(label).isEqualTo(JSON.readTree("[]"));
    }

    @Test
    void aQuestionWithoutAnswersIsForPrediction() throws IOException {
        String question = "{'id': 'q1', 'question': 'Where?'}";

        assertThat(flaw(question))
                .isEqualTo(
                        "question 'q1' has no answers, and is_impossible does not say that there are none: send such questions with --unlabeled");
        assertThat(
                        JSON.readTree(((Document) records(file(question), false).get(0)).json())
                                .has("label"))
                .isFalse();
    }

    @Test
    void whatIsNoQuestionIsToldAndTheOthersAreSent() throws IOException {
        List<SourceRecord> records =
                records(
                        file(
                                "{'question': 'Where?', 'answers': []}",
                                "{'id': 'q2', 'question': 'When?', 'answers': [{'text': 'nine', 'answer_start': 36}]}"),
                        true);

        assertThat(((Unreadable) records.get(0)).reason())
                .isEqualTo("a question lacks its id, or its question, a text");
        assertThat(records.get(1)).isInstanceOf(Document.class);
    }

    @Test
    void aFileOfAnotherFormIsRefused() {
        assertThatThrownBy(() -> records("{\"text\": \"x\", \"label\": \"y\"}\n", true))
                .isInstanceOf(RecordFileException.class)
                .hasMessage(
                        "dev.json is no file of squad: expected an object whose 'data' lists articles with 'paragraphs'");
        assertThatThrownBy(() -> records("{\"data\": [{\"paragraphs\": [{\"con", true))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("dev.json: the JSON cannot be read to its end");
    }
}
