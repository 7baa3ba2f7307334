package io.rankstream.adapters.weights;

import java.io.IOException;

/** Takes the values of one tensor in their order, row-major, some at a time. */
@FunctionalInterface
public interface FloatSink {

    /**
     * Takes the next values.
     *
     * @param values some of them; the array is used again for those that come after them
     * @param count how many, from the array's beginning on
     * @throws IOException if they are none that can be used
     */
    void next(float[] values, int count) throws IOException;
}
