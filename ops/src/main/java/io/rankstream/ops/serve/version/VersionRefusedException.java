package io.rankstream.ops.serve.version;

import java.io.IOException;

/** A version that is asked for cannot be used. The message is one sentence. */
public final class VersionRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    VersionRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
