package io.rankstream.job.preflight;

import java.io.IOException;
import java.util.List;

/**
 * Something that a job needs is not there: broker, topic, registry or base model. Each problem is
 * one for the operator; nothing has been started.
 */
public final class PreflightException extends IOException {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public PreflightException(String message) {
        this(message, null);
    }

    public PreflightException(String message, Throwable cause) {
        super(message, cause);
        this.problems = List.of(message);
    }

    private PreflightException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * Does nothing where all is well.
     *
     * @throws PreflightException with all {@code problems}, if there are any
     */
    public static void throwIfAny(List<String> problems) throws PreflightException {
        if (!problems.isEmpty()) {
            throw new PreflightException(problems);
        }
    }

    /** What is wrong, one or more. */
    public List<String> problems() {
        return problems;
    }
}
