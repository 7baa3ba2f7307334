package io.rankstream.job.state;

import java.io.IOException;

/** A value in state has a format that this release does not know. */
public final class NewerFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    NewerFormatException(String message) {
        super(message);
    }
}
