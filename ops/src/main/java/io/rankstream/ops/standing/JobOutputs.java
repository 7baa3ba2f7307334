package io.rankstream.ops.standing;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import io.rankstream.ops.topic.RegisteredReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the outputs of a job: the newest records of each topic, whatever its size, and those that
 * follow. For use by one thread.
 */
public final class JobOutputs implements AutoCloseable {

    /** Newest records of each topic, a second or two of reading. */
    private static final int MOST_RECORDS = 50_000;

    private final TopicNames topics;
    private final SchemaRegistry registry;
    private final List<TopicTails> tails = new ArrayList<>();
    private final RegisteredReader<TrainingReport> reports;
    private final RegisteredReader<Prediction> predictions;
    private final RegisteredReader<CommandAnswer> answers;
    private final RegisteredReader<DriftEvent> drift;
    private final RegisteredReader<AdapterVersion> versions;
    private final RegisteredReader<DeadLetter> letters;
    private Map<TopicPartition, Long> committedReports = Map.of();
    private long unreadable;

    private JobOutputs(JobConfig job) {
        this.topics = job.topics();
        this.registry = new SchemaRegistry(job.registry());
        this.reports = new RegisteredReader<>(registry, TrainingReport.class);
        this.predictions = new RegisteredReader<>(registry, Prediction.class);
        this.answers = new RegisteredReader<>(registry, CommandAnswer.class);
        this.drift = new RegisteredReader<>(registry, DriftEvent.class);
        this.versions = new RegisteredReader<>(registry, AdapterVersion.class);
        this.letters = new RegisteredReader<>(registry, DeadLetter.class);
    }

    /**
     * Opens what is committed.
     *
     * @throws OutputsException if the broker cannot be used, or lacks one of the topics
     */
    public static JobOutputs committed(JobConfig job)
            throws OutputsException, InterruptedException {
        TopicNames topics = job.topics();
        return open(
                job, List.of(), LoopMode.NONE.writtenTopics().stream().map(topics::of).toList());
    }

    /**
     * Opens training reports as they are written, and of answers, drift events, versions and dead
     * letters what is committed. A step whose report is not committed is taken again if the job
     * fails, and its report comes again.
     *
     * @throws OutputsException as {@link #committed}
     */
    public static JobOutputs live(JobConfig job) throws OutputsException, InterruptedException {
        TopicNames topics = job.topics();
        return open(
                job,
                List.of(topics.of(Topic.TRAINING_REPORTS)),
                List.of(
                        topics.of(Topic.COMMAND_ANSWERS),
                        topics.of(Topic.DRIFT_EVENTS),
                        topics.of(Topic.ADAPTER_VERSIONS),
                        topics.of(Topic.DEAD_LETTERS)));
    }

    /**
     * Opens announcements of versions alone, which are few.
     *
     * @throws OutputsException as {@link #committed}
     */
    static JobOutputs ofVersions(JobConfig job) throws OutputsException, InterruptedException {
        return open(job, List.of(), List.of(job.topics().of(Topic.ADAPTER_VERSIONS)));
    }

    /**
     * Opens training reports alone, as they are written.
     *
     * @throws OutputsException as {@link #committed}
     */
    static JobOutputs ofReports(JobConfig job) throws OutputsException, InterruptedException {
        return open(job, List.of(job.topics().of(Topic.TRAINING_REPORTS)), List.of());
    }

    private static JobOutputs open(JobConfig job, List<String> live, List<String> committed)
            throws OutputsException, InterruptedException {
        JobOutputs outputs = new JobOutputs(job);
        try {
            outputs.read(job, committed, IsolationLevel.READ_COMMITTED);
            if (!live.isEmpty()) {
                outputs.read(job, live, IsolationLevel.READ_UNCOMMITTED);
            }
            return outputs;
        } catch (OutputsException | InterruptedException e) {
            outputs.close();
            throw e;
        }
    }

    private void read(JobConfig job, List<String> names, IsolationLevel isolation)
            throws OutputsException, InterruptedException {
        tails.add(TopicTails.open(job.kafka(), names, MOST_RECORDS, isolation));
    }

    /** {@link #read}, and projects it. */
    public void readInto(Standings standings)
            throws OutputsException, RegistryException, InterruptedException {
        read().forEach(update -> update.accept(standings));
    }

    /**
     * Everything up to the present end, as what it does to a projection.
     *
     * @throws OutputsException if the broker goes away; what was read is lost then, and only a new
     *     reader sees all
     * @throws RegistryException if the registry does not tell a schema
     */
    public List<Consumer<Standings>> read()
            throws OutputsException, RegistryException, InterruptedException {
        List<Consumer<Standings>> updates = new ArrayList<>();
        for (TopicTails topic : tails) {
            for (ConsumerRecord<byte[], byte[]> record : topic.toEnd()) {
                if (record.value() != null) {
                    update(record).ifPresent(updates::add);
                }
            }
        }
        return updates;
    }

    private Optional<Consumer<Standings>> update(ConsumerRecord<byte[], byte[]> record)
            throws RegistryException {
        Instant time = Instant.ofEpochMilli(record.timestamp());
        if (record.topic().equals(topics.of(Topic.TRAINING_REPORTS))) {
            return known(reports.read(record.value())).map(one -> all -> all.add(one, time));
        }
        if (record.topic().equals(topics.of(Topic.PREDICTIONS))) {
            return known(predictions.read(record.value())).map(one -> all -> all.add(one));
        }
        if (record.topic().equals(topics.of(Topic.COMMAND_ANSWERS))) {
            return known(answers.read(record.value())).map(one -> all -> all.add(one, time));
        }
        if (record.topic().equals(topics.of(Topic.DRIFT_EVENTS))) {
            return known(drift.read(record.value())).map(one -> all -> all.add(one, time));
        }
        if (record.topic().equals(topics.of(Topic.ADAPTER_VERSIONS))) {
            return known(versions.read(record.value())).map(one -> all -> all.add(one, time));
        }
        Optional<Refusal.Place> place =
                Optional.of(new Refusal.Place(record.topic(), record.partition(), record.offset()));
        return known(letters.read(record.value())).map(one -> all -> all.add(one, time, place));
    }

    private <T> Optional<T> known(Optional<T> value) {
        if (value.isEmpty()) {
            unreadable++;
        }
        return value;
    }

    /**
     * Whether more reports have been committed since the last call, which a checkpoint does.
     *
     * @throws OutputsException if the broker goes away
     */
    public boolean hasCommittedMore() throws OutputsException, InterruptedException {
        Map<TopicPartition, Long> before = committedReports;
        committedReports = tails.get(0).ends(topics.of(Topic.TRAINING_REPORTS));
        return !before.isEmpty() && !before.equals(committedReports);
    }

    /** Records that this release cannot read. */
    public long unreadable() {
        return unreadable;
    }

    /** Topics of which there are older records than were read. */
    public Set<String> cut() {
        Set<String> cut = new TreeSet<>();
        tails.forEach(topic -> cut.addAll(topic.cut()));
        return cut;
    }

    @Override
    public void close() {
        tails.forEach(TopicTails::close);
        registry.close();
    }
}
