package io.rankstream.job.source.kafka;

import java.io.IOException;

/** The broker does not say what it has. */
final class BrokerSilentException extends IOException {

    BrokerSilentException(Throwable cause) {
        super("the broker does not say what it has of the input topics: " + cause, cause);
    }
}
