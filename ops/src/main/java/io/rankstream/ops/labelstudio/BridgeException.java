package io.rankstream.ops.labelstudio;

import java.io.IOException;

/** The bridge cannot do its work; the message is one sentence for the user. */
public final class BridgeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean transientFailure;

    private BridgeException(String message, Throwable cause, boolean transientFailure) {
        super(message, cause);
        this.transientFailure = transientFailure;
    }

    /** What no waiting mends. */
    static BridgeException lasting(String message, Throwable cause) {
        return new BridgeException(message, cause, false);
    }

    /** What may be otherwise the next time. */
    static BridgeException passing(String message, Throwable cause) {
        return new BridgeException(message, cause, true);
    }

    /** Whether it may be otherwise the next time. */
    boolean isPassing() {
        return transientFailure;
    }
}
