package io.rankstream.adapters.state;

import io.rankstream.adapters.task.HeadForm;

/**
 * Where the values of a head lie in one array: weight (outputs × hidden), bias, and of a head of
 * two layers the weight (hidden × hidden) and bias of the layer before it. Matrices are row-major.
 *
 * @param outputs rows of the weight
 * @param hidden features of the vector that the head reads
 * @param form its layers
 */
public record HeadShape(int outputs, int hidden, HeadForm form) {

    /** Values of the weight; the bias comes after them. */
    public int weightSize() {
        return outputs * hidden;
    }

    /** Where the layer before it begins: the values of weight and bias. */
    public int denseOffset() {
        return weightSize() + outputs;
    }

    /** Values of the weight of the layer before it. */
    public int denseWeightSize() {
        return form == HeadForm.OWN ? hidden * hidden : 0;
    }

    /** Values of the layer before it, weight and bias. */
    public int denseSize() {
        return form == HeadForm.OWN ? hidden * (hidden + 1) : 0;
    }

    /** All values. */
    public int size() {
        return denseOffset() + denseSize();
    }
}
