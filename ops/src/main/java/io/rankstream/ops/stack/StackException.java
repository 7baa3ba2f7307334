package io.rankstream.ops.stack;

import java.io.IOException;

/** A part of the local stack could not be started; the message is made for the user. */
public final class StackException extends IOException {

    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
