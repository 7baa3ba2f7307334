package io.rankstream.ops.send;

import java.io.IOException;

/** The broker does not take examples; the message is one sentence for the user. */
public final class SendException extends IOException {

    private static final long serialVersionUID = 1L;

    SendException(String message, Throwable cause) {
        super(message, cause);
    }
}
