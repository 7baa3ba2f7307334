package io.rankstream.job.topic;

import java.util.Map;

/** Topics with names of their own. */
public final class SomeTopics {

    public static final TopicNames NAMES =
            new TopicNames(
                    Map.ofEntries(
                            Map.entry(Topic.LABELED_EXAMPLES, "examples"),
                            Map.entry(Topic.CONTROL_COMMANDS, "commands"),
                            Map.entry(Topic.PREDICTIONS, "predictions"),
                            Map.entry(Topic.TRAINING_REPORTS, "reports"),
                            Map.entry(Topic.COMMAND_ANSWERS, "answers"),
                            Map.entry(Topic.DRIFT_EVENTS, "drift"),
                            Map.entry(Topic.ADAPTER_VERSIONS, "versions"),
                            Map.entry(Topic.DEAD_LETTERS, "dead"),
                            Map.entry(Topic.UNLABELED_INPUTS, "inputs"),
                            Map.entry(Topic.LABELS, "labels"),
                            Map.entry(Topic.INPUT_PREDICTIONS, "said"),
                            Map.entry(Topic.LABEL_REQUESTS, "requests"),
                            Map.entry(Topic.LABEL_OUTCOMES, "outcomes"),
                            Map.entry(Topic.ADAPTER_QUALITY, "quality")));

    private SomeTopics() {}
}
