package io.rankstream.ops.serve.version;

/** Nothing was announced of what is asked for. The message is one sentence. */
public final class UnknownVersionException extends Exception {

    private static final long serialVersionUID = 1L;

    UnknownVersionException(String message) {
        super(message);
    }
}
