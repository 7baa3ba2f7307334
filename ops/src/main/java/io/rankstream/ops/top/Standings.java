package io.rankstream.ops.top;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.TopicNames;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.ops.topic.RegisteredReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How the adapters of a job do, by the newest committed records of its outputs: so much is read of
 * each topic, whatever its size. For use by one thread.
 */
public final class Standings implements AutoCloseable {

    /** Newest records of each topic, a second or two of reading. */
    private static final int MOST_RECORDS = 50_000;

    private static final Comparator<Map.Entry<Instant, AdapterLine>> BUSIEST_FIRST =
            Comparator.<Map.Entry<Instant, AdapterLine>>comparingDouble(
                            entry -> -entry.getValue().rate())
                    .thenComparing(Map.Entry::getKey, Comparator.reverseOrder())
                    .thenComparing(entry -> entry.getValue().id());

    private final TopicNames topics;
    private final InstantSource clock;
    private final SchemaRegistry registry;
    private final TopicTails tails;
    private final RegisteredReader<TrainingReport> reports;
    private final RegisteredReader<Prediction> predictions;
    private final RegisteredReader<AdapterVersion> versions;
    private final RegisteredReader<DeadLetter> letters;
    private final Map<String, Standing> adapters = new HashMap<>();
    private long refusedOfNobody;
    private long unreadable;

    private Standings(
            TopicNames topics, InstantSource clock, SchemaRegistry registry, TopicTails tails) {
        this.topics = topics;
        this.clock = clock;
        this.registry = registry;
        this.tails = tails;
        this.reports = new RegisteredReader<>(registry, TrainingReport.class);
        this.predictions = new RegisteredReader<>(registry, Prediction.class);
        this.versions = new RegisteredReader<>(registry, AdapterVersion.class);
        this.letters = new RegisteredReader<>(registry, DeadLetter.class);
    }

    /**
     * Opens the outputs of a job.
     *
     * @param clock tells what the last minute is
     * @throws TopException if the broker cannot be used, or lacks one of the topics
     */
    public static Standings open(JobConfig job, InstantSource clock)
            throws TopException, InterruptedException {
        TopicNames topics = job.topics();
        List<String> read =
                List.of(
                        topics.trainingReports(),
                        topics.predictions(),
                        topics.adapterVersions(),
                        topics.deadLetters());
        SchemaRegistry registry = new SchemaRegistry(job.registry());
        try {
            return new Standings(
                    topics, clock, registry, TopicTails.open(job.kafka(), read, MOST_RECORDS));
        } catch (TopException | InterruptedException e) {
            registry.close();
            throw e;
        }
    }

    /**
     * How they do now.
     *
     * @throws TopException if the broker goes away
     * @throws RegistryException if the registry does not tell a schema
     */
    public TopView look() throws TopException, RegistryException, InterruptedException {
        for (ConsumerRecord<byte[], byte[]> record : tails.toEnd()) {
            if (record.value() != null) {
                take(record);
            }
        }
        Instant now = clock.instant();
        List<AdapterLine> lines =
                adapters.entrySet().stream()
                        .map(
                                entry ->
                                        Map.entry(
                                                entry.getValue().active(),
                                                entry.getValue().line(now)))
                        .sorted(BUSIEST_FIRST)
                        .map(Map.Entry::getValue)
                        .toList();
        return new TopView(lines, refusedOfNobody, unreadable, List.copyOf(tails.cut()));
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws RegistryException {
        Instant time = Instant.ofEpochMilli(record.timestamp());
        if (record.topic().equals(topics.trainingReports())) {
            known(reports.read(record.value())).ifPresent(report -> step(report, time));
        } else if (record.topic().equals(topics.predictions())) {
            known(predictions.read(record.value()))
                    .ifPresent(one -> of(one.getAdapterId()).predicted(one));
        } else if (record.topic().equals(topics.adapterVersions())) {
            known(versions.read(record.value()))
                    .ifPresent(one -> of(one.getAdapterId()).published(one));
        } else {
            known(letters.read(record.value())).ifPresent(letter -> refuse(letter, time));
        }
    }

    private <T> Optional<T> known(Optional<T> value) {
        if (value.isEmpty()) {
            unreadable++;
        }
        return value;
    }

    /** The answer to a command is no step. */
    private void step(TrainingReport report, Instant time) {
        if (report.getCommand() == null) {
            of(report.getAdapterId()).stepped(report, time);
        }
    }

    private void refuse(DeadLetter letter, Instant time) {
        if (letter.getAdapterId() == null) {
            refusedOfNobody++;
        } else {
            of(letter.getAdapterId()).refused(time);
        }
    }

    private Standing of(String adapterId) {
        return adapters.computeIfAbsent(adapterId, Standing::new);
    }

    @Override
    public void close() {
        tails.close();
        registry.close();
    }
}
