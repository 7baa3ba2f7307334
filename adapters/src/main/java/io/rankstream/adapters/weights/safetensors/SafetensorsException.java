package io.rankstream.adapters.weights.safetensors;

import java.io.IOException;

/** A file is not in the safetensors format. The message is one sentence that says why. */
public final class SafetensorsException extends IOException {

    private static final long serialVersionUID = 1;

    SafetensorsException(String message) {
        super(message);
    }

    SafetensorsException(String message, Throwable cause) {
        super(message, cause);
    }
}
