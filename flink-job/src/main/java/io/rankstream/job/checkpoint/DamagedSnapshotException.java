package io.rankstream.job.checkpoint;

import java.io.IOException;

/** A checkpoint or savepoint has other bytes than were written. */
public final class DamagedSnapshotException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
