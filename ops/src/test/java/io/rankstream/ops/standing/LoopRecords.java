package io.rankstream.ops.standing;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.AnnotatorQuality;
import io.rankstream.schemas.ClassQuality;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.RequestReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records of the labeling loop for tests. */
public final class LoopRecords {

    /** Stream time at which everything begins. */
    public static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

    /** How long a request waits. */
    public static final Duration HORIZON = Duration.ofDays(2);

    private LoopRecords() {}

    /** What an adapter said of an input. */
    public static InputPrediction prediction(String adapter, String input, boolean selected) {
        return InputPrediction.newBuilder()
                .setExampleId(input)
                .setAdapterId(adapter)
                .setPredictedLabel("ham")
                .setLabels(List.of("ham", "spam"))
                .setProbabilities(List.of(.7f, .3f))
                .setLabelRevision(1)
                .setStep(7)
                .setVersion(1L)
                .setPrior(false)
                .setTruncated(false)
                .setSelected(selected)
                .setInclusionProbability(.1)
                .setUniform(false)
                .setEventTime(START)
                .setPredictedAt(START)
                .setTopic("unlabeled-inputs")
                .setPartition(0)
                .setOffset(0)
                .build();
    }

    /** A request that is made at a stream time, of id {@code requestId}. */
    public static LabelRequest request(
            String adapter, String input, String requestId, Instant requestedAt) {
        return LabelRequest.newBuilder()
                .setRequestId(requestId)
                .setExampleId(input)
                .setAdapterId(adapter)
                .setAction(RequestAction.OPEN)
                .setReason(RequestReason.UNCERTAIN)
                .setText("a text")
                .setMetadata(Map.of())
                .setLabels(List.of("ham", "spam"))
                .setLabelRevision(1)
                .setSuggestion("ham")
                .setSuggestionProbability(.7f)
                .setVersion(1L)
                .setInclusionProbability(.1)
                .setVotesWanted(1)
                .setPriority(.4)
                .setRequestedAt(requestedAt)
                .setExpiresAt(requestedAt.plus(HORIZON))
                .build();
    }

    /** The same, taken back. */
    public static LabelRequest cancelled(LabelRequest request) {
        return LabelRequest.newBuilder(request)
                .setAction(RequestAction.CANCEL)
                .setVotesWanted(0)
                .build();
    }

    /** What became of a request at a stream time. */
    public static LabelOutcome outcome(LabelRequest request, OutcomeStatus status, Instant time) {
        return LabelOutcome.newBuilder()
                .setExampleId(request.getExampleId())
                .setAdapterId(request.getAdapterId())
                .setRequestId(request.getRequestId())
                .setRevision(1)
                .setStatus(status)
                .setLabel("ham")
                .setVotes(1)
                .setAgreement(1f)
                .setPredictedLabel("ham")
                .setProbability(.7f)
                .setPredictionVersion(1L)
                .setPredictionStep(7)
                .setInclusionProbability(.1)
                .setUniform(false)
                .setCorrect(true)
                .setDelayMs(60_000L)
                .setTrained(true)
                .setSettled(List.of())
                .setDecidedAt(time)
                .build();
    }

    /** An estimate for a window of a day that ends at {@code to}. */
    public static AdapterQuality quality(String adapter, Instant to, double accuracy) {
        return AdapterQuality.newBuilder()
                .setAdapterId(adapter)
                .setFrom(to.minus(Duration.ofDays(1)))
                .setTo(to)
                .setEstimatedTo(to.minus(Duration.ofHours(6)))
                .setInputs(4_120)
                .setExcluded(12)
                .setAsked(430)
                .setReturned(412)
                .setAccuracy(accuracy)
                .setLow(accuracy - .028)
                .setHigh(accuracy + .028)
                .setLowest(accuracy - .05)
                .setHighest(accuracy + .05)
                .setEffectiveLabels(287.5)
                .setTrusted(true)
                .setUniformAccuracy(accuracy + .01)
                .setUniformLabels(209)
                .setNaiveAccuracy(accuracy - .06)
                .setMaturity(.98)
                .setDelayP50Ms(5_400_000L)
                .setDelayP95Ms(93_600_000L)
                .setExpired(18)
                .setSkipped(7)
                .setConflicts(3)
                .setCorrected(2)
                .setAgreement(.952)
                .setOpenRequests(17)
                .setBudget(1_430.6)
                .setSpent(1_412)
                .setClasses(
                        List.of(
                                new ClassQuality("ham", 301L, .957),
                                new ClassQuality("spam", 111L, null)))
                .setAnnotators(
                        List.of(
                                new AnnotatorQuality("ada", 260L, 4L, .97, 1.0),
                                new AnnotatorQuality("bob", 155L, 3L, null, .6)))
                .build();
    }
}
