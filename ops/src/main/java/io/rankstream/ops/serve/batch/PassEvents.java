package io.rankstream.ops.serve.batch;

import java.time.Duration;

/** What passes do, for metrics. Called by one thread. */
@FunctionalInterface
public interface PassEvents {

    /** A pass was computed. */
    void passed(int adapters, int texts, int tokens, Duration took);
}
