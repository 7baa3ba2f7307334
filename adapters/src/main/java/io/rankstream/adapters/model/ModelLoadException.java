package io.rankstream.adapters.model;

import java.io.IOException;

/** A base model's files cannot be used. The message is one sentence that says why. */
public final class ModelLoadException extends IOException {

    private static final long serialVersionUID = 1;

    ModelLoadException(String message) {
        super(message);
    }

    ModelLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
