package io.rankstream.ops.cli.run;

/** What a job goes on from cannot be read; the message is one sentence for the user. */
public final class DamagedStateException extends Exception {

    private static final long serialVersionUID = 1L;

    DamagedStateException(String message) {
        super(message);
    }
}
