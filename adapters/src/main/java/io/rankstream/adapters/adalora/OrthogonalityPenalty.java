package io.rankstream.adapters.adalora;

import java.io.Serializable;

/**
 * Regulariser that keeps P and Q near orthogonal (eq. 4 of the paper).
 *
 * @param coefficient γ; 0 turns it off
 * @param form which of the two published forms
 */
public record OrthogonalityPenalty(float coefficient, Form form) implements Serializable {

    /** The published forms differ. */
    public enum Form {
        /** γ · mean over all Gram matrices of ‖M − I‖_F: the authors' code and PEFT. */
        MEAN_NORM,
        /** γ · sum over all Gram matrices of ‖M − I‖²_F: eq. (4) of the paper. */
        SUM_SQUARED
    }
}
