package io.rankstream.ops.console;

import java.io.IOException;

/** The console cannot be served; the message is one sentence for the user. */
public final class ConsoleException extends IOException {

    private static final long serialVersionUID = 1L;

    ConsoleException(String message, Throwable cause) {
        super(message, cause);
    }
}
