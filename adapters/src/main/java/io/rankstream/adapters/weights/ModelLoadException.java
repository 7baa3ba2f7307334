package io.rankstream.adapters.weights;

import java.io.IOException;

/** A base model's files cannot be used. The message is one sentence that says why. */
public final class ModelLoadException extends IOException {

    private static final long serialVersionUID = 1;

    public ModelLoadException(String message) {
        super(message);
    }

    public ModelLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
