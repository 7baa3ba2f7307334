package io.rankstream.ops.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.task.tagging.TokenClassification;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.job.mapping.JsonDocuments;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.mapping.MappedJson;
import io.rankstream.ops.send.SourceRecord.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileLabelsTest {

    private static final ConfiguredAdapters ADAPTERS =
            ConfiguredAdapters.NONE
                    .with(
                            "rating",
                            new AdapterSettings(TrainingTemplate.of(new Regression()).build()))
                    .with(
                            "stars",
                            new AdapterSettings(TrainingTemplate.classification("1", "2").build()))
                    .with(
                            "desk",
                            new AdapterSettings(
                                    TrainingTemplate.of(new QuestionAnswering()).build()))
                    .with(
                            "tickets",
                            new AdapterSettings(
                                    TrainingTemplate.of(new MultiLabel())
                                            .labels(List.of("late", "broken"))
                                            .build()))
                    .with(
                            "names",
                            new AdapterSettings(
                                    TrainingTemplate.of(new TokenClassification())
                                            .labels(List.of("O", "B-PER", "I-PER"))
                                            .build()));

    private static final JsonMapping OWN_NAMES = JsonMapping.ofOwnNames();
    private static final String HEADER = "exampleId,adapterId,text,label\n";

    @TempDir Path folder;

    @Test
    void labelsThatAnAdapterLacksInTheConfigurationAreNamed() {
        Target several =
                new Target.Several(
                        List.of(
                                new Target.Span(0, 1, "ORG"),
                                new Target.Span(2, 3, "PER"),
                                new Target.Span(4, 5, "ORG"),
                                new Target.Span(6, 7, "LOC")));

        assertThat(unknown(several, "names")).containsExactly("ORG", "LOC");
        assertThat(unknown(new Target.Several(List.of()), "names")).isEmpty();
        assertThat(unknown(new Target.Label("3"), "stars")).containsExactly("3");
        assertThat(unknown(new Target.Label("2"), "stars")).isEmpty();
        assertThat(unknown(new Target.Numeric(3), "rating")).isEmpty();
        assertThat(unknown(new Target.Label("3"), "elsewhere")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "3|3",
                "0|0",
                "-0|-0.0",
                "-17|-17",
                "+4|4",
                "007|7",
                "3.25|3.25",
                ".5|0.5",
                "5.|5",
                "-0.125|-0.125",
                "1e3|1000",
                "1E3|1000",
                "-2.5e-1|-0.25",
                "4e+1|40",
                "  3.5|3.5",
                "3.5  |3.5",
                "\t-1\t|-1",
                "\"3.5\"|3.5",
                "\" 3.5 \"|3.5",
                "1e18|1e18"
            })
    void aCellWithANumberIsOneWhereTheAdapterLearnsNumbers(String cell, double number)
            throws Exception {
        Target target = target(row("rating", cell), "rating", true);

        assertThat(target).isEqualTo(new Target.Numeric(number));
        assertThat(obstacle(target, "rating")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"3,5\"",
                "\"1,234\"",
                "\"1.234,5\"",
                "\"1,234.5\"",
                "1.2.3",
                "1 234",
                "1'234",
                "3.5 EUR",
                "$3",
                "50%",
                "1/2",
                "0x10",
                "1d",
                "1e",
                "e3",
                ".",
                "-",
                "--1",
                "3-",
                "\u22123",
                "\u0663",
                "NaN",
                "Infinity",
                "-Infinity",
                "inf",
                "null",
                "good",
                "\" \""
            })
    void anyOtherCellIsRefusedWithWhatToWrite(String cell) throws Exception {
        Target target = target(row("rating", cell), "rating", true);

        assertThat(obstacle(target, "rating"))
                .hasValueSatisfying(
                        sentence ->
                                assertThat(sentence)
                                        .contains(
                                                "'" + cell.replace("\"", "") + "' is no number",
                                                "adapter 'rating'",
                                                "write it as 1234.5, with a point"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e19", "-3.5e38", "1e999", "-1e999"})
    void aNumberThatIsTooLargeToLearnIsRefusedWithTheRange(String cell) throws Exception {
        for (boolean isTable : new boolean[] {true, false}) {
            byte[] record = isTable ? row("rating", cell) : line("rating", cell);

            assertThat(obstacle(target(record, "rating", isTable), "rating"))
                    .hasValueSatisfying(
                            sentence -> assertThat(sentence).contains("from -1e18 to 1e18"));
        }
    }

    @Test
    void anEmptyCellIsALabelThatIsMissing() throws Exception {
        assertThat(read(row("rating", "")).problems()).containsExactly("label is missing or null");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "-0.5, -0.5", "1e3, 1000", "2.5E-1, 0.25"})
    void aNumberOfJsonIsOneWithoutQuotesAlone(String written, double number) throws Exception {
        Target bare = target(line("rating", written), "rating", false);
        Target quoted = target(line("rating", '"' + written + '"'), "rating", false);

        assertThat(bare).isEqualTo(new Target.Numeric(number));
        assertThat(obstacle(bare, "rating")).isEmpty();
        assertThat(obstacle(quoted, "rating"))
                .hasValueSatisfying(
                        sentence -> assertThat(sentence).contains("in JSON without quotes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "3,5", ".5", "+1", "0x10", "01"})
    void whatIsNoNumberOfJsonIsNoJson(String written) throws Exception {
        assertThat(read(line("rating", written)).problems())
                .singleElement()
                .asString()
                .startsWith("it is not JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "01", "1.0", "1e0", " 1", "7", "ham"})
    void aLabelThatLooksLikeANumberStaysAsItIsWritten(String cell) throws Exception {
        Target target = target(row("stars", cell), "stars", true);

        assertThat(target).isEqualTo(new Target.Label(cell));
        assertThat(obstacle(target, "stars")).isEmpty();
    }

    @Test
    void aNumberOfJsonIsALabelWhereTheAdapterHasLabels() throws Exception {
        assertThat(target(line("stars", "2"), "stars", false)).isEqualTo(new Target.Label("2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "2.5", "1.0E10"})
    void aDefaultThatIsANumberIsOneOrALabelOfThatName(String standIn) throws Exception {
        MappedJson read =
                new JsonDocuments(
                                new JsonMapping(
                                        Map.of(),
                                        Map.of(ExampleField.LABEL, standIn),
                                        OWN_NAMES.eventTimeUnit()))
                        .read(line("rating", "null"), "place");

        FileLabels labels = new FileLabels(ADAPTERS, false);
        assertThat(labels.target(read, "rating"))
                .isEqualTo(new Target.Numeric(Double.parseDouble(standIn)));
        assertThat(labels.target(read, "stars")).isEqualTo(new Target.Label(standIn));
    }

    /** A job that reads JSON has no other hint than the document. */
    @ParameterizedTest
    @ValueSource(strings = {"3", " -0.5 ", "+1e3", ".5", "007"})
    void aRowForATopicOfJsonHasItsNumberAsANumberAndEverythingElseAsItWas(String cell)
            throws Exception {
        byte[] row = row("rating", cell);
        Target target = target(row, "rating", true);

        byte[] sent =
                new FileLabels(ADAPTERS, true)
                        .document(row, OWN_NAMES.pointer(ExampleField.LABEL), target);

        MappedJson seenByTheJob = read(sent);
        assertThat(seenByTheJob.target()).isEqualTo(target);
        for (ExampleField field :
                new ExampleField[] {
                    ExampleField.EXAMPLE_ID, ExampleField.ADAPTER_ID, ExampleField.TEXT
                }) {
            assertThat(seenByTheJob.get(field)).isEqualTo(read(row).get(field));
        }
    }

    @Test
    void aCellMayHoldAListAsJson() throws Exception {
        Target list = new Target.Several(List.of(new Target.Label("a"), new Target.Label("b")));
        byte[] row = row("rating", "\"[\"\"b\"\", \"\"a\"\"]\"");

        assertThat(FileLabels.parts("[\"b\", \"a\"]")).contains(list);
        assertThat(FileLabels.parts("[[3, 9, \"name\"]]"))
                .contains(new Target.Several(List.of(new Target.Span(3, 9, "name"))));
        assertThat(List.of("a;b", "[a, b]", "[\"a\"] b", "[1]", "[", ""))
                .allSatisfy(cell -> assertThat(FileLabels.parts(cell)).isEmpty());
        assertThat(
                        read(new FileLabels(ADAPTERS, true)
                                        .document(row, OWN_NAMES.pointer(ExampleField.LABEL), list))
                                .target())
                .isEqualTo(list);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"late\"]|late",
                "[\"late\", \"broken\"]|broken,late",
                "[\"broken\",\"late\"]|broken,late",
                "[]|",
                " [ \"late\" ] |late"
            })
    void aListOfLabelsIsOneWhereItsAdapterLearnsSeveral(String list, String labels)
            throws Exception {
        Target expected =
                new Target.Several(
                        labels == null
                                ? List.of()
                                : Stream.of(labels.split(","))
                                        .<Target>map(Target.Label::new)
                                        .toList());
        byte[] row = row("tickets", '"' + list.replace("\"", "\"\"") + '"');

        assertThat(target(row, "tickets", true)).isEqualTo(expected);
        assertThat(target(line("tickets", list), "tickets", false)).isEqualTo(expected);
        assertThat(obstacle(expected, "tickets")).isEmpty();
        byte[] sent =
                new FileLabels(ADAPTERS, true)
                        .document(row, OWN_NAMES.pointer(ExampleField.LABEL), expected);
        assertThat(read(sent).target()).isEqualTo(expected);
    }

    @Test
    void aCellWithoutAListIsThatLabelAlone() throws Exception {
        Target late = target(row("tickets", "late"), "tickets", true);

        assertThat(late).isEqualTo(new Target.Label("late"));
        assertThat(obstacle(late, "tickets")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "late;broken",
                "late, broken",
                "late,broken",
                "late|broken",
                "late broken",
                "late/broken",
                "late & broken",
                "late+broken",
                "late\\nbroken",
                "Late;Broken",
                "late;unheard-of",
                "unheard-of,late",
                "[late, broken]",
                "['late', 'broken']",
                "[late]"
            })
    void labelsInOneTextAreToldWithTheFormOfAList(String written) throws Exception {
        String sample = "[\"late\", \"broken\"]";
        String text = written.replace("\\n", "\n");
        Target cell = target(row("tickets", '"' + text + '"'), "tickets", true);
        Target json = target(line("tickets", '"' + written + '"'), "tickets", false);
        Target listed = target(line("tickets", "[\"" + written + "\"]"), "tickets", false);

        assertThat(cell).isEqualTo(new Target.Label(text));
        assertThat(obstacle(cell, "tickets").orElseThrow())
                .contains("looks like several in one text", "a cell holds JSON, such as " + sample);
        assertThat(List.of(json, listed))
                .allSatisfy(
                        target ->
                                assertThat(
                                                new FileLabels(ADAPTERS, false)
                                                        .judge(target, "tickets")
                                                        .obstacle()
                                                        .orElseThrow())
                                        .contains("looks like several", "write it as " + sample));
    }

    @Test
    void whatLooksLikeSeveralIsUnknownBesides() {
        assertThat(
                        new FileLabels(ADAPTERS, false)
                                .judge(new Target.Label("late;broken"), "tickets"))
                .satisfies(
                        verdict -> {
                            assertThat(verdict.obstacle()).isPresent();
                            assertThat(verdict.unknown()).containsExactly("late;broken");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"refund", "unheard-of, too", "late delivery", "a/late", "lateness"})
    void aLabelThatIsMerelyUnknownIsSent(String label) throws Exception {
        assertThat(obstacle(new Target.Label(label), "tickets")).isEmpty();
    }

    @Test
    void whatAnAdapterLearnsIsToldInItsOwnFormAlone() {
        FileLabels labels = new FileLabels(ADAPTERS, false);

        assertThat(
                        Stream.of("rating", "stars", "desk", "tickets", "names")
                                .map(adapter -> labels.form(adapter).orElseThrow()))
                .containsExactly(
                        "what adapter 'rating' learns (regression), such as 3.5",
                        "what adapter 'stars' learns (classification), such as \"1\"",
                        "what adapter 'desk' learns (question-answering), such as {\"start\": 3, \"end\": 9}",
                        "what adapter 'tickets' learns (multi-label-classification), such as [\"late\", \"broken\"]",
                        "what adapter 'names' learns (token-classification), such as [{\"start\": 3, \"end\": 9, \"label\": \"PER\"}]");
        assertThat(labels.form("unheard-of")).isEmpty();
    }

    @Test
    void everySampleOfATaskFitsItsAdapter() {
        for (String adapter : List.of("rating", "stars", "desk", "tickets", "names")) {
            String form = new FileLabels(ADAPTERS, false).form(adapter).orElseThrow();
            String sample = form.substring(form.indexOf("such as ") + "such as ".length());
            Target target = target(line(adapter, sample), adapter, false);

            assertThat(obstacle(target, adapter)).as(sample).isEmpty();
        }
    }

    @Test
    void aLabelTwiceInAListIsTold() throws Exception {
        Target twice = target(line("tickets", "[\"late\", \"late\"]"), "tickets", false);

        assertThat(obstacle(twice, "tickets"))
                .hasValueSatisfying(
                        sentence ->
                                assertThat(sentence)
                                        .contains("the list [late, late] has 'late' twice"));
    }

    @Test
    void aCellIsNoListWhereItsAdapterLearnsNone() throws Exception {
        String cell = "\"[\"\"ham\"\"]\"";

        assertThat(target(row("stars", cell), "stars", true))
                .isEqualTo(new Target.Label("[\"ham\"]"));
    }

    @Test
    void aDocumentOfJsonIsSentAsItIs() throws Exception {
        byte[] line = line("rating", "3.50");

        assertThat(
                        new FileLabels(ADAPTERS, false)
                                .document(
                                        line,
                                        OWN_NAMES.pointer(ExampleField.LABEL),
                                        new Target.Numeric(3.5)))
                .isSameAs(line);
    }

    @Test
    void aCommaWithoutQuotesIsToldOfAsACellTooMany() throws Exception {
        Path file = folder.resolve("ratings.csv");
        Files.writeString(file, HEADER + "00,rating,a text,3,5\n");

        try (RecordFile records = RecordFile.csv(file.toString())) {
            assertThat(records.next().orElseThrow())
                    .isInstanceOfSatisfying(
                            SourceRecord.Unreadable.class,
                            row ->
                                    assertThat(row.reason())
                                            .contains(
                                                    "5 cells, expected 4",
                                                    "double quotes",
                                                    "a point for its decimals"));
        }
    }

    @Test
    void aCellWithPlacesIsAListWhereTheAdapterLearnsWhereAnswersAre() throws Exception {
        Target place = new Target.Several(List.of(new Target.Span(3, 9)));

        assertThat(target(row("desk", "\"[{\"\"start\"\": 3, \"\"end\"\": 9}]\""), "desk", true))
                .isEqualTo(place);
        assertThat(target(row("desk", "\"{\"\"start\"\": 3, \"\"end\"\": 9}\""), "desk", true))
                .isEqualTo(new Target.Span(3, 9));
        assertThat(target(row("desk", "[]"), "desk", true))
                .isEqualTo(new Target.Several(List.of()));
        assertThat(obstacle(place, "desk")).isEmpty();
        assertThat(obstacle(new Target.Label("nine"), "desk").orElseThrow())
                .contains(
                        "the label 'nine' is no answer",
                        "a cell holds JSON, such as {\"start\": 3, \"end\": 9}");
    }

    @Test
    void aCellOfAnAdapterOfEntitiesHoldsAListOfThem() throws Exception {
        Target entities = new Target.Several(List.of(new Target.Span(3, 9, "PER")));

        assertThat(target(row("names", "\"[[3, 9, \"\"PER\"\"]]\""), "names", true))
                .isEqualTo(entities);
        assertThat(target(row("names", "[]"), "names", true))
                .isEqualTo(new Target.Several(List.of()));
        assertThat(obstacle(entities, "names")).isEmpty();
        assertThat(obstacle(new Target.Label("Anna"), "names").orElseThrow())
                .contains(
                        "the label Anna is no list of entities",
                        "a cell holds JSON, such as [{\"start\": 3, \"end\": 9, \"label\": \"PER\"}]");
    }

    private static Target target(byte[] record, String adapter, boolean isTable) {
        return new FileLabels(ADAPTERS, isTable).target(read(record), adapter);
    }

    private static Optional<String> obstacle(Target target, String adapter) {
        return new FileLabels(ADAPTERS, true).judge(target, adapter).obstacle();
    }

    private static List<String> unknown(Target target, String adapter) {
        return new FileLabels(ADAPTERS, true).judge(target, adapter).unknown();
    }

    private static MappedJson read(byte[] record) {
        return new JsonDocuments(OWN_NAMES).read(record, "place");
    }

    private static byte[] line(String adapter, String label) {
        return "{\"exampleId\": \"00\", \"adapterId\": \"%s\", \"text\": \"1.50\", \"label\": %s}"
                .formatted(adapter, label)
                .getBytes(UTF_8);
    }

    private byte[] row(String adapter, String cell) throws IOException {
        Path file = folder.resolve("labels.csv");
        Files.writeString(file, HEADER + "00,%s,1.50,%s\n".formatted(adapter, cell));
        try (RecordFile records = RecordFile.csv(file.toString())) {
            return ((Document) records.next().orElseThrow()).json();
        }
    }
}
