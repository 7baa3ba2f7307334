package io.rankstream.adapters.engine;

/**
 * The tensor engine cannot be had, or lacks a device. The message is one sentence that says what to
 * do.
 */
public class EngineUnavailableException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    public EngineUnavailableException(String message) {
        super(message);
    }

    EngineUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
