package io.rankstream.ops.doctor;

import java.util.Locale;

/** Bytes for people. */
final class Size {

    static final long MIB = 1L << 20;
    static final long GIB = 1L << 30;

    private Size() {}

    static String of(long bytes) {
        return bytes < GIB
                ? "%d MiB".formatted(bytes / MIB)
                : String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
    }
}
