package io.rankstream.adapters.task;

import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.task.tagging.TokenClassification;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The tasks that there are. */
public final class Tasks {

    /** All that are supported. */
    public static final List<Task<?>> ALL =
            List.of(
                    new Classification(),
                    new MultiLabel(),
                    new Regression(),
                    new TokenClassification(),
                    new QuestionAnswering());

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

    /**
     * A task with its settings in one word each, as states have it: {@code
     * multi-label-classification threshold=0.3}. Of a task without settings it is the id.
     */
    public static String spelled(Task<?> task) {
        String settings =
                new TreeMap<>(task.settings())
                        .entrySet().stream()
                                .map(setting -> " " + setting.getKey() + "=" + setting.getValue())
                                .collect(Collectors.joining());
        return task.id() + settings;
    }

    /**
     * The task that {@link #spelled} has spelled.
     *
     * @throws IllegalArgumentException if it has not spelled this
     */
    public static Task<?> ofSpelled(String spelled) {
        String[] words = spelled.split(" ", -1);
        Map<String, Double> settings = new TreeMap<>();
        for (int i = 1; i < words.length; i++) {
            int sign = words[i].indexOf('=');
            if (sign < 0) {
                throw new IllegalArgumentException(
                        "the task is '%s', expected settings as name=value behind its id"
                                .formatted(spelled));
            }
            settings.put(words[i].substring(0, sign), Double.valueOf(words[i].substring(sign + 1)));
        }
        return of(words[0]).with(settings);
    }
}
