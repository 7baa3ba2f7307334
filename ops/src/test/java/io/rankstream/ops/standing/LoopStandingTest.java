package io.rankstream.ops.standing;

import static io.rankstream.ops.standing.LoopRecords.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.OutcomeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopStandingTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private final LoopStanding loop = new LoopStanding(240, false);
    private final LabelRequest first = LoopRecords.request("spam", "mail-1", "r-1", START);
    private final LabelRequest second =
            LoopRecords.request("spam", "mail-2", "r-2", START.plusSeconds(60));

    @Test
    void requestsAreOpenUntilTheyAreTakenBack() {
        loop.requested(first, 1);
        loop.requested(second, 2);
        loop.requested(LoopRecords.cancelled(first), 3);

        assertThat(loop.newestRequests(10))
                .extracting(OpenRequest::exampleId)
                .containsExactly("mail-2");
        assertThat(loop.openRequests()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "FINAL, 0",
        "CORRECTED, 0",
        "CONFLICT, 0",
        "EXPIRED, 0",
        "CONFIRMED, 1",
        "RETRACTED, 1",
        "LATE, 1",
        "SUPERSEDED, 1",
        "UNKNOWN, 1"
    })
    void whatEndsARequestIsADecisionOrItsExpiry(OutcomeStatus status, int open) {
        loop.requested(first, 1);
        loop.decided(LoopRecords.outcome(first, status, START.plusSeconds(9)), 2);

        assertThat(loop.openRequests()).isEqualTo(open);
        assertThat(loop.line(NOW).outcomes()).isEqualTo(Map.of(status, 1L));
    }

    /** A conflict is put to one more annotator by a request of its own. */
    @Test
    void anInputThatIsAskedAgainIsOneOpenRequestWhichTheOutcomeOfAnEarlierOneLeavesOpen() {
        LabelRequest again = LoopRecords.request("spam", "mail-1", "r-1b", START.plusSeconds(90));
        loop.requested(first, 1);
        loop.requested(again, 2);

        loop.decided(LoopRecords.outcome(first, OutcomeStatus.FINAL, START.plusSeconds(95)), 3);
        assertThat(loop.newestRequests(10))
                .extracting(OpenRequest::requestId)
                .containsExactly("r-1b");

        loop.decided(LoopRecords.outcome(again, OutcomeStatus.FINAL, START.plusSeconds(99)), 4);
        assertThat(loop.openRequests()).isZero();
    }

    @Test
    void aRequestWhoseTimeIsUpIsNoLongerOpenThoughNothingSaysSo() {
        loop.requested(first, 1);
        Instant expiry = START.plus(LoopRecords.HORIZON);
        loop.requested(LoopRecords.request("spam", "mail-3", "r-3", expiry), 2);

        assertThat(loop.newestRequests(10))
                .extracting(OpenRequest::exampleId)
                .containsExactly("mail-3");
    }

    @Test
    void whereNotAllRequestsAreReadTheEstimateSaysHowManyAreOpen() {
        LoopStanding cut = new LoopStanding(240, true);
        cut.requested(first, 1);
        assertThat(cut.openRequests()).isEqualTo(1);

        cut.estimated(LoopRecords.quality("spam", START, .9), 2);
        assertThat(cut.openRequests()).isEqualTo(17);

        loop.requested(first, 1);
        loop.estimated(LoopRecords.quality("spam", START, .9), 2);
        assertThat(loop.openRequests()).isEqualTo(1);
    }

    @Test
    void theRateIsThatOfTheLastMinute() {
        loop.predicted(LoopRecords.prediction("spam", "a", false), NOW.minusSeconds(90), 1);
        for (int i = 0; i < 30; i++) {
            loop.predicted(
                    LoopRecords.prediction("spam", "b" + i, i % 10 == 0),
                    NOW.minusSeconds(9).plusMillis(i),
                    2);
        }

        LoopLine line = loop.line(NOW);
        assertThat(line.inputs()).isEqualTo(31);
        assertThat(line.asked()).isEqualTo(3);
        assertThat(line.rate()).isEqualTo(30 / 60.0);
        assertThat(loop.rest(NOW.plusSeconds(600), 3)).isTrue();
        assertThat(loop.line(NOW.plusSeconds(600)).rate()).isZero();
        assertThat(loop.revision()).isEqualTo(3);
    }

    @Test
    void theCurveHasEveryEstimateAndAWindowThatComesAgainReplacesWhatCameAfter() {
        for (int day = 1; day <= 4; day++) {
            loop.estimated(quality(day, .9), day);
        }
        loop.estimated(quality(3, .7), 5);

        assertThat(loop.curve().points())
                .extracting(point -> point.accuracy().orElseThrow())
                .containsExactly(.9, .9, .7);
        assertThat(loop.quality().orElseThrow().getAccuracy()).isEqualTo(.7);
    }

    @Test
    void aCurveOfManyEstimatesStaysInBoundsAndKeepsTheNewest() {
        for (int day = 1; day <= 1_000; day++) {
            loop.estimated(quality(day, .9), day);
            assertThat(loop.curve().points()).hasSizeLessThanOrEqualTo(240);
        }
        loop.limit(30);

        assertThat(loop.curve().points()).hasSizeBetween(15, 30);
        assertThat(loop.curve().points().get(loop.curve().points().size() - 1).to())
                .isEqualTo(START.plus(Duration.ofDays(1_000)));
    }

    @Test
    void ofManyRequestsTheNewestAreShown() {
        for (int i = 0; i < 100; i++) {
            loop.requested(
                    LoopRecords.request("spam", "mail-" + i, "r-" + i, START.plusSeconds(i)), i);
        }

        assertThat(loop.newestRequests(2))
                .extracting(OpenRequest::exampleId)
                .containsExactly("mail-99", "mail-98");
        assertThat(loop.openRequests()).isEqualTo(100);
    }

    private static AdapterQuality quality(int day, double accuracy) {
        return LoopRecords.quality("spam", START.plus(Duration.ofDays(day)), accuracy);
    }
}
