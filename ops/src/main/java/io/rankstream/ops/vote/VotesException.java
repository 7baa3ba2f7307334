package io.rankstream.ops.vote;

import java.io.IOException;

/** Votes cannot be written; the message is one sentence for the user. */
public final class VotesException extends IOException {

    private static final long serialVersionUID = 1L;

    public VotesException(String message, Throwable cause) {
        super(message, cause);
    }
}
