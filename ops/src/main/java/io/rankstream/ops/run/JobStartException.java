package io.rankstream.ops.run;

import java.io.IOException;
import java.net.BindException;

/** A job could not be started; the message is one sentence for the user. */
public final class JobStartException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean environment;

    private JobStartException(String message, boolean environment, Throwable cause) {
        super(message, cause);
        this.environment = environment;
    }

    /** Tells of what Flink threw while it started and initialized a job. */
    static JobStartException of(RootCause root, Throwable failure) {
        String reason = root.sentence(failure);
        return RootCause.has(failure, BindException.class)
                ? new JobStartException(
                        "the job cannot be started, since a port is taken (%s): choose another one for flink.rest.bind-port and the like, or leave them out for free ones"
                                .formatted(reason),
                        true,
                        failure)
                : new JobStartException(
                        "the job cannot be started with this configuration and state: " + reason,
                        false,
                        failure);
    }

    /** Tells that metrics cannot be served at a port. */
    static JobStartException ofMetrics(int port, IOException failure) {
        return new JobStartException(
                "metrics cannot be served at port %d of this machine (%s): choose another one for metrics.prometheus-port, or 0 for a free one"
                        .formatted(port, failure.getMessage()),
                true,
                failure);
    }

    /** Whether something outside of the configuration is to blame. */
    public boolean isOfEnvironment() {
        return environment;
    }
}
