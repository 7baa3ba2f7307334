package io.rankstream.job.batch;

import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.LabelName;
import java.util.List;
import java.util.Optional;

/** What labels a command may name: all of an adapter's must fit into one announcement. */
public final class CommandLabels {

    /** Labels that commands may give an adapter, retired ones included. */
    public static final int MOST_OF_AN_ADAPTER = 1000;

    private CommandLabels() {}

    /** Why a command names no labels, or labels that none may have; empty if it is right. */
    static Optional<String> fault(List<String> labels) {
        if (labels.isEmpty() || labels.size() > MOST_OF_AN_ADAPTER) {
            return Optional.of(
                    "the command names %d labels, expected 1 to %d"
                            .formatted(labels.size(), MOST_OF_AN_ADAPTER));
        }
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            if (!LabelName.isValid(label)) {
                return Optional.of(
                        "the label %s of %d characters cannot be one, expected %s"
                                .formatted(Excerpt.of(label), label.length(), LabelName.RULE));
            }
            if (LabelSet.indexOf(label, labels.subList(0, i)) >= 0) {
                return Optional.of("the command names label %s twice".formatted(Excerpt.of(label)));
            }
        }
        return Optional.empty();
    }
}
