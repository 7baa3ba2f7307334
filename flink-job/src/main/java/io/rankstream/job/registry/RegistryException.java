package io.rankstream.job.registry;

import java.io.IOException;

/**
 * The schema registry did not answer, or refused. It says nothing about any record; the message is
 * one sentence for the operator.
 */
public final class RegistryException extends IOException {

    public RegistryException(String message, Throwable cause) {
        super(message, cause);
    }
}
