package io.rankstream.job.config.settings;

import java.io.Serializable;

/** How many labels each adapter may ask for. */
public sealed interface LabelBudget extends Serializable {

    /**
     * A share of its inputs.
     *
     * @param ofInputs above 0, to 1
     */
    record Share(double ofInputs) implements LabelBudget {
        public Share {
            if (!(ofInputs > 0 && ofInputs <= 1)) {
                throw new IllegalArgumentException(
                        "a label is asked for of %s of the inputs, expected a share above 0, to 1"
                                .formatted(ofInputs));
            }
        }
    }

    /**
     * So many an hour of its stream time, however many inputs come.
     *
     * @param labels above 0
     */
    record PerHour(double labels) implements LabelBudget {
        public PerHour {
            if (!(labels > 0 && Double.isFinite(labels))) {
                throw new IllegalArgumentException(
                        "%s labels an hour are asked for, expected a finite number above 0"
                                .formatted(labels));
            }
        }
    }
}
