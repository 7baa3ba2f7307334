package io.rankstream.job;

import java.io.IOException;

/**
 * Something that a job needs is not there: broker, topic, registry or base model. The message is
 * one sentence for the operator; nothing has been started.
 */
public final class PreflightException extends IOException {

    public PreflightException(String message) {
        super(message);
    }

    public PreflightException(String message, Throwable cause) {
        super(message, cause);
    }
}
