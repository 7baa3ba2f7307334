package io.rankstream.ops.serve.version;

import java.time.Duration;

/** What happens to versions, for metrics. Called from several threads. */
public interface VersionEvents {

    /** A version was read and made ready. */
    void loaded(Duration took);

    /** From now on a newer version answers. */
    void swapped();

    /** A version cannot be used. */
    void refused();
}
