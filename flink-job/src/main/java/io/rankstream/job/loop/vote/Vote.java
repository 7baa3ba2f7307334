package io.rankstream.job.loop.vote;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.VoteKind;
import java.util.Optional;

/**
 * A revision of what one person, or system, says is true of an input.
 *
 * @param labelId id of the vote, the same through all its revisions
 * @param revision rises with every change
 * @param exampleId the input
 * @param adapterId adapter of the input
 * @param requestId request that it answers
 * @param annotator who says so; may be empty where the vote is taken back
 * @param kind what it says: a label, that the annotator cannot tell, or that it is taken back
 * @param label the label; present where {@code kind} is VOTE, and only there
 * @param labelRevision revision of the labels that the annotator chose from; 0 where it is not
 *     known
 * @param labeledAt milliseconds since the epoch, by the annotator's system
 * @param origin the record it was decoded from, kept for a dead letter
 */
public record Vote(
        String labelId,
        long revision,
        String exampleId,
        String adapterId,
        Optional<String> requestId,
        String annotator,
        VoteKind kind,
        Optional<Target> label,
        long labelRevision,
        long labeledAt,
        RawRecord origin) {

    /** The same with its label as the adapter spells it. */
    public Vote spelled(Target other) {
        return new Vote(
                labelId,
                revision,
                exampleId,
                adapterId,
                requestId,
                annotator,
                kind,
                Optional.of(other),
                labelRevision,
                labeledAt,
                origin);
    }
}
