package io.rankstream.ops.top;

import java.io.IOException;

/** The topics of a job cannot be looked at; the message is one sentence for the user. */
public final class TopException extends IOException {

    private static final long serialVersionUID = 1L;

    TopException(String message) {
        super(message);
    }
}
