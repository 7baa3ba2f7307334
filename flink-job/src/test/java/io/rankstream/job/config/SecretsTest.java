package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.Secrets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.properties.sasl.jaas.config",
                "kafka.properties.ssl.keystore.password",
                "kafka.properties.SSL.KEY.PASSWORD",
                "kafka.properties.ssl.keystore.key",
                "kafka.properties.ssl.key",
                "kafka.properties.sasl.oauthbearer.client.credentials.client.secret",
                "registry.properties.basic.auth.user.info",
                "registry.properties.bearer.auth.token",
                "flink.s3.secret-key",
                "flink.s3.access-key",
                "flink.fs.azure.account.key.x",
            })
    void areTheValuesOfTelltaleKeys(String key) {
        assertThat(Secrets.redact(key, "geheim")).isEqualTo("******");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka.properties.acks", "flink.parallelism.default"})
    void areNotTheValuesOfOtherKeys(String key) {
        assertThat(Secrets.redact(key, "16")).isEqualTo("16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "batch.max-tokens: x16",
                "train.bundle-tokens: x16",
                "adapters: {token: {init-rank: x16}}",
                "registry.url: x16",
            })
    void areNotTheValuesOfOptionsThatAreNotHandedOn(String line) {
        assertThatThrownBy(() -> ConfigFile.parse(line, "job.yaml"))
                .hasMessageContaining("is 'x16'");
    }

    @Test
    void areThePathsOfTheRegistryInErrorsToo() {
        assertThatThrownBy(() -> ConfigFile.parse("registry.url: htp://r:1/geheim", "job.yaml"))
                .hasMessageContaining("is 'htp://r:1/******'");
    }

    @Test
    void areTheUsersOfUrls() {
        assertThat(Secrets.redact("http://me:ge@he/im@host:1/x"))
                .isEqualTo("http://******@host:1/x");
        assertThat(Secrets.redact("http://host:1/x")).isEqualTo("http://host:1/x");
    }

    @Test
    void areAssignmentsWithinAValue() {
        assertThat(Secrets.redact("a username=\"u\" password=\"ge heim\";"))
                .isEqualTo("a username=\"u\" password=******;");
        assertThat(Secrets.redact("http://host/?token=geheim&x=1"))
                .isEqualTo("http://host/?token=******&x=1");
    }

    @Test
    void areAssignmentsWithEscapedQuotes() {
        assertThat(Secrets.redact("x password=\"ge\\\"he im\" y")).isEqualTo("x password=****** y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.properties.ssl.keystore.location",
                "kafka.properties.ssl.keystore.type",
                "kafka.properties.ssl.truststore.location",
            })
    void areNotThePlacesOfKeyStores(String key) {
        assertThat(Secrets.redact(key, "/etc/store.p12")).isEqualTo("/etc/store.p12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cannot parse 'x required username=\"rank\" password=\"geheim\";'",
                "the option geheim has no value",
                "the store opens with neither trustme nor '' (keep it at /etc/store.p12)",
                "no user rank:hunter2 here, nor anybody with hunter2",
            })
    void areInNoMessageThatRepeatsAnOption(String message) {
        Map<String, String> options =
                Map.of(
                        "sasl.jaas.config",
                        "x required username=\"rank\" password=\"geheim\";",
                        "ssl.truststore.password",
                        "trustme",
                        "ssl.truststore.location",
                        "/etc/store.p12",
                        "basic.auth.user.info",
                        "rank:hunter2");

        assertThat(Secrets.redact(message, options))
                .doesNotContain("geheim", "trustme", "hunter2")
                .hasSizeGreaterThan(20);
        assertThat(Secrets.redact("see /etc/store.p12", options)).isEqualTo("see /etc/store.p12");
    }

    @Test
    void areTheWordsOfAnEntryOfJaasWhoseQuotesAreAstray() {
        Map<String, String> options =
                Map.of("sasl.jaas.config", "a.LoginModule required password=\"ge\"heim wort\";");

        assertThat(Secrets.redact("required: no value for 'heim' nor 'wort'", options))
                .isEqualTo("required: no value for '******' nor '******'");
    }

    @Test
    void areInNoText() throws ConfigException {
        JobConfig config =
                ConfigFile.parse(
                        """
                        kafka:
                          bootstrap-servers: b:1
                          properties: {sasl.jaas.config: 'a.Login required password="geheim";', x: geheim}
                        registry:
                          url: http://u:geheim@r:8081
                          properties: {basic.auth.user.info: geheim}
                        publish.directory: s3://bucket/x
                        training.labels: [a, b]
                        flink.x: geheim
                        """,
                        "job.yaml");

        assertThat(config.toString())
                .doesNotContain("geheim")
                .contains(
                        "sasl.jaas.config", "http://******@r:8081", "execution.checkpointing.mode");
    }
}
