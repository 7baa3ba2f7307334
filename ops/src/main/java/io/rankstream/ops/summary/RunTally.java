package io.rankstream.ops.summary;

import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.claim.TakenOverException;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.preflight.PreflightException;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Counts what one run commits to its topics, and nothing of what earlier runs did. It reads along
 * while the run lasts, so that there is little to read at its end. Where another start follows,
 * what that one commits is not counted: what was read counts once it is known that by then none
 * had. For use by one thread.
 */
public final class RunTally implements AutoCloseable {

    private final KafkaSettings kafka;
    private final String input;
    private final TopicReader<TrainingReport> reports;
    private final TopicReader<DriftEvent> drift;
    private final TopicReader<AdapterVersion> versions;
    private final TopicReader<DeadLetter> deadLetters;
    private final JobClaim.Watch claim;
    private final Standings standings = new Standings();
    private final RunNews news = new RunNews();

    /** Read before the claim was asked after, and since; not counted yet. */
    private List<Runnable> asked = new ArrayList<>();

    private List<Runnable> fresh = new ArrayList<>();
    private final Instant start = Instant.now();

    /** The first step alone: a stream has more of them than can be kept. */
    private final List<Mark> course = new ArrayList<>(1);

    private String problem;

    private RunTally(KafkaSettings kafka, TopicNames topics, JobClaim claim) {
        this.kafka = kafka;
        this.claim = claim.watch();
        this.input = topics.of(Topic.LABELED_EXAMPLES);
        this.reports =
                TopicReader.committedFromNowOn(
                        kafka, topics.of(Topic.TRAINING_REPORTS), TrainingReport.getClassSchema());
        this.drift =
                TopicReader.committedFromNowOn(
                        kafka, topics.of(Topic.DRIFT_EVENTS), DriftEvent.getClassSchema());
        this.versions =
                TopicReader.committedFromNowOn(
                        kafka, topics.of(Topic.ADAPTER_VERSIONS), AdapterVersion.getClassSchema());
        this.deadLetters =
                TopicReader.committedFromNowOn(
                        kafka, topics.of(Topic.DEAD_LETTERS), DeadLetter.getClassSchema());
    }

    /**
     * Begins to count, for a job that is about to start and whose topics are there.
     *
     * @param claim that no other start of it has followed
     * @throws PreflightException if they cannot be read
     */
    public static RunTally begin(JobConfig job, JobClaim claim) throws PreflightException {
        try {
            return new RunTally(job.kafka(), job.topics(), claim);
        } catch (KafkaException e) {
            throw new PreflightException(job.kafka().unusable(e), e);
        }
    }

    /**
     * Reads what has been committed since the last call, and counts what the call before has read.
     *
     * @throws TakenOverException if another start of the job has followed
     */
    public void update() throws TakenOverException, InterruptedException {
        if (problem == null) {
            read(Duration.ZERO);
        }
        if (claim.look()) {
            count(asked);
            asked = fresh;
            fresh = new ArrayList<>();
        }
    }

    /** What whoever watches the run is told of its progress, a line each. */
    public List<String> progress(Instant now) {
        return news.progress(now);
    }

    /** What whoever watches the run is told of records that it refuses; a line at most. */
    public List<String> refusals(Instant now) {
        return news.refusals(now);
    }

    private static void count(List<Runnable> records) {
        records.forEach(Runnable::run);
    }

    /**
     * What the run has come to, after its end.
     *
     * @param limit how long it may take to read the rest; a transaction that an interrupted run has
     *     left open ends what can be read
     */
    public Summary summary(Duration limit) {
        Duration time = Duration.between(start, Instant.now());
        Duration each = limit.dividedBy(5);
        read(each);
        if (problem == null) {
            problem = heldBack(each);
        }
        countUnlessFollowed(each);
        return Summary.of(standings, time, course);
    }

    private void countUnlessFollowed(Duration limit) {
        try {
            claim.look(limit);
        } catch (TakenOverException e) {
            problem =
                    "another start has taken over, and what the two committed about that time is not told apart";
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // not known, as where the broker does not answer
        }
        count(asked);
        count(fresh);
    }

    /** Why what was committed cannot be read; null where it can. */
    private String heldBack(Duration limit) {
        try {
            return Stream.of(reports, drift, versions, deadLetters)
                    .filter(topic -> topic.isHeldBack(limit))
                    .map(
                            topic ->
                                    "a job that was stopped has left a transaction open on topic '%s', and what lies behind it can be read once it has timed out (kafka.transaction-timeout of that job)"
                                            .formatted(topic.topic()))
                    .findFirst()
                    .orElse(null);
        } catch (KafkaException e) {
            return kafka.unusable(e);
        }
    }

    /** Why not everything could be counted; empty where it could. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * @param limit for what is left of each topic; zero takes what is at hand
     */
    private void read(Duration limit) {
        try {
            some(reports, limit).forEach(report -> fresh.add(() -> add(report)));
            some(drift, limit)
                    .forEach(event -> fresh.add(() -> standings.add(event.value(), event.time())));
            some(versions, limit).forEach(version -> fresh.add(() -> addVersion(version)));
            some(deadLetters, limit).stream()
                    .filter(letter -> letter.value().getTopic().equals(input))
                    .forEach(letter -> fresh.add(() -> addLetter(letter)));
        } catch (InterruptException e) {
            Thread.currentThread().interrupt(); // what was not read is read by the next call
        } catch (KafkaException e) {
            problem = kafka.unusable(e);
        }
    }

    private static <T extends SpecificRecordBase> List<TopicReader.Written<T>> some(
            TopicReader<T> topic, Duration limit) {
        return limit.isZero() ? topic.arrivedWithTimes() : topic.rest(limit);
    }

    private void addVersion(TopicReader.Written<AdapterVersion> version) {
        standings.add(version.value(), version.time());
        news.add(version.value());
    }

    private void addLetter(TopicReader.Written<DeadLetter> letter) {
        news.add(letter.value());
        standings.add(letter.value(), letter.time(), Optional.empty());
    }

    private void add(TopicReader.Written<TrainingReport> report) {
        news.add(report.value());
        standings.add(report.value(), report.time());
        if (course.isEmpty() && standings.examplesSeen() > 0) {
            course.add(new Mark(Duration.between(start, report.time()), standings.examplesSeen()));
        }
    }

    @Override
    public void close() {
        claim.close();
        reports.close();
        drift.close();
        versions.close();
        deadLetters.close();
    }
}
