package io.rankstream.job.loop.vote;

import io.rankstream.adapters.task.Target;
import io.rankstream.schemas.VoteKind;
import java.util.Optional;

/**
 * A revision of a vote that was cast on an input, without the record that it came in.
 *
 * @param labelId id of the vote
 * @param revision revision of it
 * @param annotator who gave it
 * @param kind what it says
 * @param label the label that it says
 * @param labeledAt milliseconds since the epoch, by the annotator's system
 * @param answers number of the request that it answers; 0 where it answers none
 * @param settled whether an outcome has told of it
 * @param overtaken whether a newer revision of the same vote has come
 */
public record CastVote(
        String labelId,
        long revision,
        String annotator,
        VoteKind kind,
        Optional<Target> label,
        long labeledAt,
        int answers,
        boolean settled,
        boolean overtaken) {

    static CastVote of(Vote vote, int answers) {
        return new CastVote(
                vote.labelId(),
                vote.revision(),
                vote.annotator(),
                vote.kind(),
                vote.label(),
                vote.labeledAt(),
                answers,
                false,
                false);
    }

    CastVote asSettled() {
        return new CastVote(
                labelId, revision, annotator, kind, label, labeledAt, answers, true, overtaken);
    }

    CastVote asOvertaken() {
        return new CastVote(
                labelId, revision, annotator, kind, label, labeledAt, answers, true, true);
    }

    /** Whether it is the newest revision of a vote that was not taken back. */
    boolean speaks() {
        return !overtaken && kind != VoteKind.RETRACT;
    }
}
