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
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SquadFileTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String PASSAGE = "Nobody \uD83D\uDE00 waits. The train leaves at nine.";

    private static List<SourceRecord> records(String json, boolean labeled) throws IOException {
        FileFormat format = FileFormat.of("SQuAD");
        List<SourceRecord> records = new ArrayList<>();
        try (RecordFile file =
                format.read(
                        "dev.json",
                        new BufferedInputStream(
                                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))),
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
                        "its answer 'waits' is not at character 10 of its passage, counted in Unicode code points from 0; it is there in units of UTF-16, as JavaScript and Java count: convert answer_start");
        assertThat(
                        flaw(
                                "{'id': 'q1', 'question': 'Which?', 'answers': [{'text': 'waits', 'answer_start': 11}]}"))
                .isEqualTo(
                        "its answer 'waits' is not at character 11 of its passage, counted in Unicode code points from 0");
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
                        "it has no answers, and is_impossible does not say that there are none: send such questions with --unlabeled");
        assertThat(
                        JSON.readTree(((Document) records(file(question), false).get(0)).json())
                                .has("label"))
                .isFalse();
    }

    private static final String GOOD =
            "{'id': 'good', 'question': 'When?', 'answers': [{'text': 'nine', 'answer_start': 36}]}";

    /** What was found of a file: places and reasons, and ids of examples. */
    private static List<String> told(String json) throws IOException {
        return records(quoted(json).replace("PASSAGE", PASSAGE), true).stream()
                .map(
                        record ->
                                record instanceof Unreadable bad
                                        ? bad.place() + ": " + bad.reason()
                                        : record.place())
                .toList();
    }

    /** Each is told with its place, and what is beside it is sent. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'x'                 | it is a text, expected an article with paragraphs, or a question with id, context and answers
                    null                | it is null, expected an article
                    7                   | it is a number, expected an article
                    true                | it is a truth value, expected an article
                    [[1], {'a': 2}]     | it is a list, expected an article
                    {}                  | it has no paragraphs, expected an article
                    {'title': 'T'}      | 'T': it has no paragraphs, expected an article
                    {'paragraphs': 'x'} | its paragraphs is a text, expected a list of objects with context and qas
                    {'paragraphs': {'context': 'c'}} | its paragraphs is an object, expected a list
                    {'title': 'T', 'paragraphs': null} | 'T': its paragraphs is null, expected a list
                    {'paragraphs': [], 'paragraphs': []} | its field paragraphs stands there twice, expected once
                    """)
    void whatIsNoArticleIsTold(String article, String reason) throws IOException {
        String good = "{'paragraphs': [{'context': 'PASSAGE', 'qas': [" + GOOD + "]}]}";

        List<String> told = told("{'data': [%s, %s, %s]}".formatted(good, article, good));

        assertThat(told).hasSize(3);
        assertThat(told.get(0)).isEqualTo("question 'good'");
        assertThat(told.get(1))
                .startsWith("article 2" + (reason.startsWith("'T'") ? " " : ": ") + reason);
        assertThat(told.get(2)).isEqualTo("question 'good'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'x'                               | it is a text, expected an object with context and qas
                    null                              | it is null, expected an object with context and qas
                    0.5                               | it is a number, expected an object
                    [{'context': 'c', 'qas': []}]     | it is a list, expected an object
                    {}                                | it has no context; it has no qas
                    {'context': 'c'}                  | it has no qas
                    {'qas': []}                       | it has no context
                    {'context': null, 'qas': []}      | its context is null, expected a text
                    {'context': ['c'], 'qas': []}     | its context is a list, expected a text
                    {'qas': [], 'context': {'a': [1]}} | its context is an object, expected a text
                    {'context': 'c', 'qas': 'x'}      | its qas is a text, expected a list of questions
                    {'context': 'c', 'qas': {'id': 1}} | its qas is an object, expected a list of questions
                    {'context': 'c', 'qas': null}     | its qas is null, expected a list of questions
                    {'context': 'c', 'qas': [], 'context': 'd'} | its field context stands there twice, expected once
                    {'qas': [], 'context': 'c', 'qas': [1]} | its field qas stands there twice, expected once
                    """)
    void whatIsNoParagraphIsTold(String paragraph, String reason) throws IOException {
        String good = "{'context': 'PASSAGE', 'qas': [" + GOOD + "]}";

        List<String> told =
                told(
                        "{'data': [{'title': 'Trains', 'paragraphs': [%s, %s, %s]}]}"
                                .formatted(good, paragraph, good));

        assertThat(told).hasSize(3);
        assertThat(told.get(1)).startsWith("article 1 'Trains', paragraph 2: " + reason);
        assertThat(told.get(2)).isEqualTo("question 'good'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'x'                                  | it is a text, expected an object with id, question and answers
                    null                                 | it is null, expected an object
                    7                                    | it is a number, expected an object
                    [7]                                  | it is a list, expected an object
                    {'question': 'Where?', 'answers': []} | its id is missing, expected a text or a number
                    {'id': null, 'question': 'Where?'}   | its id is null, expected a text or a number
                    {'id': ['a'], 'question': 'Where?'}  | its id is a list, expected a text or a number
                    {'id': 'a', 'id': 'b', 'question': 'Where?'} | it cannot be read: the field id stands there twice
                    {'id': 'a', 'answers': [{'text': 'nine', 'text': 'at', 'answer_start': 36}]} | it cannot be read: the field text stands there twice
                    """)
    void whatIsNoQuestionIsToldWithItsNumber(String question, String reason) throws IOException {
        List<String> told =
                told(
                        "{'data': [{'paragraphs': [{'context': 'PASSAGE', 'qas': [%s, %s, %s]}]}]}"
                                .formatted(GOOD, question, GOOD));

        assertThat(told).hasSize(3);
        assertThat(told.get(1)).startsWith("article 1, paragraph 1, question 2: " + reason);
        assertThat(told.get(2)).isEqualTo("question 'good'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'question': null                                    | its question is null, expected a text
                    'question': '\\ud800'                               | it has half of a surrogate pair in it or its passage
                    'answers': 'nine'                                   | its answers is a text, expected a list of objects with text and answer_start, or an object with a list of each
                    'answers': 7                                        | its answers is a number, expected a list
                    'answers': ['nine']                                 | one of its answers is a text, expected a list
                    'answers': [null]                                   | one of its answers is null, expected a list
                    'answers': [{}]                                     | the text of an answer is missing, expected words of its passage
                    'answers': [{'text': '', 'answer_start': 0}]        | the text of an answer is empty, expected words
                    'answers': [{'text': ['nine'], 'answer_start': 36}] | the text of an answer is a list, expected words
                    'answers': [{'text': 'nine'}]                       | the answer_start of its answer 'nine' is missing, expected a whole number from 0 to 41, the characters of its passage
                    'answers': [{'text': 'nine', 'answer_start': null}] | the answer_start of its answer 'nine' is null, expected a whole number
                    'answers': [{'text': 'nine', 'answer_start': [36]}] | the answer_start of its answer 'nine' is a list, expected a whole number
                    'answers': [{'text': 'nine', 'answer_start': '36'}] | the answer_start of its answer 'nine' is "36", expected a whole number
                    'answers': [{'text': 'Nobody', 'answer_start': '0'}] | the answer_start of its answer 'Nobody' is "0", expected a whole number
                    'answers': [{'text': 'Nobody', 'answer_start': 0.9}] | the answer_start of its answer 'Nobody' is 0.9, expected a whole number
                    'answers': [{'text': 'Nobody', 'answer_start': 0.0}] | the answer_start of its answer 'Nobody' is 0.0, expected a whole number
                    'answers': [{'text': 'Nobody', 'answer_start': false}] | the answer_start of its answer 'Nobody' is false, expected a whole number
                    'answers': [{'text': 'Nobody', 'answer_start': 4294967296}] | the answer_start of its answer 'Nobody' is 4294967296, expected a whole number
                    'answers': [{'text': 'Nobody', 'answer_start': 18446744073709551616}] | the answer_start of its answer 'Nobody' is 18446744073709551616, expected a whole number
                    'answers': [{'text': 'Nobody', 'answer_start': -1}] | the answer_start of its answer 'Nobody' is -1, expected a whole number from 0 to 41
                    'answers': [{'text': 'nine', 'answer_start': 42}]   | the answer_start of its answer 'nine' is 42, expected a whole number from 0 to 41
                    'answers': [{'text': ' ', 'answer_start': 6}]       | its answer ' ' has no character that can be seen
                    'answers': [{'text': '\\ud83d', 'answer_start': 7}]  | its answer '
                    'answers': [{'text': 'nine', 'answer_start': 35}]   | its answer 'nine' is not at character 35 of its passage
                    'answers': [{'text': 'nine', 'answer_start': 36}, {'text': 'ten', 'answer_start': 36}] | its answer 'ten' is not at character 36
                    'answers': {'text': 'nine', 'answer_start': 36}     | its answers is an object whose text is a text and whose answer_start is a number, expected a list of objects
                    'answers': {'text': ['nine']}                       | its answers is an object whose text is a list and whose answer_start is missing, expected
                    'answers': {'text': ['nine'], 'answer_start': []}   | its answers has 1 of text and 0 of answer_start, expected as many
                    'answers': {'text': ['nine'], 'answer_start': [1e400]} | the answer_start of its answer 'nine' is 1E+400, expected
                    'answers': {'text': ['nine'], 'answer_start': ['36']} | the answer_start of its answer 'nine' is "36", expected
                    'answers': []                                       | it has no answers, and is_impossible does not say
                    'answers': [], 'is_impossible': false               | it has no answers, and is_impossible does not say
                    'answers': {'text': [], 'answer_start': []}, 'is_impossible': false | it has no answers, and is_impossible does not say
                    'answers': [], 'is_impossible': 'true'              | its is_impossible is "true", expected true or false, without quotes
                    'answers': [], 'is_impossible': 1                   | its is_impossible is 1, expected true or false
                    'answers': [], 'is_impossible': null                | its is_impossible is null, expected true or false
                    'answers': [{'text': 'nine', 'answer_start': 36}], 'is_impossible': 0 | its is_impossible is 0, expected true or false
                    'answers': [{'text': 'nine', 'answer_start': 36}], 'is_impossible': true | it has answers, and its is_impossible is true: expected no answers, or false
                    'answers': 'nine', 'is_impossible': true            | its answers is a text, expected a list
                    """)
    void aQuestionThatCannotBeLearnedIsToldByItsId(String fields, String reason)
            throws IOException {
        String whole = fields.startsWith("'question'") ? fields : "'question': 'When?', " + fields;

        List<String> told =
                told(
                        "{'data': [{'paragraphs': [{'context': 'PASSAGE', 'qas': [{'id': 'q1', %s}, %s]}]}]}"
                                .formatted(whole, GOOD));

        assertThat(told).hasSize(2);
        assertThat(told.get(0)).startsWith("question 'q1': " + reason);
        assertThat(told.get(1)).isEqualTo("question 'good'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'text': ['nine', 'at nine', 'nine'], 'answer_start': [36, 33, 36]} | [{'start':33,'end':40},{'start':36,'end':40}]
                    {'text': ['nine'], 'answer_start': [36]}                         | {'start':36,'end':40}
                    {'text': [], 'answer_start': []}                                 | []
                    """)
    void answersMayBeAListOfTextsAndOneOfStarts(String answers, String label) throws IOException {
        assertThat(
                        document(
                                        "{'id': 'q1', 'question': 'When?', 'answers': %s}"
                                                .formatted(answers))
                                .get("label"))
                .isEqualTo(JSON.readTree(quoted(label)));
    }

    private static final String FLAT =
            "{'id': '%s', 'title': 'T', 'context': 'PASSAGE', 'question': 'When?', 'answers': {'text': ['nine'], 'answer_start': [36]}}";

    /** The forms of Hugging Face's exports, and those of SQuAD without what is around them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a>\n<b>\n",
                "<a>\r\n<b>",
                "[<a>, <b>]",
                "{'version': 'v2', 'data': [<a>, <b>]}",
                "{'data': [<a>, {'paragraphs': [{'context': 'PASSAGE', 'qas': [<q>]}]}]}",
                "[<a>, {'title': 'x', 'paragraphs': [{'qas': [<q>], 'context': 'PASSAGE'}]}]",
                "<a>\n{'title': 'x', 'paragraphs': [{'qas': [<q>], 'context': 'PASSAGE'}]}\n"
            })
    void questionsWithTheirContextsAreReadOneByOne(String form) throws IOException {
        String json =
                form.replace("<a>", FLAT.formatted("a"))
                        .replace("<b>", FLAT.formatted("b"))
                        .replace("<q>", GOOD.replace("good", "b"));
        List<SourceRecord> records = records(quoted(json).replace("PASSAGE", PASSAGE), true);

        assertThat(records)
                .extracting(SourceRecord::place)
                .containsExactly("question 'a'", "question 'b'");
        for (SourceRecord record : records) {
            JsonNode document = JSON.readTree(((Document) record).json());
            assertThat(document.get("textPair").textValue()).isEqualTo(PASSAGE);
            assertThat(document.get("label")).isEqualTo(JSON.readTree("{\"start\":36,\"end\":40}"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'id': 'x', 'question': 'When?', 'answers': []}       | question 'x': its context is missing, expected a text
                    {'id': 'x', 'context': ['c'], 'question': 'When?'}    | question 'x': its context is a list, expected a text
                    {'context': 'c', 'question': 'When?'}                 | line 2: its id is missing, expected a text or a number
                    {'id': 'x', 'context': 'c', 'answers': []}            | question 'x': its question is missing, expected a text
                    {'id': 'x', 'context': 'c', 'question': 'a', 'question': 'b'} | question 'x': its field question stands there twice, expected once
                    {'id': 'x', 'context': 'c', 'question': 'a', 'answers': {'text': [], 'text': []}} | question 'x': its answers cannot be read: the field text stands there twice
                    {'text': 'x', 'label': 'y'}                           | line 2: it has the fields text, label, expected an object whose
                    {}                                                    | line 2: it has no fields, expected an object whose
                    'x'                                                   | line 2: it is a text, expected an object whose
                    {'data': 'x'}                                         | line 2: its data is a text, expected a list of articles with paragraphs
                    {'data': [], 'data': []}                              | line 2: its field data stands there twice, expected once
                    """)
    void whatIsNoQuestionOfItsOwnIsTold(String line, String expected) throws IOException {
        List<String> told =
                told(FLAT.formatted("a") + "\n" + line + "\n" + FLAT.formatted("b") + "\n");

        assertThat(told).hasSize(3);
        assertThat(told.get(1)).startsWith(expected);
        assertThat(told.get(2)).isEqualTo("question 'b'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'text': 'x', 'label': 'y'} | dev.json is no file of squad: it has the fields text, label, expected an object whose 'data' lists articles with 'paragraphs', or objects with id, context, question and answers
                    {}                          | dev.json is no file of squad: it has no fields, expected an object
                    'x'                         | dev.json is no file of squad: it is a text, expected an object
                    7                           | dev.json is no file of squad: it is a number, expected an object
                    {'data': {'a': [1]}}        | dev.json is no file of squad: its data is an object, expected a list of articles with paragraphs
                    {'version': 1, 'data': null} | dev.json is no file of squad: its data is null, expected a list
                    ``                          | dev.json is no file of squad: it is empty, expected an object
                    nonsense                    | dev.json is no file of squad: the JSON cannot be read to its end at line 1
                    {'data': [{'paragraphs': [{'con | dev.json: the JSON cannot be read to its end
                    """)
    void aFileOfAnotherFormIsRefused(String file, String sentence) {
        assertThatThrownBy(() -> records(quoted(file), true))
                .isInstanceOf(RecordFileException.class)
                .message()
                .startsWith(sentence)
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'data': []}",
                "{'version': 'v2.0', 'data': [{'title': 'T', 'paragraphs': []}]}",
                "{'data': [{'paragraphs': [{'context': 'c', 'qas': []}]}]}",
                "[]"
            })
    void aFileWithoutAQuestionHasNoRecordAndSaysWhatItLacks(String json) throws IOException {
        byte[] bytes = quoted(json).getBytes(StandardCharsets.UTF_8);
        try (RecordFile file =
                FileFormat.of("squad")
                        .read(
                                "x",
                                new BufferedInputStream(new ByteArrayInputStream(bytes)),
                                new SentAs("desk", true))) {
            assertThat(file.next()).isEmpty();
            assertThat(file.expected()).isEqualTo("articles with paragraphs that have questions");
        }
    }
}
