package io.rankstream.job.loop.join;

import java.util.List;

/** Streams for tests of other packages. */
public final class Streams {

    private Streams() {}

    /** Inputs and votes of a seed, in disorder. */
    public static List<Object> disordered(long seed, int size) {
        return DisorderedStream.of(seed, size);
    }
}
