package io.rankstream.job.config;

import static io.rankstream.job.config.ConfigTexts.MINIMAL;
import static io.rankstream.job.config.ConfigTexts.errorsOf;
import static io.rankstream.job.config.ConfigTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.Environment;
import io.rankstream.job.topic.Topic;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the names of topics begin with. */
class TopicPrefixTest {

    @SuppressWarnings("unused") // JUnit reads it
    private static final Iterable<Topic<?>> TOPICS = Topic.ALL;

    @ParameterizedTest
    @FieldSource("TOPICS")
    void standsBeforeTheNameOfEveryTopicThatIsNotNamed(Topic<?> topic) throws ConfigException {
        JobConfig config = parse(MINIMAL + "topics.prefix: acme-\n");

        assertThat(config.topics().of(topic)).isEqualTo("acme-" + topic.role());
    }

    @ParameterizedTest
    @FieldSource("TOPICS")
    void leavesANamedTopicAlone(Topic<?> topic) throws ConfigException {
        String named = topic.option().key() + ": mine\n";

        for (String yaml :
                new String[] {named + "topics.prefix: acme-", "topics.prefix: acme-\n" + named}) {
            JobConfig config = parse(MINIMAL + yaml);

            assertThat(config.topics().of(topic)).isEqualTo("mine");
            assertThat(config.topics().byTopic().values())
                    .filteredOn(name -> !name.equals("mine"))
                    .hasSize(Topic.ALL.size() - 1)
                    .allMatch(name -> name.startsWith("acme-"));
        }
    }

    @Test
    void isNoneUnlessSaid() throws ConfigException {
        assertThat(parse(MINIMAL + "topics.prefix: ''").topics())
                .isEqualTo(parse(MINIMAL).topics());
    }

    @Test
    void leavesRoomForEveryName() throws ConfigException {
        int most = 249 - "input-predictions".length();

        assertThat(
                        parse(MINIMAL + "topics.prefix: " + "a".repeat(most))
                                .topics()
                                .byTopic()
                                .values())
                .allMatch(org.apache.kafka.common.internals.Topic::isValid);
        assertThat(errorsOf(MINIMAL + "topics.prefix: " + "a".repeat(most + 1)))
                .singleElement()
                .asString()
                .startsWith("job.yaml:5: topics.prefix is 'aaa")
                .contains("expected nothing, or up to " + most + " letters, digits");
    }

    @Test
    void mayComeFromTheEnvironment() throws ConfigException {
        assertThat(
                        parse(MINIMAL + "topics.prefix: '${env:TEAM}.'", Map.of("TEAM", "acme"))
                                .topics()
                                .of(Topic.LABELS))
                .isEqualTo("acme.labels");
        assertThat(errorsOf(MINIMAL + "topics.prefix: '${env:TEAM}.'")).hasSize(1);
    }

    @Test
    void makesATopicAnotherOneAsANameDoes() {
        assertThat(errorsOf(MINIMAL + "topics.prefix: acme.\ntopics.predictions: acme_labels\n"))
                .singleElement()
                .asString()
                .contains("topics.labels is 'acme.labels', expected another topic than");
    }

    @Test
    void isShownAsWhereNamesComeFrom() throws ConfigException {
        String shown =
                ConfigFile.describe(
                        MINIMAL + "topics.prefix: acme-\ntopics.labels: votes\n",
                        "job.yaml",
                        false,
                        new Environment(name -> null));

        assertThat(shown.lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "topics.prefix: acme- # job.yaml:5",
                        "topics.predictions: acme-predictions # job.yaml:5",
                        "topics.labels: votes # job.yaml:6");
        assertThat(ConfigFile.parse(shown, "shown").topics().of(Topic.PREDICTIONS))
                .isEqualTo("acme-predictions");
    }
}
