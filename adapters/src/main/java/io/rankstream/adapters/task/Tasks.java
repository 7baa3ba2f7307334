package io.rankstream.adapters.task;

import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.regression.Regression;
import java.util.List;

/** The tasks that there are. */
public final class Tasks {

    /** All that are supported. */
    public static final List<Task<?>> ALL = List.of(new Classification(), new Regression());

    private Tasks() {}

    /**
     * The task of an id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Task<?> of(String id) {
        return ALL.stream()
                .filter(task -> task.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "the task is '%s', expected one of %s"
                                                .formatted(
                                                        id, ALL.stream().map(Task::id).toList())));
    }
}
