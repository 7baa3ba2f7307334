package io.rankstream.job.config.settings;

import java.io.Serializable;

/**
 * Which inputs a label is asked for.
 *
 * @param budget of each adapter
 * @param uniformShare part of the budget that every input has alike, above 0, to 1
 * @param utility what the rest of it goes by
 * @param maxOpen requests of an adapter that may wait for an answer at once, at least 1
 * @param seed other seeds select other inputs
 */
public record SelectionSettings(
        LabelBudget budget, double uniformShare, LabelUtility utility, int maxOpen, long seed)
        implements Serializable {

    public SelectionSettings {
        if (!(uniformShare > 0 && uniformShare <= 1) || maxOpen < 1) {
            throw new IllegalArgumentException(
                    "%s of the budget is uniform and %d requests may be open, expected a share above 0, to 1, and 1 request or more"
                            .formatted(uniformShare, maxOpen));
        }
    }
}
