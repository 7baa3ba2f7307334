package io.rankstream.ops.control;

/** A command cannot be sent, or its answer cannot be heard. */
public final class CommandChannelException extends Exception {

    private static final long serialVersionUID = 1L;

    public CommandChannelException(String message) {
        super(message);
    }
}
