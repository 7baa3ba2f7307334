package io.rankstream.adapters.peft;

import java.io.IOException;

/** A directory of PEFT cannot be read or taken over. The message is one sentence that says why. */
public final class PeftException extends IOException {

    private static final long serialVersionUID = 1;

    public PeftException(String message) {
        super(message);
    }

    public PeftException(String message, Throwable cause) {
        super(message, cause);
    }
}
