package io.rankstream.ops.run.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.run.JobGlance;
import io.rankstream.ops.run.JobGlance.Failure;
import io.rankstream.ops.run.RootCause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;

class RestartWatchTest {

    private static final long START = 1_000_000;

    private final RestartWatch watch =
            new RestartWatch(time -> Duration.ofSeconds(4), new RootCause("unused:9092"));
    private final List<String> lines = new ArrayList<>();

    private int restarts;
    private long checkpoints;
    private long now = START;
    private Failure newest;

    @Test
    void ofAJobThatRunsNothingIsTold() {
        see(true);
        assertThat(lines).isEmpty();
    }

    @Test
    void aFailureIsOneLineWithItsRootTheAttemptAndItsTime() {
        fail(new RuntimeException("Failure.", new IOException("disk\n full.")));
        assertThat(lines)
                .containsExactly(
                        "the job failed: IOException: disk full; attempt 2 begins in about 4 s");
    }

    @Test
    void stateThatCannotBeReadTwiceIsADeadEnd() {
        fail(new RocksDBException("Corruption: block checksum mismatch"));
        assertThat(watch.deadEnd()).isEmpty();
        restart();
        now = START + 5_000;
        fail(new RocksDBException("Corruption: block checksum mismatch"));
        assertThat(watch.deadEnd())
                .hasValue("RocksDBException: Corruption: block checksum mismatch");
    }

    @Test
    void whatMayPassIsNoDeadEndHoweverOftenItComes() {
        for (int i = 1; i < 9; i++) {
            fail(new IOException("disk full"));
            restart();
            now = START + 5_000L * i;
        }
        assertThat(watch.deadEnd()).isEmpty();
    }

    @Test
    void aFailureIsToldOnceHoweverOftenItIsSeen() {
        fail(new IOException("disk full"));
        see(false);
        see(false);
        assertThat(lines).hasSize(1);
    }

    @Test
    void tasksThatFailInTheSameAttemptAreOneFailure() {
        fail(new IOException("broker gone"));
        newest = new Failure(now + 1, new IOException("the other task saw it, too"));
        see(false);
        assertThat(lines).hasSize(1);
    }

    @Test
    void aJobThatRunsAgainSaysAfterHowLong() {
        fail(new IOException("disk full"));
        restart();
        now = START + 6_200;
        see(true);
        see(true);
        assertThat(lines).last().isEqualTo("the job runs again after 6 s");
        assertThat(lines).hasSize(2);
    }

    @Test
    void theTimeIsThatFromTheFirstFailureWhereAttemptsFailBeforeTheJobRuns() {
        fail(new IOException("disk full"));
        restart();
        now = START + 5_000;
        fail(new IOException("disk full"));
        restart();
        now = START + 20_000;
        see(true);
        assertThat(lines.get(1)).contains("attempt 3");
        assertThat(lines).last().isEqualTo("the job runs again after 20 s");
    }

    @Test
    void aRestartThatCameTooSoonToBeSeenIsTold() {
        restarts = 1;
        newest = new Failure(now, new IOException("disk full"));
        see(true);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("attempt 2");
        assertThat(lines.get(1)).contains("runs again");
    }

    @Test
    void theSameFailureThreeTimesInARowIsSaidPlainlyAndAgainWhenItHasDoubled() {
        for (int i = 0; i < 12; i++) {
            fail(new IOException("offset " + i + " of f" + i + "-aa/b" + i + " cannot be read"));
            restart();
        }
        assertThat(lines.stream().filter(line -> line.contains("in a row")))
                .hasSize(3)
                .satisfiesExactly(
                        third -> assertThat(third).contains("failed 3 times", "Ctrl-C"),
                        sixth -> assertThat(sixth).contains("failed 6 times"),
                        twelfth -> assertThat(twelfth).contains("failed 12 times"));
    }

    @Test
    void aCheckpointInBetweenBeginsTheCountAnew() {
        for (int i = 0; i < 12; i++) {
            fail(new IOException("disk full"));
            restart();
            checkpoints += i % 2;
        }
        assertThat(lines).noneMatch(line -> line.contains("in a row"));
    }

    @Test
    void anotherReasonInBetweenBeginsTheCountAnew() {
        for (int i = 0; i < 12; i++) {
            fail(new IOException(i % 2 == 0 ? "disk full" : "broker gone"));
            restart();
        }
        assertThat(lines).noneMatch(line -> line.contains("in a row"));
    }

    @Test
    void ofAJobThatWillNotBeTriedAgainItsEndTells() {
        Failure failure = new Failure(now, new IOException("disk full"));
        lines.addAll(watch.see(new JobGlance(true, false, 0, 0, Optional.of(failure)), now));
        assertThat(lines).isEmpty();
    }

    private void fail(Throwable cause) {
        newest = new Failure(now, cause);
        see(false);
        now++;
    }

    private void restart() {
        restarts++;
        see(false);
    }

    private void see(boolean running) {
        lines.addAll(
                watch.see(
                        new JobGlance(
                                false, running, restarts, checkpoints, Optional.ofNullable(newest)),
                        now));
    }
}
