package io.rankstream.ops.standing;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.recovery.LiveJob;
import io.rankstream.job.recovery.RecoveryException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSightTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final Optional<Instant> QUIET =
            Optional.of(NOW.minus(JobSight.QUIET).minusSeconds(1));

    private Optional<String> page = Optional.empty();
    private Optional<String> silent = Optional.empty();
    private RecoveryException trouble;
    private int looks;

    private final JobSight sight = new JobSight("tickets", this::search, ZoneOffset.UTC);

    private JobSight.Look search() throws RecoveryException {
        looks++;
        if (trouble != null) {
            throw trouble;
        }
        return new JobSight.Look(page, silent);
    }

    @Test
    void aJobWhoseOutputsGrowLearnsAndNeedNotBeLookedFor() throws Exception {
        assertThat(sight.see(Optional.of(NOW.minusSeconds(1)), NOW))
                .isEqualTo(new JobSight.Seen(JobSight.Doing.LEARNS, ""));
        assertThat(looks).isZero();
    }

    @Test
    void aJobThatIsNotSeenAndWritesNothingIsNoneThatLearns() throws Exception {
        JobSight.Seen seen = sight.see(QUIET, NOW);

        assertThat(seen.doing()).isEqualTo(JobSight.Doing.UNSEEN);
        assertThat(seen.sentence())
                .startsWith("No job with kafka.group-id 'tickets' is seen")
                .endsWith("nothing was learned, predicted or refused since 2026-05-04 09:58:59.");
    }

    @Test
    void topicsThatNoJobHasWrittenToYetSaySo() throws Exception {
        assertThat(sight.see(Optional.empty(), NOW).sentence())
                .endsWith("nothing was learned, predicted or refused yet.");
    }

    @Test
    void aJobThatRunsAndWritesNothingWaits() throws Exception {
        page = Optional.of("http://127.0.0.1:1/");

        JobSight.Seen seen = sight.see(QUIET, NOW);

        assertThat(seen.doing()).isEqualTo(JobSight.Doing.WAITS);
        assertThat(seen.sentence()).startsWith("The job runs (http://127.0.0.1:1/) and waits");
    }

    /** At every age of its newest record, from when it is looked for. */
    @ParameterizedTest
    @ValueSource(ints = {5, 6, 30, 59, 60, 3600})
    void aKilledJobDoesNotAnswerWhereItRanAndDoesNotLearn(int seconds) throws Exception {
        silent = Optional.of("http://127.0.0.1:8081");

        JobSight.Seen seen = sight.see(Optional.of(NOW.minusSeconds(seconds)), NOW);

        assertThat(seen.doing()).isEqualTo(JobSight.Doing.UNSEEN);
        assertThat(seen.sentence())
                .startsWith(
                        "The job with kafka.group-id 'tickets' does not answer at http://127.0.0.1:8081, where it ran, and nothing was learned, predicted or refused since 2026-05-04 ")
                .endsWith("'rankstream run --resume --config FILE' goes on.");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 30, 59})
    void aJobThatWasSeenAndIsNotDoesNotLearn(int seconds) throws Exception {
        page = Optional.of("http://127.0.0.1:1/");
        Instant earlier = NOW.minus(JobSight.LOOK_COUNTS);
        Optional<Instant> newest = Optional.of(NOW.minusSeconds(seconds));
        sight.see(Optional.of(earlier.minusSeconds(6)), earlier);
        page = Optional.empty();

        JobSight.Seen seen = sight.see(newest, NOW);

        assertThat(seen.doing()).isEqualTo(JobSight.Doing.UNSEEN);
        assertThat(seen.sentence()).contains("; it was seen last at 2026-05-04 09:59:50, and");
    }

    /** Its records come with its checkpoints, and it may run on another machine. */
    @ParameterizedTest
    @ValueSource(ints = {5, 6, 30, 59})
    void aJobThatWasNeverSeenLearnsUntilItsRecordsAreOld(int seconds) throws Exception {
        assertThat(sight.see(Optional.of(NOW.minusSeconds(seconds)), NOW).doing())
                .isEqualTo(JobSight.Doing.LEARNS);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 30, 59})
    void aJobThatIsSeenLearnsUntilItsRecordsAreOld(int seconds) throws Exception {
        page = Optional.of("http://127.0.0.1:1/");

        assertThat(sight.see(Optional.of(NOW.minusSeconds(seconds)), NOW).doing())
                .isEqualTo(JobSight.Doing.LEARNS);
    }

    @Test
    void aSearchThatFailsIsTold() throws Exception {
        trouble = LiveJob.runsAlready("tickets", "twice");

        JobSight.Seen seen = sight.see(QUIET, NOW);

        assertThat(seen.doing()).isEqualTo(JobSight.Doing.UNSEEN);
        assertThat(seen.sentence()).startsWith("It is not known").contains("runs already twice");
    }

    @Test
    void aJobIsLookedForAgainOnceTheLastLookIsOld() throws Exception {
        sight.see(QUIET, NOW);
        page = Optional.of("http://127.0.0.1:1/");

        Instant soon = NOW.plus(JobSight.LOOK_COUNTS).minus(Duration.ofMillis(1));
        assertThat(sight.see(QUIET, soon).doing()).isEqualTo(JobSight.Doing.UNSEEN);
        assertThat(sight.see(QUIET, NOW.plus(JobSight.LOOK_COUNTS)).doing())
                .isEqualTo(JobSight.Doing.WAITS);
        assertThat(looks).isEqualTo(2);
    }
}
