package io.rankstream.job.recovery;

/**
 * A job does not start because of the state that is there, or is not. The message is one sentence
 * for the user; nothing has been started.
 */
public final class RecoveryException extends Exception {

    private static final long serialVersionUID = 1L;

    private boolean damage;

    RecoveryException(String message) {
        super(message);
    }

    RecoveryException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Of state that is there and has been damaged. */
    static RecoveryException ofDamage(String message) {
        RecoveryException exception = new RecoveryException(message);
        exception.damage = true;
        return exception;
    }

    /** Whether state that is there has been damaged, which no other command mends. */
    public boolean isOfDamage() {
        return damage;
    }
}
