package io.rankstream.ops.run;

import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.SerializedThrowable;
import org.apache.kafka.common.errors.TimeoutException;

/** What lies at the root of a failure, as one line. */
final class RootCause {

    private static final String OURS = "io.rankstream.";
    private static final int MOST_CHARACTERS = 500;

    private RootCause() {}

    /**
     * Our own account of a failure where there is one, else its innermost cause with its class: the
     * messages of others are often no more than a path.
     */
    static String sentence(Throwable failure) {
        Throwable cause = failure;
        while (!className(cause).startsWith(OURS) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cut(oneLine(text(cause)));
    }

    /** Whether a class is among the causes, also of a failure that came over the network. */
    static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return ExceptionUtils.findThrowable(
                        failure, candidate -> className(candidate).equals(type.getName()))
                .isPresent();
    }

    private static String text(Throwable cause) {
        String name = className(cause);
        String message = message(cause);
        if (message == null || message.isBlank()) {
            return name;
        }
        if (name.equals(TimeoutException.class.getName())) {
            return "the broker does not answer: " + message;
        }
        return name.startsWith(OURS)
                ? message
                : name.substring(name.lastIndexOf('.') + 1) + ": " + message;
    }

    private static String className(Throwable failure) {
        return failure instanceof SerializedThrowable serialized
                ? serialized.getOriginalErrorClassName()
                : failure.getClass().getName();
    }

    /** Flink puts the class before the message of what it has sent over the network. */
    private static String message(Throwable failure) {
        String message = failure.getMessage();
        String prefix = className(failure) + ": ";
        return failure instanceof SerializedThrowable
                        && message != null
                        && message.startsWith(prefix)
                ? message.substring(prefix.length())
                : message;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static String cut(String line) {
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }
}
