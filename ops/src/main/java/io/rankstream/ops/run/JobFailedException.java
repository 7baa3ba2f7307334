package io.rankstream.ops.run;

/** A job that was running has failed; the message is one sentence for the user. */
public final class JobFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    JobFailedException(Throwable cause) {
        super("the job failed: " + RootCause.sentence(cause), cause);
    }
}
