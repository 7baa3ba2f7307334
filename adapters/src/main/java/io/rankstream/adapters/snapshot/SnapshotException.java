package io.rankstream.adapters.snapshot;

import java.io.IOException;

/** A file is no snapshot of an adapter. The message is one sentence that says why. */
public final class SnapshotException extends IOException {

    private static final long serialVersionUID = 1;

    SnapshotException(String message) {
        super(message);
    }

    SnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
