package io.rankstream.job.loop.entry;

import java.io.IOException;

/** Where an entry is in its life. */
public enum Phase {
    /** Votes have come, and their input has not. */
    PARKED(1),
    /** The input waits for its label. */
    OPEN(2),
    /** A label was decided; votes can correct it. */
    DECIDED(3),
    /** No label came in time; late votes are told. */
    EXPIRED(4);

    private final int code;

    Phase(int code) {
        this.code = code;
    }

    /** Its byte in state, which never changes. */
    int code() {
        return code;
    }

    static Phase of(int code) throws IOException {
        for (Phase phase : values()) {
            if (phase.code == code) {
                return phase;
            }
        }
        throw new IOException("an entry is in phase %d, expected 1 to 4".formatted(code));
    }
}
