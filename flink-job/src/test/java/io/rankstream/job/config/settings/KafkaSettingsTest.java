package io.rankstream.job.config.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {

    private static final KafkaSettings SETTINGS =
            new KafkaSettings(
                    "b:1",
                    Map.of(
                            "bootstrap.servers",
                            "other:1",
                            "sasl.jaas.config",
                            "x required username=\"rank\" password=\"geheim\";"),
                    "rankstream",
                    KafkaSettings.StartingOffsets.EARLIEST,
                    true,
                    Duration.ofMinutes(1));

    @Test
    void giveEveryClientTheBrokersAndTheProperties() {
        assertThat(SETTINGS.clientProperties())
                .containsEntry("bootstrap.servers", "b:1")
                .containsKey("sasl.jaas.config");
    }

    @Test
    void tellWhatTheClientSaysAndWhy() {
        Exception why = new IllegalStateException("no trust.\nin this");
        Exception loading = new IllegalArgumentException("the store is closed", why);
        SslAuthenticationException failure =
                new SslAuthenticationException(
                        "SSL handshake failed", new RuntimeException(loading));

        assertThat(SETTINGS.unusable(failure))
                .startsWith(
                        "the broker at b:1 cannot be used: SSL handshake failed: the store is"
                                + " closed: no trust. in this; check that it runs");
    }

    @Test
    void sayHowABrokerIsHadWhereNoneAnswers() {
        assertThat(SETTINGS.unusable(new TimeoutException("Timed out waiting for a node.")))
                .startsWith(
                        "the broker at b:1 does not answer: Timed out waiting for a node; start")
                .contains("'rankstream stack'", "--bootstrap-servers", "security.protocol");
    }

    @Test
    void nameAFailureThatSaysNothing() {
        assertThat(SETTINGS.unusable(new KafkaException(" ")))
                .contains("cannot be used: KafkaException; check");
    }

    @Test
    void tellTheReasonOnceAndNoSecret() {
        assertThat(SETTINGS.unusable(new KafkaException("bad option geheim.")))
                .startsWith("the broker at b:1 cannot be used: bad option ******; check");
    }
}
