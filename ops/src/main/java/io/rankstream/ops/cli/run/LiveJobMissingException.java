package io.rankstream.ops.cli.run;

/** No job runs that a command could be given to; the message is one sentence for the user. */
public final class LiveJobMissingException extends Exception {

    private static final long serialVersionUID = 1L;

    LiveJobMissingException(String groupId) {
        super(
                "no job with kafka.group-id '%s' runs on this machine, nor in the cluster of flink.rest.address if that is set: start it, or correct the configuration"
                        .formatted(groupId));
    }
}
