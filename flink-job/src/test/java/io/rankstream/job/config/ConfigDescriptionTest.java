package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.Environment;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigDescriptionTest {

    private static final String YAML =
            """
            kafka:
              bootstrap-servers: ${env:BROKERS}
              properties:
                security.protocol: SASL_SSL
                sasl.jaas.config: 'x required password="geheim";'
                client.id: ${env:CLIENT}
            registry.url: http://user:geheim@registry:8081
            publish.directory: s3://bucket/adapters
            training.labels: [ham, "a, b: c"]
            adapters:
              acme.eu:
                init-rank: 16
              plain:
            flink:
              s3.secret-key: geheim
              state.dir: s3://key:geheim@bucket/state
              parallelism.default: 2
            """;

    private static final Environment VARIABLES =
            new Environment(Map.of("BROKERS", "b:1", "CLIENT", "geheim")::get);

    private static String describe(String yaml, boolean descriptions) throws ConfigException {
        return ConfigFile.describe(yaml, "job.yaml", descriptions, VARIABLES);
    }

    @Test
    void tellsEachValueAndWhereItCameFrom() throws ConfigException {
        assertThat(describe(YAML, false).lines().map(line -> line.replaceAll(" +# ", " # ")))
                .contains(
                        "kafka.bootstrap-servers: b:1 # job.yaml:2 and the environment",
                        "kafka.group-id: rankstream # default",
                        "kafka.properties.security.protocol: SASL_SSL # job.yaml:4",
                        "training.labels: [ham, \"a, b: c\"] # job.yaml:9",
                        "  acme.eu:",
                        "    init-rank: 16 # job.yaml:12",
                        "  plain: {}",
                        "batch.linger: 10 s # default",
                        "# model.directory is not set",
                        "flink.parallelism.default: 2 # job.yaml:17",
                        "flink.execution.checkpointing.interval: 10 s # default");
    }

    @Test
    void leavesOutEverySecret() throws ConfigException {
        assertThat(describe(YAML, true))
                .doesNotContain("geheim")
                .contains("kafka.properties.sasl.jaas.config: \"******\"")
                .contains("kafka.properties.client.id: \"${env:CLIENT}\"")
                .contains("registry.url: \"http://******@registry:8081\"")
                .contains("flink.s3.secret-key: \"******\"")
                .contains("flink.state.dir: \"s3://******@bucket/state\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://host/geheim/apis/ccompat/v7",
                "https://host?token=geheim",
                "https://me:geheim@host",
                "https://me:ge/geheim@host",
                "ftp://host/geheim",
                "host:8081/geheim",
                "https:/geheim?",
            })
    void showsNoTokenOfARegistrysUrlWhateverItIs(String url) {
        String text;
        try {
            text = describe(YAML.replace("http://user:geheim@registry:8081", url), true);
        } catch (ConfigException e) {
            text = e.getMessage();
        }
        assertThat(text).contains("registry.url").doesNotContain("geheim");
    }

    @Test
    void showsWhatIsFixedAndWhatRunAdds() throws ConfigException {
        assertThat(describe(YAML, false).lines().map(line -> line.replaceAll(" +# ", " # ")))
                .contains(
                        "# kafka.properties.isolation.level: read_committed # fixed",
                        "# kafka.properties.acks: all # fixed",
                        "# flink.pipeline.name: rankstream # fixed",
                        "# flink.rest.bind-address: 127.0.0.1 # set by 'rankstream run'",
                        "# flink.web.submit.enable: false # set by 'rankstream run'",
                        "# flink.web.cancel.enable: false # set by 'rankstream run'",
                        "# flink.web.access-control-allow-origin: http://127.0.0.1 # set by 'rankstream run'");
    }

    @Test
    void explainsEachValueOnDemand() throws ConfigException {
        assertThat(describe(YAML, true)).contains("# Schema registry with Confluent's API");
        assertThat(describe(YAML, false)).doesNotContain("# Schema registry with");
    }

    @Test
    void readsBackAsTheSameConfiguration() throws ConfigException {
        String yaml =
                """
                kafka.bootstrap-servers: b:1,c:2
                kafka.properties.ssl.cipher.suites: [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384]
                registry.url: https://registry/apis/ccompat/v7
                publish.directory: /adapters
                training.labels: ["null", "a: b", "#", "quote \\" \\\\", "ä ", yes]
                training.optimizer.epsilon: 1.5e-7
                adapters:
                  a.b: {alpha: 1, budget.warmup-steps: 3}
                  "007":
                  own: {head: own}
                  price: {task: regression}
                  desk: {task: question-answering}
                  tickets: {task: multi-label-classification, threshold: 0.4}
                  names: {task: token-classification, labels: [O, B-PER, I-PER]}
                flink.my.list: [x, y]
                """;

        JobConfig original = ConfigFile.parse(yaml, "job.yaml");
        JobConfig again = ConfigFile.parse(describe(yaml, true), "description");

        assertThat(again)
                .usingRecursiveComparison()
                .withComparatorForType(
                        Comparator.comparing(each -> new TreeMap<>(each.toMap()).toString()),
                        Configuration.class)
                // a description gives everything, so that no former default is left
                .ignoringFields("firstPace")
                .isEqualTo(original);
    }
}
