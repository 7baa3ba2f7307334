package io.rankstream.ops.run;

/** A job that was running has failed; the message is one sentence for the user. */
public final class JobFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    JobFailedException(Throwable cause) {
        super("the job failed: " + reason(cause), cause);
    }

    /** Our own account of it where there is one, else the innermost cause. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (!isOurs(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static boolean isOurs(Throwable failure) {
        return failure.getClass().getName().startsWith("io.rankstream.");
    }
}
