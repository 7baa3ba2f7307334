package io.rankstream.ops.demo;

/** The output folder cannot be used; the message is one sentence for the user. */
public final class OutputFolderException extends Exception {

    private static final long serialVersionUID = 1L;

    OutputFolderException(String message) {
        super(message);
    }
}
