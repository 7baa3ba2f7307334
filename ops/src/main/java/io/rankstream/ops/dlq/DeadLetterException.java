package io.rankstream.ops.dlq;

import java.io.IOException;

/** Dead letters cannot be read or sent back; the message is one sentence for the user. */
public final class DeadLetterException extends IOException {

    DeadLetterException(String message) {
        super(message);
    }

    DeadLetterException(String message, Throwable cause) {
        super(message, cause);
    }
}
