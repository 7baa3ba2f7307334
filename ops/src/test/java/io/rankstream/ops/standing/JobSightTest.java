package io.rankstream.ops.standing;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.recovery.LiveJob;
import io.rankstream.job.recovery.RecoveryException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobSightTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final Optional<Instant> QUIET =
            Optional.of(NOW.minus(JobSight.QUIET).minusSeconds(1));

    private Optional<String> page = Optional.empty();
    private RecoveryException trouble;
    private int looks;

    private final JobSight sight = new JobSight("tickets", this::search, ZoneOffset.UTC);

    private Optional<String> search() throws RecoveryException {
        looks++;
        if (trouble != null) {
            throw trouble;
        }
        return page;
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
                .endsWith("nothing was learned or refused since 2026-05-04 09:58:59.");
    }

    @Test
    void topicsThatNoJobHasWrittenToYetSaySo() throws Exception {
        assertThat(sight.see(Optional.empty(), NOW).sentence())
                .endsWith("nothing was learned or refused yet.");
    }

    @Test
    void aJobThatRunsAndWritesNothingWaits() throws Exception {
        page = Optional.of("http://127.0.0.1:1/");

        JobSight.Seen seen = sight.see(QUIET, NOW);

        assertThat(seen.doing()).isEqualTo(JobSight.Doing.WAITS);
        assertThat(seen.sentence()).startsWith("The job runs (http://127.0.0.1:1/) and waits");
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
