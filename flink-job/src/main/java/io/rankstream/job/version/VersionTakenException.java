package io.rankstream.job.version;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A version is published already, with other content: by another run, or another job. Trying again
 * does not help, so the job ends. The message is one sentence for the operator.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class VersionTakenException extends IOException {

    private static final long serialVersionUID = 1L;

    VersionTakenException(VersionFolder folder) {
        super(
                "%s is published already, with other content, and a published version is never overwritten: give this run a publish.directory of its own, or restore it from the newest savepoint of the run that published there"
                        .formatted(folder));
    }
}
