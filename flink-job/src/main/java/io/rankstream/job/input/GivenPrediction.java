package io.rankstream.job.input;

import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.LabelName;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;

/**
 * What a model that is not an adapter of this job said of an input.
 *
 * @param version version of that model, as it names it
 * @param said what it said
 */
public record GivenPrediction(String version, LabelProbabilities said) {

    private static final int LONGEST_VERSION = 256;

    /** What rounding may add to a sum of one. */
    private static final double LARGEST_SUM = 1.01;

    /** What these must be, for messages. */
    public static final String RULE =
            "a version of %d characters at most, labels, which are different names, and as many probabilities, numbers from 0 to 1, 1 at most together"
                    .formatted(LONGEST_VERSION);

    /** Why these are no prediction: "has the label 'ham' twice"; empty if they are one. */
    public static Optional<String> flaw(
            String version, List<String> labels, List<? extends Number> probabilities) {
        if (version.length() > LONGEST_VERSION) {
            return Optional.of("has a version of %,d characters".formatted(version.length()));
        }
        if (labels.isEmpty() || labels.size() != probabilities.size()) {
            return Optional.of(
                    "has %d labels and %d probabilities"
                            .formatted(labels.size(), probabilities.size()));
        }
        Optional<String> noName =
                labels.stream().filter(label -> !LabelName.isValid(label)).findFirst();
        if (noName.isPresent()) {
            return Optional.of(
                    "has the label %s, which is no name (%s)"
                            .formatted(Excerpt.of(noName.get()), LabelName.RULE));
        }
        if (labels.stream().map(LabelSet::normal).distinct().count() < labels.size()) {
            return Optional.of("has a label twice: " + Excerpt.ofAll(labels));
        }
        Optional<? extends Number> noProbability =
                probabilities.stream()
                        .filter(each -> !(each.floatValue() >= 0 && each.floatValue() <= 1))
                        .findFirst();
        if (noProbability.isPresent()) {
            return noProbability.map(each -> "has the probability " + each);
        }
        double sum = probabilities.stream().mapToDouble(Number::doubleValue).sum();
        return sum > LARGEST_SUM
                ? Optional.of(
                        "has probabilities of %s together"
                                .formatted(BigDecimal.valueOf(sum).round(new MathContext(3))))
                : Optional.empty();
    }
}
