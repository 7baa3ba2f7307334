package io.rankstream.job.savepoint;

/** A savepoint cannot be used; the message is one sentence for the user. */
public final class SavepointException extends Exception {

    private static final long serialVersionUID = 1L;

    SavepointException(String message) {
        super(message);
    }

    SavepointException(String message, Throwable cause) {
        super(message, cause);
    }
}
