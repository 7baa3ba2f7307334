package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.passthrough.FixedKafkaOptions;
import io.rankstream.job.config.passthrough.FlinkDefaults;
import io.rankstream.job.config.settings.KafkaSettings;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FixedOptionsTest {

    private static final String YAML =
            """
            kafka.bootstrap-servers: b:1
            registry.url: http://registry
            publish.directory: /adapters
            training.labels: [a, b]
            """;

    private static Stream<Map.Entry<String, String>> fixed() {
        return Stream.concat(
                FixedKafkaOptions.ALL.entrySet().stream()
                        .map(
                                each ->
                                        Map.entry(
                                                "kafka.properties." + each.getKey(),
                                                each.getValue())),
                FlinkDefaults.FIXED.entrySet().stream()
                        .map(each -> Map.entry("flink." + each.getKey(), each.getValue())));
    }

    @ParameterizedTest
    @MethodSource("fixed")
    void takeNoOtherValue(Map.Entry<String, String> option) {
        assertThatThrownBy(() -> ConfigFile.parse(YAML + option.getKey() + ": other", "job.yaml"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "job.yaml:5: %s is 'other', but the job needs %s and has it in force; remove it",
                        option.getKey(), option.getValue());
    }

    @ParameterizedTest
    @MethodSource("fixed")
    void takeTheValueInForce(Map.Entry<String, String> option) throws ConfigException {
        String yaml = "%s%s: %s".formatted(YAML, option.getKey(), option.getValue());

        assertThat(ConfigFile.describe(yaml, "job.yaml", false)).contains(option.getKey() + ": ");
    }

    @Test
    void areInForceInTheClientsOfTheJob() throws ConfigException {
        KafkaSettings kafka = ConfigFile.parse(YAML, "job.yaml").kafka();

        assertThat(kafka.consumerProperties()).containsAllEntriesOf(FixedKafkaOptions.CONSUMER);
        assertThat(kafka.producerProperties()).containsAllEntriesOf(FixedKafkaOptions.PRODUCER);
    }
}
