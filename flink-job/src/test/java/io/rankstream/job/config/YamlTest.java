package io.rankstream.job.config;

import static io.rankstream.job.config.ConfigTexts.MINIMAL;
import static io.rankstream.job.config.ConfigTexts.REQUIRED;
import static io.rankstream.job.config.ConfigTexts.errorsOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of YAML a file may have. */
class YamlTest {

    @Test
    void mayNotGiveAKeyTwiceInOneMapping() {
        assertThat(errorsOf(MINIMAL + "kafka.group-id: a\nkafka.group-id: b\n"))
                .containsExactly(
                        "job.yaml:6: kafka.group-id is given twice in one mapping; keep one of"
                                + " the two");
    }

    @Test
    void mayNotGiveAKeyTwiceInDifferentForms() {
        assertThat(
                        errorsOf(
                                MINIMAL
                                        + """
                                        kafka: {group-id: a, properties: {acks: all}}
                                        kafka.group-id: b
                                        kafka.properties.acks: all
                                        """))
                .containsExactly(
                        "job.yaml:6: kafka.group-id is given twice, first in line 5; keep one of"
                                + " the two",
                        "job.yaml:7: kafka.properties.acks is given twice, first in line 5; keep"
                                + " one of the two");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: b: geheim|line 1, column 5: a colon stands where no key can be",
                "a: 'geheim|line 1, column 11: a quote is opened and never closed",
                "a: [geheim|line 1, column 11: a list in brackets goes on without ',' or ']'",
                "a: @geheim|line 1, column 4: a value begins with a character of YAML's own",
            })
    void withASyntaxErrorIsRefusedInOneSentenceWithThePlace(String yaml, String message) {
        assertThat(errorsOf(yaml).get(0))
                .startsWith("job.yaml:1: not YAML at " + message)
                .doesNotContain("geheim")
                .doesNotContain("\n");
    }

    @Test
    void withACharacterThatYamlForbidsIsRefused() {
        assertThat(errorsOf("a: \u0001").get(0)).contains("it has a control character");
    }

    @Test
    void mayBeEmptyButThenLacksWhatIsRequired() {
        assertThat(errorsOf("# nothing\n")).hasSize(4);
    }

    @Test
    void mustBeAMapping() {
        assertThat(errorsOf("- a\n- b\n").get(0))
                .isEqualTo(
                        "job.yaml:1: the file is no mapping, expected lines such as"
                                + " 'kafka.group-id: rankstream'");
    }

    @Test
    void mayNotHaveASecondDocument() {
        assertThat(errorsOf(MINIMAL + "---\nkafka.group-id: x\n"))
                .singleElement()
                .asString()
                .contains("a second document begins here");
    }

    @Test
    void mayNotHaveAliases() {
        assertThat(errorsOf(MINIMAL + "kafka.group-id: &id x\ntopics.predictions: *id\n"))
                .singleElement()
                .asString()
                .contains("topics.predictions is an alias");
    }

    @Test
    void mayNotHaveListsInLists() {
        assertThat(errorsOf(REQUIRED + "training.labels: [a, b, [c]]\n"))
                .singleElement()
                .asString()
                .contains("expected plain values");
    }
}
