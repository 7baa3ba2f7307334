package io.rankstream.job.recovery;

/**
 * A job does not start because of the state that is there, or is not. The message is one sentence
 * for the user; nothing has been started.
 */
public final class RecoveryException extends Exception {

    private static final long serialVersionUID = 1L;

    RecoveryException(String message) {
        super(message);
    }

    RecoveryException(String message, Throwable cause) {
        super(message, cause);
    }
}
