package io.rankstream.job.publish;

import java.io.IOException;

/**
 * Another course of the same adapter has published this version. Trying again cannot help: the
 * message says what to do.
 */
public final class PublishedAlreadyException extends IOException {

    private static final long serialVersionUID = 1L;

    PublishedAlreadyException(String message) {
        super(message);
    }
}
