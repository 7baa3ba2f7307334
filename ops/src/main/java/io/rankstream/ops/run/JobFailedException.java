package io.rankstream.ops.run;

import io.rankstream.job.claim.TakenOverException;
import io.rankstream.job.version.VersionTakenException;

/** A job that was running has failed; the message is one sentence for the user. */
public final class JobFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    JobFailedException(RootCause root, Throwable cause) {
        super("the job failed: " + root.sentence(cause), cause);
    }

    /** Tells that another start has followed, which its job has yet to find out. */
    public JobFailedException(TakenOverException cause) {
        super("the job failed: " + cause.getMessage(), cause);
    }

    /**
     * Whether the job may go on from its newest state. It may not where another start has gone on
     * in its place, or other versions are published than that state would publish.
     */
    public boolean mayGoOn() {
        return !RootCause.has(getCause(), TakenOverException.class)
                && !RootCause.has(getCause(), VersionTakenException.class);
    }
}
