package io.rankstream.ops.serve;

/** Nothing can be served. The message is one sentence for the operator. */
public final class ServeException extends Exception {

    private static final long serialVersionUID = 1L;

    ServeException(String message, Throwable cause) {
        super(message, cause);
    }
}
