package io.rankstream.job.loop.vote;

import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Excerpt;
import java.util.List;
import java.util.Optional;

/**
 * Whether a vote says something that can be true of its input.
 *
 * @param labels labels that could be said of the input; empty where they are not known
 * @param labelRevision revision of these labels; 0 where it is not known
 * @param predicted what was predicted of the input, whose kind a vote shares
 */
public record VoteCheck(List<String> labels, long labelRevision, Optional<Target> predicted) {

    /** What a vote is after the check. */
    public sealed interface Checked {

        /**
         * It can be cast.
         *
         * @param vote with its label as the adapter spells it
         */
        record Fits(Vote vote) implements Checked {}

        /**
         * It cannot be true.
         *
         * @param why what was found, what was expected, what to do
         */
        record Misfit(String why) implements Checked {}
    }

    /** Checks a vote. */
    public Checked check(Vote vote) {
        if (vote.label().isEmpty()) {
            return new Checked.Fits(vote);
        }
        Target said = vote.label().get();
        Optional<String> noun = noun();
        if (noun.isPresent() && !said.noun().equals(noun.get())) {
            return new Checked.Misfit(
                    "the vote says a %s (%s), expected a %s as the adapter says; correct it and send it with a higher revision"
                            .formatted(said.noun(), Excerpt.of(said.shown()), noun.get()));
        }
        if (!(said instanceof Target.Label label) || labels.isEmpty()) {
            return new Checked.Fits(vote);
        }
        int known = LabelSet.indexOf(label.name(), labels);
        if (known >= 0) {
            return new Checked.Fits(vote.spelled(new Target.Label(labels.get(known))));
        }
        // The labels may have grown since the input came; the adapter will tell.
        if (labelRevision > 0 && vote.labelRevision() > labelRevision) {
            return new Checked.Fits(vote);
        }
        return new Checked.Misfit(
                "the vote says the label %s, expected one of %s, the adapter's labels when the input came; correct it and send it with a higher revision%s"
                        .formatted(
                                Excerpt.of(label.name()),
                                Excerpt.ofAll(labels),
                                labelRevision > 0
                                        ? ", or with the labelRevision of the labels that have it"
                                        : ""));
    }

    private Optional<String> noun() {
        return labels.isEmpty()
                ? predicted.map(Target::noun)
                : Optional.of(new Target.Label("").noun());
    }
}
