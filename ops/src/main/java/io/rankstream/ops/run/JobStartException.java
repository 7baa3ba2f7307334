package io.rankstream.ops.run;

import java.io.IOException;
import java.net.BindException;
import java.util.Optional;

/** A job could not be started; the message is one sentence for the user. */
public final class JobStartException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean environment;
    private final String reason;

    private JobStartException(String message, String reason, boolean environment, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.environment = environment;
    }

    /** Tells of what Flink threw while it started and initialized a job. */
    static JobStartException of(RootCause root, Throwable failure) {
        String reason = root.sentence(failure);
        return RootCause.has(failure, BindException.class)
                ? new JobStartException(
                        "the job cannot be started, since a port is taken (%s): choose another one for flink.rest.bind-port and the like, or leave them out for free ones"
                                .formatted(reason),
                        reason,
                        true,
                        failure)
                : new JobStartException(
                        "the job cannot be started with this configuration and state: " + reason,
                        reason,
                        false,
                        failure);
    }

    /** Tells that metrics cannot be served at a port. */
    public static JobStartException ofMetrics(int port, IOException failure) {
        return new JobStartException(
                "metrics cannot be served at port %d of this machine (%s): choose another one for metrics.prometheus-port, or 0 for a free one"
                        .formatted(port, failure.getMessage()),
                failure.getMessage(),
                true,
                failure);
    }

    /** Why the job's state cannot be read, if that is the reason. */
    public Optional<String> unreadableState() {
        return DamagedState.isCauseOf(getCause()) ? Optional.of(reason) : Optional.empty();
    }

    /** Whether something outside of the configuration is to blame. */
    public boolean isOfEnvironment() {
        return environment;
    }
}
