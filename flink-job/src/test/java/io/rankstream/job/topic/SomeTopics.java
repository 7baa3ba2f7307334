package io.rankstream.job.topic;

import java.util.Map;

/** Topics with names of their own. */
public final class SomeTopics {

    public static final TopicNames NAMES =
            new TopicNames(
                    Map.of(
                            Topic.LABELED_EXAMPLES, "examples",
                            Topic.CONTROL_COMMANDS, "commands",
                            Topic.PREDICTIONS, "predictions",
                            Topic.TRAINING_REPORTS, "reports",
                            Topic.COMMAND_ANSWERS, "answers",
                            Topic.DRIFT_EVENTS, "drift",
                            Topic.ADAPTER_VERSIONS, "versions",
                            Topic.DEAD_LETTERS, "dead"));

    private SomeTopics() {}
}
