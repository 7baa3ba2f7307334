package io.rankstream.job.loop.vote;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.toList;

import io.rankstream.schemas.VoteKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All revisions of votes that were cast on one input, in order of arrival. Each (label id,
 * revision) is in it once, which makes votes idempotent.
 *
 * <p>Of a label id, the newest revision counts. Of an annotator, one vote counts: of several label
 * ids, the one that was given last, by its time, then by its arrival; those that were taken back
 * are none.
 *
 * @param votes at most {@link #MOST_VOTES}
 */
public record Ballot(List<CastVote> votes) {

    /** No votes yet. */
    public static final Ballot EMPTY = new Ballot(List.of());

    /** Most revisions of votes on one input, so that its state and its outcomes stay small. */
    public static final int MOST_VOTES = 32;

    public Ballot {
        votes = List.copyOf(votes);
    }

    /** What became of a revision of a vote that was cast. */
    public sealed interface Cast {

        /** It was there before; nothing changes. */
        record Duplicate() implements Cast {}

        /**
         * It is not what came before under its id and revision; nothing changes.
         *
         * @param why what was found, what was expected, what to do
         */
        record Contradicting(String why) implements Cast {}

        /** There is room for no more revisions. */
        record Full() implements Cast {}

        /**
         * A newer revision had come before it.
         *
         * @param ballot with it, as settled
         * @param late it
         */
        record Overtaken(Ballot ballot, CastVote late) implements Cast {}

        /**
         * It is the newest revision of its vote.
         *
         * @param ballot with it, not settled yet
         * @param overtaken earlier revisions that no outcome had told of yet; settled in {@code
         *     ballot}
         */
        record Newest(Ballot ballot, List<CastVote> overtaken) implements Cast {}
    }

    /**
     * Casts a revision of a vote.
     *
     * @param answers number of the request that it answers; 0 for none
     */
    public Cast cast(Vote vote, int answers) {
        boolean isOvertaken = false;
        for (CastVote other : votes) {
            if (other.labelId().equals(vote.labelId())) {
                if (other.revision() == vote.revision()) {
                    return vote.contradictionTo(other)
                            .<Cast>map(Cast.Contradicting::new)
                            .orElseGet(Cast.Duplicate::new);
                }
                isOvertaken |= other.revision() > vote.revision();
            }
        }
        if (votes.size() >= MOST_VOTES) {
            return new Cast.Full();
        }
        CastVote cast = CastVote.of(vote, answers);
        List<CastVote> now = new ArrayList<>(votes.size() + 1);
        if (isOvertaken) {
            now.addAll(votes);
            now.add(cast.asOvertaken());
            return new Cast.Overtaken(new Ballot(now), cast);
        }
        List<CastVote> overtaken = new ArrayList<>();
        for (CastVote other : votes) {
            boolean isOlder = other.labelId().equals(vote.labelId()) && !other.overtaken();
            if (isOlder && !other.settled()) {
                overtaken.add(other);
            }
            now.add(isOlder ? other.asOvertaken() : other);
        }
        now.add(cast);
        return new Cast.Newest(new Ballot(now), overtaken);
    }

    /** The votes that count: one of each annotator, those that say a label. */
    public List<CastVote> standing() {
        Map<String, CastVote> byAnnotator = new LinkedHashMap<>();
        for (CastVote vote : votes) {
            if (vote.speaks()) {
                byAnnotator.merge(
                        vote.annotator(),
                        vote,
                        (before, next) -> next.labeledAt() >= before.labeledAt() ? next : before);
            }
        }
        return byAnnotator.values().stream().filter(vote -> vote.kind() == VoteKind.VOTE).toList();
    }

    /** Revisions that no outcome has told of yet. */
    public List<CastVote> unsettled() {
        return votes.stream().filter(vote -> !vote.settled()).toList();
    }

    /** The same, with an outcome that tells of all of them. */
    public Ballot settled() {
        return votes.stream()
                .map(vote -> vote.settled() ? vote : vote.asSettled())
                .collect(collectingAndThen(toList(), Ballot::new));
    }
}
