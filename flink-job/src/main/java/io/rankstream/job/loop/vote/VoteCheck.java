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
 * @param predicted what was predicted of the input, whose kind a vote shares; where nothing was,
 *     and labels are known, it says one of them
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
        Optional<Target> expected = expected();
        if (expected.isPresent() && !isAlike(expected.get(), said)) {
            return new Checked.Misfit(
                    "the vote says a %s (%s), expected a %s as the adapter says; correct it and send it with a higher revision"
                            .formatted(kind(said), Excerpt.of(said.shown()), kind(expected.get())));
        }
        if (labels.isEmpty()) {
            return new Checked.Fits(vote);
        }
        Target spelled = LabelSet.spelled(said, labels);
        Optional<String> unknown =
                spelled.labels().stream().filter(name -> !labels.contains(name)).findFirst();
        // The labels may have grown since the input came; the adapter will tell.
        boolean mayBeNew = labelRevision > 0 && vote.labelRevision() > labelRevision;
        if (unknown.isPresent() && !mayBeNew) {
            return new Checked.Misfit(
                    "the vote says the label %s, expected one of %s, the adapter's labels when the input came; correct it and send it with a higher revision%s"
                            .formatted(
                                    Excerpt.of(unknown.get()),
                                    Excerpt.ofAll(labels),
                                    labelRevision > 0
                                            ? ", or with the labelRevision of the labels that have it"
                                            : ""));
        }
        if (spelled instanceof Target.Several several && several.twice().isPresent()) {
            return new Checked.Misfit(
                    "the vote says %s twice, in two spellings; send it once, with a higher revision"
                            .formatted(Excerpt.of(several.twice().get().shown())));
        }
        return new Checked.Fits(vote.spelled(spelled));
    }

    private Optional<Target> expected() {
        return predicted.isPresent() || labels.isEmpty()
                ? predicted
                : Optional.of(new Target.Label(labels.get(0)));
    }

    /** Of spans, there may be one here and several, or none, there. */
    private static boolean isAlike(Target one, Target other) {
        boolean areSpans = isSpans(one) && isSpans(other);
        boolean areLists = one instanceof Target.Several && other instanceof Target.Several;
        return areSpans
                || (areLists ? isLabels(one) && isLabels(other) : one.noun().equals(other.noun()));
    }

    private static boolean isSpans(Target target) {
        return target instanceof Target.Span
                || (target instanceof Target.Several several
                        && several.members().stream().allMatch(Target.Span.class::isInstance));
    }

    private static boolean isLabels(Target list) {
        return list instanceof Target.Several several
                && several.members().stream().allMatch(Target.Label.class::isInstance);
    }

    private static String kind(Target target) {
        return target instanceof Target.Several several && !several.members().isEmpty()
                ? "list of %ss".formatted(several.members().get(0).noun())
                : target.noun();
    }
}
