package io.rankstream.ops.cli.option;

import java.util.OptionalInt;

/** The terminal behind standard output, as the start script found it. */
public final class Terminal {

    private Terminal() {}

    /** Its width; empty when standard output is none. */
    public static OptionalInt columns() {
        return property("rankstream.columns");
    }

    /** Its height; empty when standard output is none. */
    public static OptionalInt lines() {
        return property("rankstream.lines");
    }

    private static OptionalInt property(String name) {
        Integer value = Integer.getInteger(name);
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
