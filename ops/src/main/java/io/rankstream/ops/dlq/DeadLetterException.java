package io.rankstream.ops.dlq;

import java.io.IOException;

/** Dead letters cannot be read or sent back; the message is one sentence for the user. */
public final class DeadLetterException extends IOException {

    public DeadLetterException(String message) {
        super(message);
    }

    public DeadLetterException(String message, Throwable cause) {
        super(message, cause);
    }
}
