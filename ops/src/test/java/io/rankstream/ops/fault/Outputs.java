package io.rankstream.ops.fault;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import java.nio.file.Path;
import java.util.List;

/** What a job has committed so far, as a consumer that follows it sees it. */
final class Outputs implements AutoCloseable {

    private final JobConfig config;
    private final TopicReader<Prediction> predictions;
    private final TopicReader<DeadLetter> deadLetters;
    private final TopicReader<AdapterVersion> versions;
    private int predicted;
    private int deadLettered;
    private int announced;

    /** Its topics must be there. */
    Outputs(JobConfig config) {
        this.config = config;
        this.predictions = predictionsOf(config);
        this.deadLetters = deadLettersOf(config);
        this.versions = versionsOf(config);
    }

    /** Looks at what was committed since the last look. */
    void look() {
        predicted += predictions.poll().size();
        deadLettered += deadLetters.poll().size();
        announced += versions.poll().size();
    }

    /** Looks until there is nothing new for the moment. */
    void catchUp() {
        int before;
        do {
            before = predicted + deadLettered + announced;
            look();
        } while (predicted + deadLettered + announced > before);
    }

    /** Predictions seen so far. */
    int predicted() {
        return predicted;
    }

    /** Whether everything was seen that must come of what was sent; it may be too much. */
    boolean hasAll(Ledger sent, int expectedVersions) {
        return predicted >= sent.examples().size()
                && deadLettered >= sent.bad().size()
                && announced >= expectedVersions;
    }

    /** Compares all that lies on the topics, read anew, with what was sent. */
    List<String> problems(Ledger sent, Path publishDirectory) throws Exception {
        try (TopicReader<Prediction> allPredictions = predictionsOf(config);
                TopicReader<DeadLetter> allDeadLetters = deadLettersOf(config)) {
            return ExactlyOnceCheck.problems(
                    sent,
                    allPredictions.readToEnd(),
                    allDeadLetters.readToEnd(),
                    allVersions(config),
                    publishDirectory);
        }
    }

    /** Every announcement of a job, in their order. */
    static List<AdapterVersion> allVersions(JobConfig config) {
        try (TopicReader<AdapterVersion> all = versionsOf(config)) {
            return all.readToEnd();
        }
    }

    @Override
    public String toString() {
        return "%d predictions, %d dead letters, %d versions"
                .formatted(predicted, deadLettered, announced);
    }

    @Override
    public void close() {
        predictions.close();
        deadLetters.close();
        versions.close();
    }

    private static TopicReader<Prediction> predictionsOf(JobConfig config) {
        return TopicReader.committed(
                config.kafka().bootstrapServers(),
                config.topics().of(Topic.PREDICTIONS),
                Prediction.getClassSchema());
    }

    private static TopicReader<DeadLetter> deadLettersOf(JobConfig config) {
        return TopicReader.committed(
                config.kafka().bootstrapServers(),
                config.topics().of(Topic.DEAD_LETTERS),
                DeadLetter.getClassSchema());
    }

    private static TopicReader<AdapterVersion> versionsOf(JobConfig config) {
        return TopicReader.committed(
                config.kafka().bootstrapServers(),
                config.topics().of(Topic.ADAPTER_VERSIONS),
                AdapterVersion.getClassSchema());
    }
}
