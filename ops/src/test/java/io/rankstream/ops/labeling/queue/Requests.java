package io.rankstream.ops.labeling.queue;

import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.RequestReason;
import io.rankstream.schemas.VoteKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Requests of adapter {@code mail}, and what comes of them; request r1 is for example x1. */
public final class Requests {

    /** Stream time at which all are asked. */
    public static final Instant ASKED = Instant.parse("2026-05-04T10:00:00Z");

    /** Stream time at which they expire. */
    public static final Instant EXPIRY = ASKED.plusSeconds(3600);

    private Requests() {}

    public static LabelRequest.Builder open(int number) {
        return LabelRequest.newBuilder()
                .setRequestId("r" + number)
                .setExampleId("x" + number)
                .setAdapterId("mail")
                .setAction(RequestAction.OPEN)
                .setReason(RequestReason.UNIFORM)
                .setText("text " + number)
                .setMetadata(Map.of())
                .setLabels(List.of("ham", "spam"))
                .setLabelRevision(3)
                .setInclusionProbability(.1)
                .setVotesWanted(1)
                .setPriority(0)
                .setRequestedAt(ASKED)
                .setExpiresAt(EXPIRY);
    }

    public static LabelRequest cancel(int number) {
        return open(number)
                .setAction(RequestAction.CANCEL)
                .setText("")
                .setLabels(List.of())
                .setVotesWanted(0)
                .build();
    }

    /** A vote on a request that another system has written. */
    public static LabelVote.Builder vote(int number, String annotator, long revision) {
        return LabelVote.newBuilder()
                .setLabelId("elsewhere-" + annotator)
                .setRevision(revision)
                .setExampleId("x" + number)
                .setAdapterId("mail")
                .setRequestId("r" + number)
                .setAnnotator(annotator)
                .setKind(VoteKind.VOTE)
                .setLabel("ham")
                .setLabeledAt(ASKED);
    }

    public static LabelOutcome outcome(int number, OutcomeStatus status) {
        return outcome(number, status, ASKED);
    }

    public static LabelOutcome outcome(int number, OutcomeStatus status, Instant decidedAt) {
        return LabelOutcome.newBuilder()
                .setExampleId("x" + number)
                .setAdapterId("mail")
                .setRequestId("r" + number)
                .setRevision(1)
                .setStatus(status)
                .setVotes(1)
                .setPredictionStep(0)
                .setInclusionProbability(.1)
                .setUniform(true)
                .setTrained(true)
                .setSettled(List.of())
                .setDecidedAt(decidedAt)
                .build();
    }
}
