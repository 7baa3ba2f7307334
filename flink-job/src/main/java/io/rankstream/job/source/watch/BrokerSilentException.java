package io.rankstream.job.source.watch;

import java.io.IOException;
import org.apache.kafka.common.errors.RetriableException;

/** The broker does not say what it has. */
public final class BrokerSilentException extends IOException {

    BrokerSilentException(String bootstrapServers, Throwable cause) {
        super(
                "the broker at %s does not say what it has of the input topics: %s"
                        .formatted(bootstrapServers, cause.getMessage()),
                cause);
    }

    /** Whether it may say so when it is asked again. */
    public boolean isPassing() {
        return getCause() instanceof RetriableException;
    }
}
