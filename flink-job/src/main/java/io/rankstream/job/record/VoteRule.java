package io.rankstream.job.record;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.LabelName;
import io.rankstream.adapters.text.PlainText;
import io.rankstream.schemas.VoteKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a vote must be to be taken, whatever input it is on. */
public final class VoteRule {

    private static final int MOST_ANNOTATOR = 256;

    /** That of an input and a number. */
    private static final int MOST_REQUEST_ID = 1_100;

    private VoteRule() {}

    /** The kind of a name; empty if there is no such kind. */
    public static Optional<VoteKind> kind(String name) {
        return Arrays.stream(VoteKind.values())
                .filter(kind -> kind != VoteKind.UNKNOWN && kind.name().equals(name))
                .findFirst();
    }

    /** What is wrong with ids of a vote, one sentence each. Of what is null, nothing is said. */
    public static List<String> ofIds(String labelId, String requestId) {
        List<String> problems = new ArrayList<>();
        if (labelId != null && (labelId.isEmpty() || !RecordId.isValid(labelId))) {
            problems.add(
                    "label id %s has %,d characters, expected 1 to 1,024"
                            .formatted(Excerpt.of(labelId), labelId.length()));
        }
        if (requestId != null && requestId.length() > MOST_REQUEST_ID) {
            problems.add(
                    "request id %s has %,d characters, expected that of a request"
                            .formatted(Excerpt.of(requestId), requestId.length()));
        }
        return problems;
    }

    /**
     * What is wrong with what a vote says, one sentence each.
     *
     * @param label what is true; null for none
     */
    public static List<String> ofContent(String kindName, String annotator, Target label) {
        Optional<VoteKind> kind = kind(kindName);
        if (kind.isEmpty()) {
            return List.of(
                    "kind is %s, expected VOTE, SKIP or RETRACT".formatted(Excerpt.of(kindName)));
        }
        List<String> problems = new ArrayList<>();
        // Some systems do not say who has deleted a vote.
        boolean isNamed = annotator.length() <= MOST_ANNOTATOR && PlainText.isIn(annotator);
        if (!isNamed && !(kind.get() == VoteKind.RETRACT && annotator.isEmpty())) {
            problems.add(
                    "annotator is %s, expected 1 to %d characters, not all blank, without control characters"
                            .formatted(Excerpt.of(annotator), MOST_ANNOTATOR));
        }
        if (kind.get() == VoteKind.VOTE && label == null) {
            problems.add("kind is VOTE and there is no label; give one, or skip");
        } else if (kind.get() != VoteKind.VOTE && label != null) {
            problems.add(
                    "kind is %s and there is the label %s, expected none; remove it, or vote"
                            .formatted(kind.get(), Excerpt.of(label.shown())));
        } else if (label != null && !isValid(label)) {
            problems.add(
                    "label is %s, expected %s, a finite number, a part of the text, or a list of at most %,d labels or parts, each once"
                            .formatted(
                                    Excerpt.of(label.shown()),
                                    LabelName.RULE,
                                    Target.Several.MOST_GIVEN));
        }
        return problems;
    }

    private static boolean isValid(Target label) {
        if (!label.labels().stream().allMatch(LabelName::isValid)) {
            return false;
        }
        if (label instanceof Target.Numeric number) {
            return Double.isFinite(number.value());
        }
        if (label instanceof Target.Several several) {
            return several.members().size() <= Target.Several.MOST_GIVEN
                    && several.twice().isEmpty()
                    && several.members().stream().allMatch(VoteRule::isValid);
        }
        return !(label instanceof Target.Span span) || span.start() <= span.end();
    }
}
