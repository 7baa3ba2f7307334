package io.rankstream.adapters.model;

import io.rankstream.adapters.weights.FloatSink;

/** Takes the tensors of a base model, one after the other. */
@FunctionalInterface
public interface TensorSink {

    /**
     * A tensor begins.
     *
     * @param name Hugging Face's without the family's prefix
     * @param shape length of each dimension
     * @return takes its values
     */
    FloatSink begin(String name, int[] shape);
}
