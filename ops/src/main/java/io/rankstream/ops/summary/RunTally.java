package io.rankstream.ops.summary;

import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.claim.TakenOverException;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.preflight.PreflightException;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

    /** What is read along, and what becomes of its values. */
    private record Followed<T extends SpecificRecordBase>(
            TopicReader<T> topic, Consumer<TopicReader.Written<T>> counted) {

        /**
         * What was committed since the last call, as what it does.
         *
         * @param limit for what is left; zero takes what is at hand
         */
        List<Runnable> read(Duration limit) {
            List<TopicReader.Written<T>> some =
                    limit.isZero() ? topic.arrivedWithTimes() : topic.rest(limit);
            return some.stream().<Runnable>map(one -> () -> counted.accept(one)).toList();
        }
    }

    private final KafkaSettings kafka;

    /** Topics of examples, inputs and votes: what of commands is refused is answered. */
    private final Set<String> inputs;

    private final List<Followed<?>> followed = new ArrayList<>();
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

    private RunTally(JobConfig job, JobClaim claim) {
        this.kafka = job.kafka();
        this.claim = claim.watch();
        this.inputs =
                job.readTopics().stream()
                        .filter(topic -> !topic.equals(Topic.CONTROL_COMMANDS))
                        .map(topic -> job.topics().of(topic))
                        .collect(Collectors.toUnmodifiableSet());
        follow(job, Topic.TRAINING_REPORTS, this::add);
        follow(job, Topic.DRIFT_EVENTS, event -> standings.add(event.value(), event.time()));
        follow(job, Topic.ADAPTER_VERSIONS, this::addVersion);
        follow(job, Topic.DEAD_LETTERS, this::addLetter);
        follow(job, Topic.INPUT_PREDICTIONS, this::addPrediction);
        follow(job, Topic.LABEL_OUTCOMES, made -> standings.add(made.value(), made.time()));
        follow(job, Topic.ADAPTER_QUALITY, made -> standings.add(made.value(), made.time()));
    }

    /** Where the job writes it. */
    private <T extends SpecificRecordBase> void follow(
            JobConfig job, Topic<T> topic, Consumer<TopicReader.Written<T>> counted) {
        if (job.writtenTopics().contains(topic)) {
            String name = job.topics().of(topic);
            followed.add(
                    new Followed<>(
                            TopicReader.committedFromNowOn(job.kafka(), name, topic.schema()),
                            counted));
        }
    }

    /**
     * Begins to count, for a job that is about to start and whose topics are there.
     *
     * @param claim that no other start of it has followed
     * @throws PreflightException if they cannot be read
     */
    public static RunTally begin(JobConfig job, JobClaim claim) throws PreflightException {
        try {
            return new RunTally(job, claim);
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
        Duration each = limit.dividedBy(followed.size() + 1);
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
            return followed.stream()
                    .<TopicReader<?>>map(Followed::topic)
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
            for (Followed<?> one : followed) {
                fresh.addAll(one.read(limit));
            }
        } catch (InterruptException e) {
            Thread.currentThread().interrupt(); // what was not read is read by the next call
        } catch (KafkaException e) {
            problem = kafka.unusable(e);
        }
    }

    private void addVersion(TopicReader.Written<AdapterVersion> version) {
        standings.add(version.value(), version.time());
        news.add(version.value());
    }

    private void addLetter(TopicReader.Written<DeadLetter> letter) {
        if (inputs.contains(letter.value().getTopic())) {
            news.add(letter.value());
            standings.add(letter.value(), letter.time(), Optional.empty());
        }
    }

    private void addPrediction(TopicReader.Written<InputPrediction> prediction) {
        news.add(prediction.value());
        standings.add(prediction.value(), prediction.time());
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
        followed.forEach(one -> one.topic().close());
    }
}
