package io.rankstream.ops.run;

import java.time.Duration;

/** A time as it is shown: in whole seconds, at least one. */
public final class Seconds {

    private Seconds() {}

    public static String of(Duration time) {
        return Math.max(1, Math.round(time.toMillis() / 1000.0)) + " s";
    }
}
