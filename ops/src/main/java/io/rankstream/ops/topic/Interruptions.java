package io.rankstream.ops.topic;

import org.apache.kafka.common.errors.InterruptException;

/** What a client of Kafka throws, unchecked, when its thread is interrupted. */
public final class Interruptions {

    private Interruptions() {}

    /** The interruption itself, to be thrown in its place. */
    public static InterruptedException of(InterruptException thrown) {
        InterruptedException interruption = new InterruptedException(thrown.getMessage());
        interruption.initCause(thrown);
        return interruption;
    }
}
