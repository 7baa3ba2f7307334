package io.rankstream.ops.labeling.queue;

import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.VoteKind;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What was said of one input: of each vote, by whom and its newest revision. */
final class Opinions {

    private record Opinion(String annotator, long revision, VoteKind kind, String requestId) {}

    private final Map<String, Opinion> byLabelId = new TreeMap<>();

    /** Takes a vote; one that is no newer than what is known changes nothing. */
    void add(LabelVote vote) {
        byLabelId.merge(
                vote.getLabelId(),
                new Opinion(
                        vote.getAnnotator(),
                        vote.getRevision(),
                        vote.getKind(),
                        vote.getRequestId()),
                (old, now) -> now.revision() > old.revision() ? now : old);
    }

    /** The newest revision of a vote; empty where there is none. */
    OptionalLong revision(String labelId) {
        Opinion opinion = byLabelId.get(labelId);
        return opinion == null ? OptionalLong.empty() : OptionalLong.of(opinion.revision());
    }

    /** Whether an annotator has said something that stands, if only that they cannot tell. */
    boolean isAnsweredBy(String annotator) {
        return byLabelId.values().stream()
                .filter(opinion -> opinion.annotator().equals(annotator))
                .anyMatch(opinion -> opinion.kind() != VoteKind.RETRACT);
    }

    /** People whose votes on a request stand. */
    long votes(String requestId) {
        return byLabelId.values().stream()
                .filter(opinion -> opinion.kind() == VoteKind.VOTE)
                .filter(opinion -> requestId.equals(opinion.requestId()))
                .map(Opinion::annotator)
                .distinct()
                .count();
    }
}
