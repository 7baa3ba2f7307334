package io.rankstream.ops.adapter;

/** A file or folder named by the user cannot be used; the message is one sentence for the user. */
public final class AdapterFileException extends Exception {

    private static final long serialVersionUID = 1L;

    public AdapterFileException(String message) {
        super(message);
    }

    AdapterFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
