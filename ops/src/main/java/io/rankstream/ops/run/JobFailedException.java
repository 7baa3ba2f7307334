package io.rankstream.ops.run;

/** A job that was running has failed; the message is one sentence for the user. */
public final class JobFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    JobFailedException(Throwable cause) {
        super("the job failed: " + reason(cause), cause);
    }

    /** The innermost cause: what is around it is Flink's account of how it noticed. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
    }
}
