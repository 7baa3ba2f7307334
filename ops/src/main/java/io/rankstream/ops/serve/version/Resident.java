package io.rankstream.ops.serve.version;

/** A version that is ready to answer. */
public interface Resident extends AutoCloseable {

    /** Bytes that it takes. */
    long bytes();

    /** Gives them back. */
    @Override
    void close();
}
