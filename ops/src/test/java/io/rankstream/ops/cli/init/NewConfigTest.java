package io.rankstream.ops.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.topic.Topic;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewConfigTest {

    private static final List<String> ODD_LABELS =
            List.of("it's", "a, b", "#1", "null", "yes: no", " [x]");

    @Test
    void aNewConfigurationIsShort() {
        assertThat(settings(config("tickets", List.of("ham", "spam"), List.of())))
                .hasSizeLessThanOrEqualTo(8);
    }

    @Test
    void everyAdapterIsAdmittedUnlessSomeAreNamed() throws Exception {
        JobConfig any = parse(config("tickets", ODD_LABELS, List.of()));
        assertThat(any.adapters().others()).isPresent();
        assertThat(any.adapters().named()).isEmpty();

        JobConfig named = parse(config("tickets", ODD_LABELS, List.of("acme", "tickets.eu", "12")));
        assertThat(named.adapters().others()).isEmpty();
        assertThat(named.adapters().named()).containsOnlyKeys("acme", "tickets.eu", "12");
    }

    @Test
    void withoutLabelsItsAdaptersLearnNumbers() throws Exception {
        JobConfig any = parse(config("ratings", List.of(), List.of()));
        assertThat(any.adapters().others().orElseThrow().template().head().task())
                .isEqualTo(new Regression());

        JobConfig named = parse(config("ratings", List.of(), List.of("wine")));
        assertThat(named.adapters().template("wine").orElseThrow().head().task())
                .isEqualTo(new Regression());
        assertThat(named.adapters().others()).isEmpty();
    }

    @Test
    void twoJobsOnOneBrokerShareNothing() throws Exception {
        JobConfig one = parse(config("one", ODD_LABELS, List.of()));
        JobConfig other = parse(config("other", ODD_LABELS, List.of()));

        for (Topic<?> topic : Topic.ALL) {
            assertThat(one.topics().of(topic)).isEqualTo("one-" + topic.role());
            assertThat(other.topics().of(topic)).isEqualTo("other-" + topic.role());
        }
        assertThat(one.kafka().groupId()).isNotEqualTo(other.kafka().groupId());
        assertThat(one.publish().directory()).isNotEqualTo(other.publish().directory());
    }

    @Test
    void severalLabelsAreSaidFromAThresholdOn() throws Exception {
        NewConfig written =
                new NewConfig(
                        "tickets",
                        "127.0.0.1:9092",
                        "http://127.0.0.1:8081",
                        new MultiLabel(),
                        List.of("late", "broken"),
                        List.of(),
                        Path.of("/tmp", "tickets"));

        assertThat(settings(written))
                .contains(
                        "training.task: multi-label-classification",
                        "training.labels: ['late', 'broken']",
                        "training.threshold: 0.5");
        assertThat(parse(written).adapters().template("any").orElseThrow().head().task())
                .isEqualTo(new MultiLabel());
    }

    private static NewConfig config(String name, List<String> labels, List<String> adapters) {
        return new NewConfig(
                name,
                "127.0.0.1:9092",
                "http://127.0.0.1:8081",
                labels.isEmpty() ? new Regression() : new Classification(),
                labels,
                adapters,
                Path.of("/tmp", name));
    }

    private static List<String> settings(NewConfig config) {
        return config.yaml()
                .lines()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                .toList();
    }

    private static JobConfig parse(NewConfig config) throws Exception {
        return ConfigFile.parse(config.yaml(), "test");
    }
}
