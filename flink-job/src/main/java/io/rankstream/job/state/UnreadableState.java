package io.rankstream.job.state;

import org.apache.flink.util.ExceptionUtils;

/** State that cannot be read, as a sentence for the user. */
public final class UnreadableState {

    private UnreadableState() {}

    /** Why a savepoint cannot be read, going on from its path. */
    public static String reason(Throwable failure) {
        return ExceptionUtils.findThrowable(failure, NewerFormatException.class)
                .map(newer -> "was written by a newer release of Rankstream: " + newer.getMessage())
                .orElseGet(
                        () ->
                                "cannot be read (%s): is it damaged, or is a file of it missing?"
                                        .formatted(innermost(failure)));
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
