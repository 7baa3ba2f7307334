package io.rankstream.ops.standing;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import io.rankstream.ops.topic.RegisteredReader;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.LabelRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;
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

    /**
     * Examples that the job has joined, and commands of a fleet: what they do is told elsewhere.
     */
    private static final Set<Topic<?>> OWN_INPUTS =
            Set.of(Topic.LABELED_EXAMPLES, Topic.CONTROL_COMMANDS);

    private final TopicNames topics;
    private final SchemaRegistry registry;
    private final List<TopicTails> tails = new ArrayList<>();
    private final Map<String, Projection> projections = new HashMap<>();
    private final String checkpointed;
    private Map<TopicPartition, Long> committed = Map.of();
    private boolean cutIsTold;
    private long unreadable;

    /** What a record does to a projection; empty where this release cannot read it. */
    private interface Projection {

        Optional<Consumer<Standings>> of(ConsumerRecord<byte[], byte[]> record)
                throws RegistryException;
    }

    /** What a value does to a projection. */
    private interface Effect<T> {

        Consumer<Standings> of(T value, Instant time);
    }

    private JobOutputs(JobConfig job) {
        this.topics = job.topics();
        this.registry = new SchemaRegistry(job.registry());
        this.checkpointed = topics.of(commonest(job.loop().mode()));
        project(Topic.TRAINING_REPORTS, (report, time) -> all -> all.add(report, time));
        project(Topic.PREDICTIONS, (prediction, time) -> all -> all.add(prediction));
        project(Topic.COMMAND_ANSWERS, (answer, time) -> all -> all.add(answer, time));
        project(Topic.DRIFT_EVENTS, (event, time) -> all -> all.add(event, time));
        project(Topic.ADAPTER_VERSIONS, (version, time) -> all -> all.add(version, time));
        project(Topic.INPUT_PREDICTIONS, (prediction, time) -> all -> all.add(prediction, time));
        project(Topic.LABEL_REQUESTS, (request, time) -> requested(request, time));
        project(Topic.LABEL_OUTCOMES, (outcome, time) -> all -> all.add(outcome, time));
        project(Topic.ADAPTER_QUALITY, (quality, time) -> all -> all.add(quality, time));
        projectLetters();
    }

    /** What the job writes all the time, so that every checkpoint commits some. */
    private static Topic<?> commonest(LoopMode mode) {
        return mode.learns() ? Topic.TRAINING_REPORTS : Topic.INPUT_PREDICTIONS;
    }

    /** Without its texts, which may be long and are not shown. */
    private static Consumer<Standings> requested(LabelRequest request, Instant time) {
        request.setText("");
        request.setTextPair(null);
        request.setMetadata(Map.of());
        return all -> all.add(request, time);
    }

    private <T extends SpecificRecordBase> void project(Topic<T> topic, Effect<T> effect) {
        RegisteredReader<T> reader = new RegisteredReader<>(registry, topic.type());
        projections.put(
                topics.of(topic),
                record ->
                        reader.read(record.value()).map(value -> effect.of(value, timeOf(record))));
    }

    private void projectLetters() {
        RegisteredReader<DeadLetter> reader =
                new RegisteredReader<>(registry, Topic.DEAD_LETTERS.type());
        projections.put(
                topics.of(Topic.DEAD_LETTERS),
                record -> {
                    Optional<Refusal.Place> place =
                            Optional.of(
                                    new Refusal.Place(
                                            record.topic(), record.partition(), record.offset()));
                    return reader.read(record.value())
                            .map(letter -> all -> all.add(letter, timeOf(record), place));
                });
    }

    private static Instant timeOf(ConsumerRecord<?, ?> record) {
        return Instant.ofEpochMilli(record.timestamp());
    }

    /**
     * Opens what is committed, of the topics that the job writes.
     *
     * @throws OutputsException if the broker cannot be used, or lacks one of the topics
     */
    public static JobOutputs committed(JobConfig job)
            throws OutputsException, InterruptedException {
        return open(job, List.of(), written(job));
    }

    /**
     * Opens training reports as they are written, and of the other topics that the job writes what
     * is committed, predictions of labeled examples left out. A step whose report is not committed
     * is taken again if the job fails, and its report comes again.
     *
     * @throws OutputsException as {@link #committed}
     */
    public static JobOutputs live(JobConfig job) throws OutputsException, InterruptedException {
        List<Topic<?>> committed = new ArrayList<>(written(job));
        committed.remove(Topic.PREDICTIONS);
        List<Topic<?>> live = new ArrayList<>();
        if (committed.remove(Topic.TRAINING_REPORTS)) {
            live.add(Topic.TRAINING_REPORTS);
        }
        return open(job, live, committed);
    }

    private static List<Topic<?>> written(JobConfig job) {
        return job.writtenTopics().stream().filter(topic -> !OWN_INPUTS.contains(topic)).toList();
    }

    /**
     * Opens what is committed of one topic.
     *
     * @throws OutputsException as {@link #committed}
     */
    static JobOutputs of(Topic<?> topic, JobConfig job)
            throws OutputsException, InterruptedException {
        return open(job, List.of(), List.of(topic));
    }

    private static JobOutputs open(JobConfig job, List<Topic<?>> live, List<Topic<?>> committed)
            throws OutputsException, InterruptedException {
        JobOutputs outputs = new JobOutputs(job);
        try {
            outputs.open(job, committed, IsolationLevel.READ_COMMITTED);
            if (!live.isEmpty()) {
                outputs.open(job, live, IsolationLevel.READ_UNCOMMITTED);
            }
            return outputs;
        } catch (OutputsException | InterruptedException e) {
            outputs.close();
            throw e;
        }
    }

    private void open(JobConfig job, List<Topic<?>> those, IsolationLevel isolation)
            throws OutputsException, InterruptedException {
        List<String> names = new ArrayList<>();
        those.forEach(topic -> names.add(topics.of(topic)));
        tails.add(TopicTails.open(job.kafka(), names, MOST_RECORDS, isolation));
    }

    /** {@link #read}, and projects it. */
    public void readInto(Standings standings)
            throws OutputsException, RegistryException, InterruptedException {
        read().forEach(update -> update.accept(standings));
    }

    /**
     * Everything up to the present end, as what it does to a projection. Requests for labels come
     * before what became of them.
     *
     * @throws OutputsException if the broker goes away; what was read is lost then, and only a new
     *     reader sees all
     * @throws RegistryException if the registry does not tell a schema
     */
    public List<Consumer<Standings>> read()
            throws OutputsException, RegistryException, InterruptedException {
        List<Consumer<Standings>> updates = new ArrayList<>();
        if (!cutIsTold && areRequestsCut()) {
            updates.add(Standings::requestsAreCut);
        }
        cutIsTold = true;
        List<Consumer<Standings>> outcomes = new ArrayList<>();
        for (TopicTails some : tails) {
            some.toEnd(
                    record -> {
                        if (record.value() != null) {
                            boolean last = record.topic().equals(topics.of(Topic.LABEL_OUTCOMES));
                            update(record).ifPresent((last ? outcomes : updates)::add);
                        }
                    });
        }
        updates.addAll(outcomes);
        return updates;
    }

    private boolean areRequestsCut() {
        Set<String> cut = cut();
        return cut.contains(topics.of(Topic.LABEL_REQUESTS))
                || cut.contains(topics.of(Topic.LABEL_OUTCOMES));
    }

    private Optional<Consumer<Standings>> update(ConsumerRecord<byte[], byte[]> record)
            throws RegistryException {
        Optional<Consumer<Standings>> update = projections.get(record.topic()).of(record);
        if (update.isEmpty()) {
            unreadable++;
        }
        return update;
    }

    /**
     * Whether more has been committed since the last call of what the job writes all the time,
     * which a checkpoint does.
     *
     * @throws OutputsException if the broker goes away
     */
    public boolean hasCommittedMore() throws OutputsException, InterruptedException {
        Map<TopicPartition, Long> before = committed;
        committed = tails.get(0).ends(checkpointed);
        return !before.isEmpty() && !before.equals(committed);
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
