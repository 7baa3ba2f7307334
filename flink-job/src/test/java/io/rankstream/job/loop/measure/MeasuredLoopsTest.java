package io.rankstream.job.loop.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.loop.account.Account;
import io.rankstream.job.loop.account.Agreement;
import io.rankstream.job.loop.account.DeadlineQueue;
import io.rankstream.job.loop.account.StreamTime;
import io.rankstream.job.loop.select.SelectionAccount;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.PerAdapter;
import io.rankstream.job.metrics.RegisteredMetrics;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.OutcomeStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredLoopsTest {

    private final RegisteredMetrics metrics = new RegisteredMetrics();
    private final MeasuredLoops loops = new MeasuredLoops(metrics.operator(), 1, () -> 0);

    @Test
    void theNewestEstimateIsTold() {
        loops.estimated(quality("a", .7));
        loops.estimated(quality("a", .9));

        assertThat(metrics.value(JobMetric.ESTIMATED_ACCURACY, "a")).isEqualTo(.9);
        assertThat(metrics.value(JobMetric.ESTIMATED_ACCURACY_LOW, "a")).isEqualTo(.9 - .03);
        assertThat(metrics.value(JobMetric.ESTIMATED_ACCURACY_HIGH, "a")).isEqualTo(.9 + .03);
        assertThat(metrics.value(JobMetric.UNIFORM_ACCURACY, "a")).isEqualTo(.91);
        assertThat(metrics.value(JobMetric.NAIVE_ACCURACY, "a")).isEqualTo(.84);
        assertThat(metrics.value(JobMetric.EFFECTIVE_LABELS, "a")).isEqualTo(287.5);
        assertThat(metrics.value(JobMetric.LABEL_MATURITY, "a")).isEqualTo(.98);
        assertThat(metrics.value(JobMetric.LABEL_DELAY_P50, "a")).isEqualTo(5.4);
        assertThat(metrics.value(JobMetric.BUDGET_SPENT, "a")).isEqualTo(.75);
    }

    @Test
    void whatWaitsIsToldWithEachElement() {
        loops.kept("a", account(3, 2));
        assertThat(metrics.value(JobMetric.OPEN_REQUESTS, "a")).isEqualTo(3);
        assertThat(metrics.value(JobMetric.AWAITED_INPUTS, "a")).isEqualTo(2);

        loops.kept("a", account(4, 0));
        assertThat(metrics.value(JobMetric.OPEN_REQUESTS, "a")).isEqualTo(4);
        assertThat(metrics.value(JobMetric.AWAITED_INPUTS, "a")).isZero();
    }

    private static Account account(long openRequests, long parked) {
        return new Account(
                StreamTime.BEFORE,
                DeadlineQueue.EMPTY,
                DeadlineQueue.EMPTY,
                parked,
                openRequests,
                openRequests,
                SelectionAccount.NONE,
                0,
                0,
                Agreement.NONE);
    }

    @Test
    void whatAnEstimateDoesNotSayIsNotANumber() {
        loops.estimated(quality("a", .9));

        assertThat(metrics.value(JobMetric.ANNOTATOR_AGREEMENT, "a")).isNaN();
        assertThat(metrics.value(JobMetric.LABEL_DELAY_P95, "a")).isNaN();
    }

    @Test
    void beforeTheFirstEstimateThereIsNoNumberAndCountsBeginAtZero() {
        loops.met("a");

        assertThat(metrics.value(JobMetric.ESTIMATED_ACCURACY, "a")).isNaN();
        assertThat(metrics.value(JobMetric.OPEN_REQUESTS, "a")).isNaN();
        assertThat(metrics.value(JobMetric.AWAITED_INPUTS, "a")).isNaN();
        assertThat(metrics.value(JobMetric.REQUESTS_EXPIRED, "a")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "FINAL, 1, 0, 0",
        "EXPIRED, 0, 1, 0",
        "CONFLICT, 0, 0, 1",
        "CONFIRMED, 0, 0, 0",
        "CORRECTED, 0, 0, 0",
        "RETRACTED, 0, 0, 0",
        "LATE, 0, 0, 0",
        "SUPERSEDED, 0, 0, 0",
        "UNKNOWN, 0, 0, 0"
    })
    void whatEndsARequestIsCounted(OutcomeStatus status, int returned, int expired, int conflicts) {
        loops.decided(outcome("a", status, "r-1"));

        assertThat(metrics.value(JobMetric.LABELS_RETURNED, "a")).isEqualTo(returned);
        assertThat(metrics.value(JobMetric.REQUESTS_EXPIRED, "a")).isEqualTo(expired);
        assertThat(metrics.value(JobMetric.LABEL_CONFLICTS, "a")).isEqualTo(conflicts);
    }

    @Test
    void whatNobodyHadAskedForIsNoRequest() {
        loops.decided(outcome("a", OutcomeStatus.FINAL, null));

        assertThat(metrics.value(JobMetric.LABELS_RETURNED, "a")).isZero();
    }

    @Test
    void beyondTheLimitRequestsAreCountedTogetherAndEstimatesAreNotMixed() {
        loops.decided(outcome("a", OutcomeStatus.FINAL, "r-1"));
        loops.decided(outcome("b", OutcomeStatus.FINAL, "r-2"));
        loops.decided(outcome("c", OutcomeStatus.FINAL, "r-3"));
        loops.estimated(quality("b", .5));

        assertThat(metrics.value(JobMetric.LABELS_RETURNED, "a")).isEqualTo(1);
        assertThat(metrics.value(JobMetric.LABELS_RETURNED, PerAdapter.OTHERS)).isEqualTo(2);
        assertThat(metrics.labels(JobMetric.ESTIMATED_ACCURACY)).hasSize(1);
    }

    private static LabelOutcome outcome(String adapter, OutcomeStatus status, String request) {
        return LabelOutcome.newBuilder()
                .setExampleId("mail-1")
                .setAdapterId(adapter)
                .setRequestId(request)
                .setRevision(1)
                .setStatus(status)
                .setVotes(1)
                .setPredictionStep(7)
                .setInclusionProbability(.1)
                .setUniform(false)
                .setTrained(true)
                .setSettled(List.of())
                .setDecidedAt(Instant.EPOCH)
                .build();
    }

    private static AdapterQuality quality(String adapter, double accuracy) {
        return AdapterQuality.newBuilder()
                .setAdapterId(adapter)
                .setFrom(Instant.EPOCH)
                .setTo(Instant.EPOCH.plusSeconds(3_600))
                .setInputs(4_120)
                .setAsked(430)
                .setReturned(412)
                .setAccuracy(accuracy)
                .setLow(accuracy - .03)
                .setHigh(accuracy + .03)
                .setEffectiveLabels(287.5)
                .setTrusted(true)
                .setUniformAccuracy(.91)
                .setUniformLabels(209)
                .setNaiveAccuracy(.84)
                .setMaturity(.98)
                .setDelayP50Ms(5_400L)
                .setExpired(18)
                .setSkipped(7)
                .setConflicts(3)
                .setCorrected(2)
                .setOpenRequests(17)
                .setBudget(200)
                .setSpent(150)
                .setClasses(List.of())
                .setAnnotators(List.of())
                .build();
    }
}
