package io.rankstream.ops.labeling.queue;

import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.OutcomeStatus;
import java.util.Optional;
import java.util.Set;

/** A request of an adapter. */
public record RequestKey(String adapterId, String requestId) {

    /** After these, nobody is asked; a retraction is followed by a request of its own. */
    private static final Set<OutcomeStatus> SETTLED =
            Set.of(
                    OutcomeStatus.FINAL,
                    OutcomeStatus.CONFIRMED,
                    OutcomeStatus.CORRECTED,
                    OutcomeStatus.CONFLICT,
                    OutcomeStatus.EXPIRED,
                    OutcomeStatus.LATE);

    /**
     * The request that nobody is to answer any more after an outcome; empty where there is none.
     */
    public static Optional<RequestKey> settledBy(LabelOutcome outcome) {
        return Optional.ofNullable(outcome.getRequestId())
                .filter(id -> SETTLED.contains(outcome.getStatus()))
                .map(id -> new RequestKey(outcome.getAdapterId(), id));
    }
}
