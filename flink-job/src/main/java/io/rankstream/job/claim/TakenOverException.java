package io.rankstream.job.claim;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * Another start of the same job has begun; this one ends and is not restarted. The message is one
 * sentence for the operator.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class TakenOverException extends IOException {

    private static final long serialVersionUID = 1L;

    TakenOverException(String groupId) {
        super(
                "another job with kafka.group-id '%s' has been started and has taken over its transactions, so this one ends: give one of the two a kafka.group-id, a publish.directory and a checkpoint folder of its own"
                        .formatted(groupId));
    }
}
