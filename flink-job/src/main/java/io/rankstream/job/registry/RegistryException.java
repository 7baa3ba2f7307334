package io.rankstream.job.registry;

import java.io.IOException;

/**
 * The schema registry did not answer, or refused. It says nothing about any record; the message is
 * one sentence for the operator.
 */
public final class RegistryException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean forbidden;
    private final boolean ofOneSubject;

    public RegistryException(String message, Throwable cause) {
        this(message, cause, false, false);
    }

    RegistryException(String message, Throwable cause, boolean forbidden, boolean ofOneSubject) {
        super(message, cause);
        this.forbidden = forbidden;
        this.ofOneSubject = ofOneSubject;
    }

    /** Whether the registry knows the user, and does not permit what was asked for. */
    public boolean isForbidden() {
        return forbidden;
    }

    /** Whether it says nothing about other subjects than the one that was asked for. */
    boolean isOfOneSubject() {
        return ofOneSubject;
    }
}
