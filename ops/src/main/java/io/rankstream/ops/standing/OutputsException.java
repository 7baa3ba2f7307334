package io.rankstream.ops.standing;

import java.io.IOException;

/** The topics of a job cannot be looked at; the message is one sentence for the user. */
public final class OutputsException extends IOException {

    private static final long serialVersionUID = 1L;

    OutputsException(String message) {
        super(message);
    }
}
