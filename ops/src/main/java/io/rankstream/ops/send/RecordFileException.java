package io.rankstream.ops.send;

import java.io.IOException;

/** A file cannot be read from some place on; the message is one sentence for the user. */
public final class RecordFileException extends IOException {

    private static final long serialVersionUID = 1L;

    public RecordFileException(String message) {
        super(message);
    }

    public RecordFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
