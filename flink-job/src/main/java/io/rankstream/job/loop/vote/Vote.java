package io.rankstream.job.loop.vote;

import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Excerpt;
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

    /**
     * Why it cannot be a copy of a vote with its id and revision: what was found, what was
     * expected, what to do; empty where it can.
     */
    public Optional<String> contradictionTo(Vote before) {
        return contradictionTo(before.annotator(), before.kind(), before.label());
    }

    /** The same of a vote that was cast. */
    Optional<String> contradictionTo(CastVote before) {
        return contradictionTo(before.annotator(), before.kind(), before.label());
    }

    private Optional<String> contradictionTo(
            String annotatorBefore, VoteKind kindBefore, Optional<Target> labelBefore) {
        boolean isSame =
                kind == kindBefore
                        && isSpelledAlike(label, labelBefore)
                        && (kind == VoteKind.RETRACT || annotator.equals(annotatorBefore));
        return isSame
                ? Optional.empty()
                : Optional.of(
                        "revision %d of the vote %s says %s, but %s came under this revision before; send what changes with a higher revision"
                                .formatted(
                                        revision,
                                        Excerpt.of(labelId),
                                        said(annotator, kind, label),
                                        said(annotatorBefore, kindBefore, labelBefore)));
    }

    private static boolean isSpelledAlike(Optional<Target> one, Optional<Target> other) {
        return one.equals(other)
                || (one.isPresent()
                        && other.isPresent()
                        && other.equals(
                                one.map(label -> LabelSet.spelled(label, other.get().labels()))));
    }

    private static String said(String annotator, VoteKind kind, Optional<Target> label) {
        return switch (kind) {
            case VOTE ->
                    "%s by %s"
                            .formatted(
                                    label.map(Target::shown).map(Excerpt::of).orElse("nothing"),
                                    Excerpt.of(annotator));
            case SKIP -> "that %s cannot tell".formatted(Excerpt.of(annotator));
            case RETRACT, UNKNOWN -> "that it is taken back";
        };
    }
}
