package io.rankstream.ops.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.ops.send.FileLabels;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.Span;
import io.rankstream.schemas.VoteKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VoteReaderTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private static final String SHORTEST =
            "{'exampleId': 't-1', 'adapterId': 'acme', 'annotator': 'ann', 'label': 'billing'}";

    private final VoteReader reader = reader("", false);

    @Test
    void needsNoMoreThanWhoSaysWhatOfWhichInput() {
        assertThat(read(SHORTEST))
                .isEqualTo(
                        LabelVote.newBuilder()
                                .setLabelId("send/ann")
                                .setRevision(NOW.toEpochMilli())
                                .setExampleId("t-1")
                                .setAdapterId("acme")
                                .setAnnotator("ann")
                                .setKind(VoteKind.VOTE)
                                .setLabel("billing")
                                .setSource("send")
                                .setLabeledAt(NOW)
                                .build());
    }

    @Test
    void hasEveryFieldOfItsContract() {
        assertThat(Arrays.stream(VoteField.values()).map(VoteField::key))
                .containsExactlyInAnyOrderElementsOf(
                        LabelVote.getClassSchema().getFields().stream()
                                .map(field -> field.name())
                                .toList());
        assertThat(
                        read(
                                """
                                {'labelId': 'l', 'revision': 3, 'exampleId': 7, 'adapterId': 'acme',
                                 'requestId': 'r', 'annotator': 'ann', 'kind': 'vote', 'label': 'outage',
                                 'labelRevision': 2, 'suggestionShown': true, 'leadTimeMs': 1200,
                                 'source': 'forms', 'labeledAt': '2026-05-04T12:00:00+02:00'}
                                """))
                .isEqualTo(
                        new LabelVote(
                                "l",
                                3L,
                                "7",
                                "acme",
                                "r",
                                "ann",
                                VoteKind.VOTE,
                                "outage",
                                2L,
                                true,
                                1200L,
                                "forms",
                                NOW));
    }

    @Test
    void aChangeOfAVoteHasItsIdAndAHigherRevision() {
        LabelVote vote = read(SHORTEST);
        LabelVote correction = read(SHORTEST.replace("billing", "outage"));
        LabelVote retraction =
                read(SHORTEST.replace("'label': 'billing'", "'kind': 'RETRACT', 'label': null"));

        assertThat(correction.getLabelId()).isEqualTo(vote.getLabelId());
        assertThat(retraction.getLabelId()).isEqualTo(vote.getLabelId());
        assertThat(correction.getRevision()).isGreaterThan(vote.getRevision());
        assertThat(retraction.getRevision()).isGreaterThan(correction.getRevision());
        assertThat(retraction.getLabel()).isNull();
    }

    @Test
    void sentTwiceItIsOneWhereItSaysWhenItWasGiven() {
        String dated = SHORTEST.replace("}", ", 'labeledAt': 1000}");

        assertThat(read(dated)).isEqualTo(read(dated));
        assertThat(read(dated).getRevision()).isEqualTo(1000);
    }

    @Test
    void mayTakeBackTheVoteOfSomebodyByItsId() {
        LabelVote vote =
                read("{'exampleId': 't', 'adapterId': 'a', 'kind': 'RETRACT', 'labelId': 'l'}");

        assertThat(vote.getAnnotator()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'label': 'billing' | 'label': '' | label is ",
                "'label': 'billing' | 'label': null | kind is VOTE and there is no label",
                "'label': 'billing' | 'label': ['a', {}] | label is a list with no start or no end, expected",
                "'label': 'billing' | 'label': {'start': 1} | label is an object with no start or no end, expected",
                "'label': 'billing' | 'label': {'start': 3, 'end': 1} | label is '3 to 1', expected",
                "'label': 'billing' | 'label': ['a', 1] | label is a list with a number, expected",
                "'label': 'billing' | 'label': ['a', [1, 2]] | label is a list with labels and spans, expected",
                "'label': 'billing' | 'label': ['a', 'a'] | label is '[a, a]', expected",
                "'label': 'billing' | 'label': ['a', ' '] | label is '[ , a]', expected",
                "'label': 'billing' | 'label': [[3, 1]] | label is '[3 to 1]', expected",
                "'label': 'billing' | 'label': '\\ud800' | label is a text with half of a surrogate pair",
                "'label': 'billing' | 'label': 'billing', 'kind': 'SKIP' | kind is SKIP and there is the label 'billing'",
                "'label': 'billing' | 'label': 'billing', 'kind': 'RETRACT' | kind is RETRACT and there is the label",
                "'label': 'billing' | 'label': 'billing', 'kind': 'MAYBE' | kind is 'MAYBE', expected VOTE, SKIP or RETRACT",
                "'label': 'billing' | 'label': 'billing', 'kind': 'UNKNOWN' | expected VOTE, SKIP or RETRACT",
                "'label': 'billing' | 'label': 'billing', 'kind': {} | kind is an object, expected a text",
                "'annotator': 'ann' | 'annotator': ' ' | annotator is ",
                "'annotator': 'ann' | 'annotator': null | annotator is missing or null",
                "'annotator': 'ann' | 'by': 'ann' | annotator is missing or null",
                "'exampleId': 't-1' | 'exampleId': null | exampleId is missing or null",
                "'exampleId': 't-1' | 'exampleId': [1] | exampleId is a list, expected a text",
                "'adapterId': 'acme' | 'adapterId': '../x' | adapterId is '../x', expected",
                "'adapterId': 'acme' | 'adapterId': null | adapterId is missing or null",
                "'annotator': 'ann' | 'annotator': 'ann', 'labelId': '' | label id '' has 0 characters, expected 1 to 1,024",
                "'annotator': 'ann' | 'annotator': 'ann', 'revision': 1.5 | revision is '1.5', expected a whole number",
                "'annotator': 'ann' | 'annotator': 'ann', 'revision': 1e99 | revision is '1E+99', expected a whole number",
                "'annotator': 'ann' | 'annotator': 'ann', 'labelRevision': 'x' | labelRevision is 'x', expected a whole number",
                "'annotator': 'ann' | 'annotator': 'ann', 'leadTimeMs': 'long' | leadTimeMs is 'long', expected a whole number",
                "'annotator': 'ann' | 'annotator': 'ann', 'suggestionShown': 1 | suggestionShown is '1', expected true or false",
                "'annotator': 'ann' | 'annotator': 'ann', 'labeledAt': 'today' | labeledAt is 'today', expected ISO-8601 with an offset",
                "'annotator': 'ann' | 'annotator': 'ann', 'labeledAt': 999999999999999999 | in the years 1 to 9999",
                "'annotator': 'ann' | 'annotator': 'ann', 'annotator': 'bob' | it is not JSON",
                "{ | [ | it is not JSON",
                "} | } {} | it is not JSON",
                "'exampleId' | 'exampleId' 'exampleId' | it is not JSON"
            })
    void saysWhatIsWrong(String part, String instead, String problem) {
        VoteReader.Read read = reader.read(json(SHORTEST.replace(part, instead)));

        assertThat(read.vote()).isEmpty();
        assertThat(read.problems()).singleElement().asString().contains(problem);
    }

    @Test
    void saysAllThatIsWrongAndWhatIsMissing() {
        VoteReader.Read read = reader.read(json("{'labeledAt': 'today'}"));

        assertThat(read.problems()).hasSize(4);
        assertThat(read.missing())
                .containsExactly(VoteField.EXAMPLE_ID, VoteField.ADAPTER_ID, VoteField.ANNOTATOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "null", "'x'"})
    void isAnObject(String document) {
        assertThat(reader.read(json(document)).problems())
                .singleElement()
                .asString()
                .matches("it is (no JSON object, expected one|not JSON.*)");
    }

    @Nested
    class Labels {

        @Test
        void areWhatTheirAdapterLearns() throws Exception {
            assertThat(labelOf("names", "3.50", false)).isEqualTo("3.50");
            assertThat(labelOf("numbers", "3.50", false)).isEqualTo(3.5);
            assertThat(labelOf("numbers", "'3.50'", true)).isEqualTo(3.5);
            assertThat(labelOf("names", "true", false)).isEqualTo("true");
        }

        @Test
        void ofAModelElsewhereAreWhatTheFileSays() throws Exception {
            assertThat(labelOf("elsewhere", "3.5", false)).isEqualTo(3.5);
            assertThat(labelOf("elsewhere", "'ham'", false)).isEqualTo("ham");
            assertThat(labelOf("elsewhere", "{'start': 1, 'end': 4}", false))
                    .isEqualTo(new Span(1, 4, null));
            assertThat(labelOf("elsewhere", "{'start': 1, 'end': 4, 'label': 'name'}", false))
                    .isEqualTo(new Span(1, 4, "name"));
            assertThat(labelOf("elsewhere", "['spam', 'ham']", false))
                    .isEqualTo(List.of("ham", "spam"));
            assertThat(labelOf("elsewhere", "[[1, 4, 'name']]", false))
                    .isEqualTo(List.of(new Span(1, 4, "name")));
        }

        @Test
        void thatAnAdapterCannotLearnAreTold() throws Exception {
            assertThat(
                            reader("", false, adapters())
                                    .read(json(vote("numbers", "'high'")))
                                    .problems())
                    .hasSize(1);
            assertThat(
                            reader("", false, adapters())
                                    .read(json(vote("numbers", "1e999")))
                                    .problems())
                    .isNotEmpty();
        }

        @Test
        void thatAnAdapterMayGetYetAreSent() throws Exception {
            assertThat(labelOf("names", "'new'", false)).isEqualTo("new");
        }

        private Object labelOf(String adapter, String label, boolean isTable)
                throws ConfigException {
            return reader("", isTable, adapters())
                    .read(json(vote(adapter, label)))
                    .vote()
                    .orElseThrow()
                    .getLabel();
        }

        private static String vote(String adapter, String label) {
            return SHORTEST.replace("acme", adapter).replace("'billing'", label);
        }

        private static ConfiguredAdapters adapters() throws ConfigException {
            return ConfigFile.parse(
                            """
                            kafka.bootstrap-servers: broker:9092
                            registry.url: http://registry:8081
                            publish.directory: /adapters
                            adapters:
                              names: {labels: [ham, spam]}
                              numbers: {task: regression}
                            """,
                            "job.yaml")
                    .adapters();
        }
    }

    @Nested
    class Mapping {

        @ParameterizedTest
        @EnumSource(VoteField.class)
        void namesWhereAnyFieldStands(VoteField field) {
            String elsewhere = SHORTEST.replace("'" + field.key() + "'", "'else'");

            assertThat(reader(field.key() + "=else", false).read(json(elsewhere)).vote())
                    .isEqualTo(reader("", false).read(json(SHORTEST)).vote());
        }

        @Test
        void takesPathsOfDocumentsAndNamesOfColumns() {
            assertThat(
                            reader("label=truth.is", false)
                                    .read(
                                            json(
                                                    SHORTEST.replace(
                                                            "'label': 'billing'",
                                                            "'truth': {'is': 'outage'}")))
                                    .vote()
                                    .orElseThrow()
                                    .getLabel())
                    .isEqualTo("outage");
            assertThat(
                            reader("label=truth.is/was", true)
                                    .read(json(SHORTEST.replace("'label'", "'truth.is/was'")))
                                    .vote())
                    .isPresent();
        }

        @Test
        void hasDefaultsForWhatVotesOfAFileHaveInCommon() {
            LabelVote vote =
                    reader(
                                    "defaults.adapterId=acme,defaults.annotator=ann,defaults.source=forms",
                                    false)
                            .read(
                                    json(
                                            "{'exampleId': 't', 'label': 'billing', 'annotator': 'bob'}"))
                            .vote()
                            .orElseThrow();

            assertThat(vote.getAdapterId()).isEqualTo("acme");
            assertThat(vote.getAnnotator()).isEqualTo("bob");
            assertThat(vote.getLabelId()).isEqualTo("forms/bob");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "lable=x | 'lable' is no field, expected one of exampleId, adapterId, annotator, label",
                    "label | 'label' has no '=', expected field=path",
                    "label=a,label=b | label is given twice",
                    "label=a..b | label is 'a..b', expected a path",
                    "defaults.label=x | 'defaults.label' is no field",
                    "text=x | 'text' is no field"
                })
        void isRefusedWithWhatIsWrong(String map, String problem) {
            assertThatThrownBy(() -> VoteMapping.parse(map, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(problem);
        }
    }

    private LabelVote read(String document) {
        return reader.read(json(document)).vote().orElseThrow();
    }

    private static VoteReader reader(String map, boolean isTable) {
        return reader(map, isTable, ConfiguredAdapters.NONE);
    }

    private static VoteReader reader(String map, boolean isTable, ConfiguredAdapters adapters) {
        return new VoteReader(
                VoteMapping.parse(map, isTable),
                new FileLabels(adapters, isTable),
                InstantSource.fixed(NOW));
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
