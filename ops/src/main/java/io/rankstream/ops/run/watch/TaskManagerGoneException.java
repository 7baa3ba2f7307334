package io.rankstream.ops.run.watch;

/** The cluster of this process has no TaskManager any more; the message is a sentence. */
public final class TaskManagerGoneException extends Exception {

    private static final long serialVersionUID = 1L;

    public TaskManagerGoneException() {
        super(
                "Flink's TaskManager of this process has ended of an error that it does not survive, and nothing takes its place");
    }
}
