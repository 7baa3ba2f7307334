package io.rankstream.job.config;

import io.rankstream.job.config.passthrough.FlinkDefaults;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.FleetSettings;
import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.config.settings.LoopSettings;
import io.rankstream.job.config.settings.MetricsSettings;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.RegistrySettings;
import io.rankstream.job.config.settings.ServeSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;

/**
 * Effective configuration of a job, checked as a whole.
 *
 * @param kafka broker and source
 * @param topics names of the topics
 * @param input how labeled examples are read
 * @param registry schema registry
 * @param model base model and tokenizer
 * @param batch when a micro-batch closes
 * @param train training operator
 * @param adapters adapters that are admitted
 * @param fleet the rank budget that the adapters share; empty where each has its own
 * @param loop how inputs without a label come to one
 * @param publish published adapters
 * @param metrics what is told of the job
 * @param consolePort port of the page on this machine; 0 for a free one
 * @param serve what requests for predictions are answered by
 * @param flink options handed to Flink as they are, defaults of ours included
 * @param firstPace what a job keeps that was begun under {@link Defaults#FIRST}
 */
public record JobConfig(
        KafkaSettings kafka,
        TopicNames topics,
        InputSettings input,
        RegistrySettings registry,
        ModelSettings model,
        BatchSettings batch,
        TrainSettings train,
        ConfiguredAdapters adapters,
        Optional<FleetSettings> fleet,
        LoopSettings loop,
        PublishSettings publish,
        MetricsSettings metrics,
        int consolePort,
        ServeSettings serve,
        Configuration flink,
        Pace firstPace) {

    /** The same file, for a job that was begun under other defaults than this release's. */
    public JobConfig begunUnder(Defaults defaults) {
        return switch (defaults) {
            case CURRENT -> this;
            case FIRST ->
                    new JobConfig(
                            kafka,
                            topics,
                            input,
                            registry,
                            model,
                            firstPace.batch(),
                            train,
                            firstPace.adapters(),
                            fleet,
                            loop,
                            firstPace.publish(),
                            metrics,
                            consolePort,
                            serve,
                            flink,
                            firstPace);
        };
    }

    /** Topics that the job reads. */
    public List<Topic<?>> readTopics() {
        return loop.mode().readTopics();
    }

    /** Topics that the job writes. A fleet gives commands. */
    public List<Topic<?>> writtenTopics() {
        List<Topic<?>> byLoop = loop.mode().writtenTopics();
        return Topic.ALL.stream()
                .filter(
                        topic ->
                                byLoop.contains(topic)
                                        || (topic.equals(Topic.CONTROL_COMMANDS)
                                                && fleet.isPresent()))
                .toList();
    }

    /** Topics that the job reads or writes. */
    public List<Topic<?>> usedTopics() {
        return Topic.ALL.stream()
                .filter(topic -> readTopics().contains(topic) || writtenTopics().contains(topic))
                .toList();
    }

    /**
     * Completes {@link #flink} for a cluster in this process. Unless the file says otherwise, that
     * serves this machine alone, and its web page takes no programs.
     */
    public void completeForThisProcess() {
        FlinkDefaults.OF_RUN.forEach(each -> each.applyTo(flink));
    }

    /** Names Flink's options without their values, which may be secrets. */
    @Override
    public String toString() {
        return ("JobConfig[kafka=%s, topics=%s, input=%s, registry=%s, model=%s, batch=%s, train=%s,"
                        + " adapters=%s, fleet=%s, loop=%s, publish=%s, metrics=%s, consolePort=%d, serve=%s, flink=%s]")
                .formatted(
                        kafka,
                        topics,
                        input,
                        registry,
                        model,
                        batch,
                        train,
                        adapters,
                        fleet,
                        loop,
                        publish,
                        metrics,
                        consolePort,
                        serve,
                        new TreeSet<>(flink.keySet()));
    }
}
