package io.rankstream.adapters.weights;

import java.io.Closeable;
import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.Set;

/** Tensors of floats in one or several files, which are read one by one when they are asked for. */
public interface Weights extends Closeable {

    /** Names of the tensors. */
    Set<String> names();

    /**
     * Shape of one tensor.
     *
     * @throws NoSuchElementException if there is no such tensor
     */
    long[] shape(String name) throws IOException;

    /**
     * Reads one tensor, widened to 32 bits, in little memory of its own.
     *
     * @throws NoSuchElementException if there is no such tensor
     * @throws IOException if it cannot be read, or holds no floats of up to 32 bits, or {@code
     *     sink} does not take them
     */
    void read(String name, FloatSink sink) throws IOException;

    /** The file that holds a tensor, or would, for messages. */
    String origin(String name);
}
