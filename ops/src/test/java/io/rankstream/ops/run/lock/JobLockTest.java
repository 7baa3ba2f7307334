package io.rankstream.ops.run.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.recovery.RecoveryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobLockTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    @TempDir private Path parent;

    private Path folder;
    private JobLock held;

    @BeforeEach
    void take() throws Exception {
        folder = parent.resolve("not/made/yet");
        held = JobLock.take(folder, job("one:9092,two:9092", "tickets"), NOW);
    }

    @AfterEach
    void close() {
        held.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one:9092,two:9092",
                "two:9092,one:9092",
                " two:9092 , ONE:9092",
                "one:9092,two:9092,one:9092,"
            })
    void isOneForAJobHoweverItsBrokersAreWritten(String brokers) {
        assertThatThrownBy(() -> JobLock.take(folder, job(brokers, "tickets"), NOW))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("'tickets' runs already on this machine")
                .hasMessageContaining("rankstream stop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one:9092,two:9092 | mails",
                "one:9092 | tickets",
                "one:9092,two:9093 | tickets"
            })
    void isAnotherOneForAnotherJob(String brokers, String groupId) {
        assertThatCode(() -> JobLock.take(folder, job(brokers, groupId), NOW).close())
                .doesNotThrowAnyException();
    }

    @Test
    void saysWhoHasItAndSinceWhen() {
        assertThatThrownBy(() -> JobLock.take(folder, job("one:9092,two:9092", "tickets"), NOW))
                .hasMessageContaining("(process " + ProcessHandle.current().pid() + ", since 2026-")
                .extracting(Throwable::getMessage)
                .satisfies(message -> assertThat(message.toString().lines()).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "12x\n2026-05-04T10:00:00Z\n", "1\nyesterday\n", "1"})
    void isRefusedThoughItsHolderIsNotKnown(String note) throws Exception {
        try (var files = Files.list(folder)) {
            Path holder =
                    files.filter(file -> file.toString().endsWith(".holder"))
                            .findFirst()
                            .orElseThrow();
            Files.writeString(holder, note);
        }

        assertThatThrownBy(() -> JobLock.take(folder, job("one:9092,two:9092", "tickets"), NOW))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("runs already on this machine: ");
    }

    @Test
    void isFreeOnceItIsGivenBack() {
        held.close();

        assertThatCode(() -> JobLock.take(folder, job("one:9092,two:9092", "tickets"), NOW).close())
                .doesNotThrowAnyException();
    }

    private static KafkaSettings job(String brokers, String groupId) {
        return new KafkaSettings(
                brokers,
                Map.of(),
                groupId,
                KafkaSettings.StartingOffsets.EARLIEST,
                false,
                Duration.ofMinutes(15));
    }
}
