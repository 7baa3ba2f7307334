package io.rankstream.ops.send.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the form of GLUE's: {@code >} is a tab, {@code ;} the end of a line. */
class GlueFileTest {

    private static final String MNLI_HEADER =
            "index>promptID>pairID>genre>sentence1_binary_parse>sentence2_binary_parse>sentence1_parse>sentence2_parse>sentence1>sentence2>label1>gold_label;";

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    cola | x01>1>>Ann sings.;x01>0>*>Sings Ann the.;                                              | Ann sings.=acceptable;Sings Ann the.=unacceptable
                    cola | sentence>label;Ann sings.>1;                                                           | Ann sings.=acceptable
                    sst2 | sentence>label;fine >1;dull >0;                                                        | fine =positive;dull =negative
                    mrpc | Quality>#1 ID>#2 ID>#1 String>#2 String;1>7>8>It rains>Rain falls;0>9>9>It rains>No;   | It rains/Rain falls=equivalent;It rains/No=not_equivalent
                    mrpc | sentence1>sentence2>label>idx;It rains>Rain falls>1>0;                                 | It rains/Rain falls=equivalent
                    qqp  | id>qid1>qid2>question1>question2>is_duplicate;5>1>2>Why?>What for?>1;6>3>4>Who?>How?>0; | Why?/What for?=duplicate;Who?/How?=not_duplicate
                    stsb | index>genre>filename>year>old_index>source1>source2>sentence1>sentence2>score;0>g>f>2012>1>none>none>A dog>A hound>4.750;1>g>f>2012>2>none>none>A dog>A car>0; | A dog/A hound=4.75;A dog/A car=0.0
                    qnli | index>question>sentence>label;0>Who?>Ann did.>entailment;1>Who?>It rains.>not_entailment; | Who?/Ann did.=entailment;Who?/It rains.=not_entailment
                    rte  | index>sentence1>sentence2>label;0>Ann ran.>Ann moved.>entailment;1>Ann ran.>Bob ran.>not_entailment; | Ann ran./Ann moved.=entailment;Ann ran./Bob ran.=not_entailment
                    wnli | index>sentence1>sentence2>label;0>It fit.>The hat fit.>1;1>It fit.>The box fit.>0;     | It fit./The hat fit.=entailment;It fit./The box fit.=not_entailment
                    """)
    void aTableOfGlueHasTheTextsAndTheLabelsByTheirNames(String task, String table, String expected)
            throws Exception {
        assertThat(examples(task, text(table))).isEqualTo(List.of(expected.split(";")));
    }

    @Test
    void aTableOfMnliHasItsGoldLabelAmongManyColumns() throws Exception {
        String table =
                MNLI_HEADER
                        + "0>1>1n>g>( a )>( b )>(A)>(B)>Ann ran.>Ann moved.>neutral>entailment;"
                        + "1>1>1c>g>( a )>( b )>(A)>(B)>Ann ran.>Bob ran.>neutral>neutral;"
                        + "2>1>1e>g>( a )>( b )>(A)>(B)>Ann ran.>Ann stood.>neutral>contradiction;";

        assertThat(examples("mnli", text(table)))
                .containsExactly(
                        "Ann ran./Ann moved.=entailment",
                        "Ann ran./Bob ran.=neutral",
                        "Ann ran./Ann stood.=contradiction");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    cola | "sentence":"a"                   | 0=unacceptable 1=acceptable
                    sst2 | "sentence":"a"                   | 0=negative 1=positive
                    mrpc | "sentence1":"a","sentence2":"b"  | 0=not_equivalent 1=equivalent
                    qqp  | "question1":"a","question2":"b"  | 0=not_duplicate 1=duplicate
                    stsb | "sentence1":"a","sentence2":"b"  | 3.2=3.2 5=5.0
                    mnli | "premise":"a","hypothesis":"b"   | 0=entailment 1=neutral 2=contradiction
                    qnli | "question":"a","sentence":"b"    | 0=entailment 1=not_entailment
                    rte  | "sentence1":"a","sentence2":"b"  | 0=entailment 1=not_entailment
                    wnli | "sentence1":"a","sentence2":"b"  | 0=not_entailment 1=entailment
                    """)
    void anExportOfHuggingFaceHasTheSameLabels(String task, String texts, String labels)
            throws Exception {
        for (String label : labels.split(" ", -1)) {
            String[] sides = label.split("=", -1);
            String line = "{%s,\"label\":%s,\"idx\":0}\n".formatted(texts, sides[0]);
            String shown = texts.contains("\"b\"") ? "a/b=" : "a=";

            assertThat(examples(task, line)).containsExactly(shown + sides[1]);
            assertThat(examples(task, "[" + line + "]")).containsExactly(shown + sides[1]);
        }
    }

    @Test
    void aLabelOfAnExportMayBeItsName() throws Exception {
        assertThat(
                        examples(
                                "mnli",
                                "{\"sentence1\":\"a\",\"sentence2\":\"b\",\"gold_label\":\"neutral\"}"))
                .containsExactly("a/b=neutral");
    }

    @ParameterizedTest
    @ValueSource(strings = {"glue:sts-b", "GLUE:STS-B", "glue:stsb", "glue:sts_b"})
    void aTaskHasItsUsualSpellings(String name) {
        assertThat(FileFormat.of(name).id()).isEqualTo("glue:stsb");
    }

    @Test
    void anyOtherFormatIsRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> FileFormat.of("glue:squad"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the format is 'glue:squad', expected one of [glue:cola, glue:sst2, glue:mrpc, glue:qqp, glue:stsb, glue:mnli, glue:qnli, glue:rte, glue:wnli, squad, conll]");
    }

    @Test
    void aQuoteIsACharacterAsAnyOther() throws Exception {
        assertThat(
                        examples(
                                "rte",
                                text(
                                        "index>sentence1>sentence2>label;0>\"Ann\" ran.>\"Bob>entailment;1>a \\\"b>''>entailment;")))
                .containsExactly("\"Ann\" ran./\"Bob=entailment", "a \\\"b/''=entailment");
    }

    @Test
    void endsOfLinesOfWindowsAMarkAndBlankLinesAreNoneOfARecord() throws Exception {
        assertThat(examples("sst2", "\uFEFFsentence\tlabel\r\nfine\t1\r\n\r\n\ndull\t0\r\n"))
                .containsExactly("fine=positive", "dull=negative");
    }

    @Test
    void anEmptyTextOfAPairIsKept() throws Exception {
        assertThat(examples("qqp", text("question1>question2>is_duplicate;Why?>>0;")))
                .containsExactly("Why?/=not_duplicate");
    }

    @Test
    void idsAreTheFileAndGluesIndex() throws Exception {
        List<SourceRecord> records =
                read("sst2", text("sentence>label;fine>1;broken;dull>0;").getBytes(UTF_8), true);

        assertThat(document(records.get(0)))
                .isEqualTo(
                        "{\"exampleId\":\"train.tsv-0\",\"adapterId\":\"acme\",\"text\":\"fine\",\"label\":\"positive\"}");
        assertThat(records.get(1)).isInstanceOf(Unreadable.class);
        assertThat(document(records.get(2))).contains("\"train.tsv-2\"");
        assertThat(records).extracting(SourceRecord::line).containsExactly(2L, 3L, 4L);
    }

    @Test
    void elementsOfAnArrayInOneLineHaveDifferentIds() throws Exception {
        String array = "[{\"sentence\":\"a\",\"label\":1},{\"sentence\":\"a\",\"label\":1}]";

        assertThat(read("sst2", array.getBytes(UTF_8), true).stream().map(GlueFileTest::document))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'sentence':'a','label':1}",
                "{'sentence':'a','label':1.0}",
                "{'sentence':'a','label':1e0}",
                "{'sentence':'a','label':-0.0}",
                "{'sentence':'a','label':1e400}",
                "{'sentence':'a','label':1,'label':0}",
                "{'sentence':'\\ud83d','label':1}",
                "{'sentence':'\\ud83d\\ude00','label':1}",
                "{'sentence':['a'],'label':1}"
            })
    void anElementOfAnArrayIsReadAsTheSameObjectInALine(String quoted) throws Exception {
        String object = quoted.replace('\'', '"');

        assertThat(told("[%s,%s]".formatted(object, object)))
                .containsExactlyElementsOf(told(object + "\n" + object));
    }

    private List<String> told(String text) throws Exception {
        return read("sst2", text.getBytes(UTF_8), true).stream()
                .map(
                        record ->
                                record instanceof Unreadable broken
                                        ? broken.reason()
                                        : shown(record))
                .toList();
    }

    @Test
    void aPackedFileIsRead() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(text("sentence>label;fine>1;").getBytes(UTF_8));
        }

        assertThat(read("sst2", packed.toByteArray(), true).stream().map(GlueFileTest::shown))
                .containsExactly("fine=positive");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    rte  | index>sentence1>sentence2>label;0>a>b>neutral;      | 2 label is 'neutral', expected 0 or entailment, 1 or not_entailment
                    rte  | index>sentence1>sentence2>label;0>a>b>2;            | 2 label is '2', expected 0 or entailment
                    rte  | index>sentence1>sentence2>label;0>a>b>0.5;          | 2 label is '0.5', expected 0 or entailment
                    rte  | index>sentence1>sentence2>label;0>a>b>;             | 2 label is '', expected 0 or entailment
                    mnli | sentence1>sentence2>gold_label;a>b>neutral;a>b>-;   | 3 gold_label is '-': people agreed on no label
                    stsb | sentence1>sentence2>score;a>b>5.1;                  | 2 score is '5.1', expected a number from 0 to 5
                    stsb | sentence1>sentence2>score;a>b>-0.5;                 | 2 score is '-0.5', expected a number from 0 to 5
                    stsb | sentence1>sentence2>score;a>b>NaN;                  | 2 score is 'NaN', expected a number from 0 to 5
                    stsb | {"sentence1":"a","sentence2":"b","label":-1.0};     | 1 label is -1, which stands for no label; --unlabeled sends it
                    cola | x01>1>>a;x01>2>>b;                                  | 2 label is '2', expected 0 or unacceptable, 1 or acceptable
                    sst2 | {"sentence":"a","label":-1,"idx":0};                | 1 label is -1, which stands for no label; --unlabeled sends it
                    sst2 | {"sentence":"a","label":1};{"sentence":"b","label":null}; | 2 label is null, expected a text or a number
                    sst2 | {"sentence":"a","label":1};{"label":1};             | 2 sentence is missing
                    sst2 | {"sentence":"a","label":1};{"sentence":["b"],"label":1}; | 2 sentence is a list, expected a text or a number; it has label
                    sst2 | {"sentence":"a","label":1};{"sentence":"b","label":[1]}; | 2 label is a list, expected a text or a number, or --unlabeled
                    sst2 | {"sentence":"a","label":1};{"sentence":"b","label":{"id":1}}; | 2 label is an object, expected a text or a number
                    mnli | {"premise":"a","hypothesis":"b","label":1};{"premise":"a","hypothesis":"b","gold_label":[]}; | 2 gold_label is a list, expected a text or a number
                    mnli | {"premise":"a","hypothesis":"b","label":1};{"premise":"a","sentence2":{},"label":1}; | 2 sentence2 is an object, expected a text or a number
                    sst2 | {"sentence":"a","label":1e400};                     | 1 label is '1e400', expected 0 or negative
                    sst2 | {"sentence":"a","label":1e0};                       | 1 label is '1e0', expected 0 or negative
                    stsb | {"sentence1":"a","sentence2":"b","label":1e400};    | 1 label is '1e400', expected a number from 0 to 5
                    stsb | {"sentence1":"a","sentence2":"b","label":-1e999};   | 1 label is '-1e999', expected a number from 0 to 5
                    sst2 | {"sentence":"a","label":1};{"sentence":"b","label":1}7; | 2 it is not JSON: there is more after its end
                    sst2 | {"sentence":"a","label":1};{"sentence":             | 2 it is not JSON
                    sst2 | {"sentence":"a","label":1};[1];                     | 2 it is no object of JSON
                    sst2 | {"sentence":"a","label":1};{"sentence":"\\ud800","label":1}; | 2 sentence has half of a surrogate pair
                    sst2 | {"sentence":"a","label":1.0};                       | 1 label is '1.0', expected 0 or negative, 1 or positive
                    sst2 | {"sentence":"a","label":true};                      | 1 label is 'true', expected 0 or negative, 1 or positive
                    sst2 | {"sentence":"a","label":"1.0"};                     | 1 label is '1.0', expected 0 or negative
                    sst2 | sentence>label;fine>1.0;                            | 2 label is '1.0', expected 0 or negative
                    sst2 | sentence>label;fine>1e0;                            | 2 label is '1e0', expected 0 or negative
                    sst2 | sentence>label;fine>+1;                             | 2 label is '+1', expected 0 or negative
                    sst2 | sentence>label;fine>01;                             | 2 label is '01', expected 0 or negative
                    stsb | {"sentence1":"a","sentence2":"b","label":true};     | 1 label is 'true', expected a number from 0 to 5
                    mnli | {"premise":"a","hypothesis":"b","label":1,"gold_label":"neutral"}; | 1 it has label and gold_label, expected one of them
                    sst2 | sentence>label;fine>1;>;                            | 3 label is '', expected 0 or negative
                    sst2 | sentence>label;fine;                                | 2 it has 1 cell with tabs between them, expected 2
                    sst2 | sentence>label;so>so>1;                             | 2 it has 3 cells with tabs between them, expected 2
                    """)
    void whatIsNoExampleIsToldWithItsLineAndWhatWasExpected(
            String task, String content, String reason) throws Exception {
        assertThat(read(task, text(content).getBytes(UTF_8), true))
                .filteredOn(Unreadable.class::isInstance)
                .singleElement()
                .extracting(record -> record.line() + " " + ((Unreadable) record).reason())
                .asString()
                .startsWith(reason);
    }

    /** A record that is broken is told, be it the first one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    sst2 | {"sentence":"a","label":null}           | label is null, expected a text or a number, or --unlabeled for inputs to predict; it has sentence
                    sst2 | {"sentence":"a"}                        | label is missing
                    sst2 | {"label":1}                             | sentence is missing, expected a text or a number; it has label
                    sst2 | {"sentence":{"a":1},"label":1}          | sentence is an object
                    sst2 | {}                                      | sentence is missing, expected a text or a number; it has no texts and no numbers
                    sst2 | {"sentence":                            | it is not JSON
                    sst2 | {"sentence":"a","label":1,"label":0}    | it is not JSON at line 1, column 34: the field label stands there twice
                    sst2 | null                                    | it is no object of JSON
                    sst2 | "a"                                     | it is no object of JSON
                    sst2 | nonsense                                | it is not JSON
                    cola | x01>7>>Ann sings.                       | label is '7', expected 0 or unacceptable
                    cola | x01>1>Ann sings.                        | it has 3 cells with tabs between them, expected 4
                    cola | x01>1>>Ann>sings.                       | it has 5 cells with tabs between them, expected 4
                    cola | >>>                                     | label is '', expected 0 or unacceptable
                    sst2 | {"sentence":"a","label":7}              | label is '7', expected 0 or negative
                    """)
    void aFirstRecordThatIsBrokenLeavesTheOthersWhole(String task, String first, String reason)
            throws Exception {
        String good = task.equals("cola") ? "x01>1>>fine" : "{\"sentence\":\"fine\",\"label\":1}";
        byte[] file = text(first + ";" + good + ";" + good + ";").getBytes(UTF_8);

        List<SourceRecord> records = read(task, file, true);

        assertThat(records).extracting(SourceRecord::line).containsExactly(1L, 2L, 3L);
        assertThat(((Unreadable) records.get(0)).reason()).startsWith(reason);
        assertThat(shown(records.get(1)))
                .isEqualTo("fine=" + (task.equals("cola") ? "acceptable" : "positive"));
    }

    @Test
    void aFirstElementOfAnArrayThatIsBrokenLeavesTheOthersWhole() throws Exception {
        String array = "[null, {\"sentence\": 1}, {\"sentence\": \"fine\", \"label\": 1}]";

        List<SourceRecord> records = read("sst2", array.getBytes(UTF_8), true);

        assertThat(records)
                .extracting(SourceRecord::place)
                .containsExactly(
                        "element 1 at line 1", "element 2 at line 1", "element 3 at line 1");
        assertThat(records.subList(0, 2)).allMatch(Unreadable.class::isInstance);
        assertThat(shown(records.get(2))).isEqualTo("fine=positive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void everyEndOfALineEndsOne(String end) throws Exception {
        String table = String.join(end, "sentence\tlabel", "fine\t1", "", "dull\t0", "");

        assertThat(examples("sst2", table)).containsExactly("fine=positive", "dull=negative");
        assertThat(
                        examples(
                                "sst2",
                                "{\"sentence\":\"fine\",\"label\":1}"
                                        + end
                                        + "{\"sentence\":\"dull\",\"label\":0}"))
                .containsExactly("fine=positive", "dull=negative");
    }

    @Test
    void aFileThatHasOnlyAHeaderHasNoRecordAndSaysWhatItLacks() throws Exception {
        String file =
                Files.writeString(folder.resolve("train.tsv"), "sentence\tlabel\n").toString();

        try (RecordFile records =
                RecordFile.of(
                        file,
                        bytes ->
                                FileFormat.of("glue:sst2")
                                        .read(file, bytes, new SentAs("acme", true)))) {
            assertThat(records.next()).isEmpty();
            assertThat(records.expected())
                    .isEqualTo(
                            "a record of glue:sst2 in each line below the header, or objects of JSON");
        }
    }

    @Test
    void aLineThatIsNotUtf8LeavesTheOthersWhole() throws Exception {
        List<SourceRecord> records =
                read(
                        "sst2",
                        text("sentence>label;caf\u00e9>1;fine>1;")
                                .getBytes(StandardCharsets.ISO_8859_1),
                        true);

        assertThat(records.get(0)).extracting("reason").asString().contains("not UTF-8");
        assertThat(shown(records.get(1))).isEqualTo("fine=positive");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    mnli | index>question>sentence>label;         | is no file of glue:mnli: it has the columns index, question, sentence, label, but not sentence1 or premise: expected sentence1 or premise, sentence2 or hypothesis, gold_label or label
                    sst2 | x01>1>>Ann sings.;                     | is no file of glue:sst2: it has the columns x01, 1, , Ann sings., but not sentence: expected sentence, label
                    cola | x01>7>>Ann sings.;                     | is no file of glue:cola: it has the columns x01, 7, , Ann sings., but not sentence: expected sentence, label; or no such line, and in each the cells source, label, mark, sentence with 0 or 1 for the label
                    cola | text>label>mark>source;Ann sings.>1>>x01; | is no file of glue:cola: it has the columns text, label, mark, source
                    rte  | ;                                      | is empty, expected a file of glue:rte
                    sst2 | sentence>label>label;fine>1>0;         | has the columns label and label, expected one of them for the label: rename or leave out the others
                    sst2 | sentence>sentence>label;fine>dull>0;   | has the columns sentence and sentence, expected one of them for the text
                    mnli | premise>hypothesis>gold_label>label;a>b>neutral>0; | has the columns gold_label and label, expected one of them for the label
                    mnli | sentence1>sentence2>premise>gold_label;a>b>c>neutral; | has the columns sentence1 and premise, expected one of them for the text
                    sst2 | sentence,label;fine,1;                 | expected sentence, label; its first line looks comma-separated, expected tabs between columns
                    rte  | sentence1^sentence2^label; | its first line looks semicolon-separated, expected tabs between columns
                    cola | x01,1,,Ann sings.;                     | its first line looks comma-separated, expected tabs between columns
                    """)
    void theFileOfAnotherTaskIsOneSentence(String task, String content, String sentence) {
        byte[] bytes = text(content).replace('^', ';').getBytes(UTF_8);

        assertThatThrownBy(() -> read(task, bytes, true))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining(sentence)
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    cola | index>sentence;0>Ann sings.;                                  | Ann sings.
                    sst2 | index>sentence;0>fine;                                        | fine
                    mrpc | index>#1 ID>#2 ID>#1 String>#2 String;0>7>8>It rains>Rain;    | It rains/Rain
                    qqp  | id>question1>question2;0>Why?>What?;                          | Why?/What?
                    stsb | index>genre>filename>year>old_index>source1>source2>sentence1>sentence2;0>g>f>2012>1>n>n>A dog>A car; | A dog/A car
                    mnli | index>promptID>pairID>genre>sentence1>sentence2;0>1>1>g>a>b;  | a/b
                    qnli | index>question>sentence;0>Who?>Ann did.;                      | Who?/Ann did.
                    rte  | index>sentence1>sentence2;0>a>b;                              | a/b
                    wnli | index>sentence1>sentence2;0>a>b;                              | a/b
                    """)
    void aTestFileHasNoLabelsAndIsForInputs(String task, String table, String text)
            throws Exception {
        byte[] bytes = text(table).getBytes(UTF_8);

        assertThat(read(task, bytes, false).stream().map(GlueFileTest::shown))
                .containsExactly(text);
        assertThatThrownBy(() -> read(task, bytes, true))
                .isInstanceOf(RecordFileException.class)
                .hasMessageContaining("has no labels: of its columns ")
                .hasMessageContaining("--unlabeled sends its texts as inputs to predict");
    }

    @Test
    void aTextThatIsANumberStaysAsItIsWritten() throws Exception {
        assertThat(examples("sst2", "{\"sentence\":1e400,\"label\":1}"))
                .containsExactly("1e400=positive");
    }

    @Test
    void aLabelOfAnInputIsNotLookedAt() throws Exception {
        assertThat(
                        read("sst2", "{\"sentence\":\"a\",\"label\":-1}".getBytes(UTF_8), false)
                                .stream()
                                .map(GlueFileTest::shown))
                .containsExactly("a");
    }

    private List<String> examples(String task, String content) throws IOException {
        return read(task, content.getBytes(UTF_8), true).stream().map(GlueFileTest::shown).toList();
    }

    private List<SourceRecord> read(String task, byte[] content, boolean labeled)
            throws IOException {
        String file = Files.write(folder.resolve("train.tsv"), content).toString();
        FileFormat format = FileFormat.of("glue:" + task);
        List<SourceRecord> all = new ArrayList<>();
        try (RecordFile records =
                RecordFile.of(
                        file, bytes -> format.read(file, bytes, new SentAs("acme", labeled)))) {
            for (Optional<SourceRecord> next = records.next();
                    next.isPresent();
                    next = records.next()) {
                all.add(next.get());
            }
        }
        return all;
    }

    private static String document(SourceRecord record) {
        return new String(((Document) record).json(), UTF_8);
    }

    /** Its texts and its label, as {@code text/pair=label}. */
    private static String shown(SourceRecord record) {
        return document(record)
                .replaceFirst("^.*\"text\":\"", "")
                .replace("\",\"textPair\":\"", "/")
                .replaceFirst("\",\"label\":\"?", "=")
                .replaceFirst("\"?}$", "")
                .replace("\\\"", "\"")
                .replace("\\\\", "\\");
    }

    private static String text(String written) {
        return written.replace('>', '\t').replace(';', '\n');
    }
}
