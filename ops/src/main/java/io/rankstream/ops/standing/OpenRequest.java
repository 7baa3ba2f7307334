package io.rankstream.ops.standing;

import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.RequestReason;
import java.time.Instant;

/**
 * A request for a label that waits for an answer; its text is not kept.
 *
 * @param exampleId input that a label is asked for
 * @param requestId the request
 * @param reason why it is asked for
 * @param inclusionProbability probability with which it was
 * @param votesWanted votes of different people that are wanted
 * @param priority the higher, the sooner it should be answered
 * @param requestedAt stream time of the adapter when it was asked
 * @param expiresAt stream time of the adapter from which on an answer is late
 */
public record OpenRequest(
        String exampleId,
        String requestId,
        RequestReason reason,
        double inclusionProbability,
        int votesWanted,
        double priority,
        Instant requestedAt,
        Instant expiresAt) {

    static OpenRequest of(LabelRequest request) {
        return new OpenRequest(
                request.getExampleId(),
                request.getRequestId(),
                request.getReason(),
                request.getInclusionProbability(),
                request.getVotesWanted(),
                request.getPriority(),
                request.getRequestedAt(),
                request.getExpiresAt());
    }
}
