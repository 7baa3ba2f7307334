package io.rankstream.job.config.settings;

import io.rankstream.job.topic.Topic;
import java.util.List;

/** How much of the labeling loop a job carries out: of the way from an input to its label. */
public enum LoopMode {
    /** Nothing: examples come with their labels. */
    NONE,
    /** Says what adapters make of inputs, and asks nobody. */
    PREDICT,
    /** All of it: predicts, asks people, joins what they say, and learns from that. */
    TRAIN,
    /** Asks and joins for those who predict and train elsewhere; there is no adapter. */
    ONLY;

    /** Whether adapters learn in the job, from examples that it reads. */
    public boolean learns() {
        return this != ONLY;
    }

    /** Whether inputs without a label are read. */
    public boolean predicts() {
        return this != NONE;
    }

    /** Whether people are asked, and what they say is joined. */
    public boolean asks() {
        return this == TRAIN || this == ONLY;
    }

    /** Topics that a job of this mode reads, in the order of the documentation. */
    public List<Topic<?>> readTopics() {
        return Topic.ALL.stream().filter(this::reads).toList();
    }

    /** Topics that a job of this mode writes, in the order of the documentation. */
    public List<Topic<?>> writtenTopics() {
        return Topic.ALL.stream().filter(this::writes).toList();
    }

    private boolean reads(Topic<?> topic) {
        return (learns() && Topic.LEARNING_INPUTS.contains(topic))
                || (predicts() && topic.equals(Topic.UNLABELED_INPUTS))
                || (asks() && topic.equals(Topic.LABELS));
    }

    private boolean writes(Topic<?> topic) {
        return topic.equals(Topic.DEAD_LETTERS)
                || (learns() && Topic.LEARNING_OUTPUTS.contains(topic))
                || (predicts() && topic.equals(Topic.INPUT_PREDICTIONS))
                || (asks() && Topic.LOOP_OUTPUTS.contains(topic));
    }
}
