package io.rankstream.ops.standing;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How all adapters of a job stand, projected from what its outputs say, record by record: the one
 * place where that is summed up. Every change has a number, so that it can be told what has changed
 * since. For use by one thread.
 */
public final class Standings {

    /** Newest checkpoints, news and refusals of nobody that are kept, of each. */
    private static final int MOST_KEPT = 200;

    /** Stretches of the curves of up to a thousand adapters, of each and of all. */
    static final int STRETCHES_OF_A_CURVE = 240;

    static final int MOST_STRETCHES = 1_000 * STRETCHES_OF_A_CURVE;
    private static final int FEWEST_STRETCHES = 30;

    /** Steps that are taken again within such a time were lost together. */
    private static final Duration ONE_RESTART = Duration.ofSeconds(30);

    private final Map<String, Standing> adapters = new HashMap<>();
    private final SortedMap<DeadLetterReason, Long> refused = new TreeMap<>();
    private final Deque<Refusal> refusalsOfNobody = new ArrayDeque<>();
    private final Deque<JobEvent> checkpoints = new ArrayDeque<>();
    private final Deque<JobEvent> news = new ArrayDeque<>();
    private final Throughput throughput = new Throughput();
    private int stretchesOfACurve = STRETCHES_OF_A_CURVE;
    private boolean requestsAreCut;
    private long refusedOfNobody;
    private long checkpointCount;
    private long restartCount;
    private long eventsChanged;
    private long revision;

    /** From when on restarts are told, and need not be concluded from steps; null for never. */
    private Instant restartsToldSince;

    /** Nothing of the adapters, and of the job all that was told. */
    public Standings anew() {
        Standings next = new Standings();
        next.checkpoints.addAll(checkpoints);
        next.news.addAll(news);
        next.checkpointCount = checkpointCount;
        next.restartCount = restartCount;
        next.restartsToldSince = restartsToldSince;
        return next;
    }

    /**
     * Takes in a training report; an answer to a command, which earlier releases put there, too.
     */
    public void add(TrainingReport report, Instant time) {
        if (report.getCommand() != null) {
            answered(report.getAdapterId(), report.getCommand(), time);
            return;
        }
        boolean again = of(report.getAdapterId()).stepped(report, time, ++revision);
        throughput.add(time, report.getExamples());
        if (again) {
            wentBack(report, time);
        }
    }

    /** Takes in the answer to a command. */
    public void add(CommandAnswer answer, Instant time) {
        answered(answer.getAdapterId(), answer, time);
    }

    private void answered(String adapterId, CommandAnswer answer, Instant time) {
        boolean pauses = answer.getAction().equals(ControlAction.PAUSE.name());
        boolean resumes = answer.getAction().equals(ControlAction.RESUME.name());
        if (answer.getOutcome() == CommandOutcome.DONE && (pauses || resumes)) {
            of(adapterId).paused(pauses, time, ++revision);
        }
    }

    private void wentBack(TrainingReport report, Instant time) {
        boolean known =
                (restartsToldSince != null && !time.isBefore(restartsToldSince))
                        || news.stream()
                                .filter(event -> event.kind() == JobEvent.Kind.RESTART)
                                .anyMatch(event -> isWithin(ONE_RESTART, event.time(), time));
        if (!known) {
            String text =
                    report.getStep() == 1
                            ? "adapter %s began anew".formatted(report.getAdapterId())
                            : "the job went on from an earlier checkpoint: adapter %s takes step %d again"
                                    .formatted(report.getAdapterId(), report.getStep());
            add(new JobEvent(time, JobEvent.Kind.RESTART, text));
        }
    }

    private static boolean isWithin(Duration limit, Instant one, Instant other) {
        return Duration.between(one, other).abs().compareTo(limit) < 0;
    }

    /** Takes in an alarm of drift, or what a command has said of one. */
    public void add(DriftEvent event, Instant time) {
        of(event.getAdapterId()).drifted(event, time, ++revision);
    }

    /** Takes in what was said of an example. */
    public void add(Prediction prediction) {
        of(prediction.getAdapterId()).predicted(prediction);
    }

    /** Takes in what was said of an input without a label. */
    public void add(InputPrediction prediction, Instant time) {
        of(prediction.getAdapterId()).predicted(prediction, time, ++revision);
    }

    /** Takes in a request for a label, or that one is taken back. */
    public void add(LabelRequest request, Instant time) {
        of(request.getAdapterId()).requested(request, time, ++revision);
    }

    /** Takes in what became of votes. */
    public void add(LabelOutcome outcome, Instant time) {
        of(outcome.getAdapterId()).decided(outcome, time, ++revision);
    }

    /** Takes in what is estimated of an adapter's quality. */
    public void add(AdapterQuality quality, Instant time) {
        of(quality.getAdapterId()).estimated(quality, time, ++revision);
    }

    /** There are older requests for labels, or outcomes, than are read. Of all of what is read. */
    void requestsAreCut() {
        requestsAreCut = true;
    }

    /** Takes in an announcement. */
    public void add(AdapterVersion version, Instant time) {
        of(version.getAdapterId()).published(version, time, ++revision);
    }

    /**
     * Takes in a dead letter.
     *
     * @param place where it lies; empty where that does not matter
     */
    public void add(DeadLetter letter, Instant written, Optional<Refusal.Place> place) {
        revision++;
        refused.merge(letter.getReason(), 1L, Long::sum);
        Refusal refusal = Refusal.of(letter, written, place);
        if (letter.getAdapterId() == null) {
            refusedOfNobody++;
            keep(refusalsOfNobody, refusal);
        } else {
            of(letter.getAdapterId()).refused(refusal, revision);
        }
    }

    /** Takes in what happened to the job. */
    public void add(JobEvent event) {
        eventsChanged = ++revision;
        switch (event.kind()) {
            case CHECKPOINT -> {
                checkpointCount++;
                keep(checkpoints, event);
            }
            case RESTART -> {
                restartCount++;
                keep(news, event);
            }
            case NEWS -> keep(news, event);
        }
    }

    /** Whoever runs the job tells of every restart from now on. */
    public void restartsAreTold(Instant now) {
        if (restartsToldSince == null) {
            restartsToldSince = now;
        }
    }

    /** Counts a change of something that is shown beside it. */
    public void touch() {
        revision++;
    }

    /** Lets time pass: what was learned long ago no longer counts for a rate. */
    public void rest(Instant now) {
        boolean changed = false;
        for (Standing standing : adapters.values()) {
            changed |= standing.rest(now, revision + 1);
        }
        revision += changed ? 1 : 0;
    }

    private static <T> void keep(Deque<T> newest, T one) {
        newest.addLast(one);
        if (newest.size() > MOST_KEPT) {
            newest.removeFirst();
        }
    }

    /** Twice as many adapters have curves half as fine, so that all of them stay in bounds. */
    private Standing of(String adapterId) {
        Standing standing =
                adapters.computeIfAbsent(
                        adapterId, id -> new Standing(id, stretchesOfACurve, requestsAreCut));
        if (stretchesOfACurve > FEWEST_STRETCHES
                && adapters.size() * (long) stretchesOfACurve > MOST_STRETCHES) {
            stretchesOfACurve /= 2;
            revision++;
            adapters.values().forEach(one -> one.limit(stretchesOfACurve, revision));
        }
        return standing;
    }

    /** When something was last learned, predicted or refused; empty if nothing ever was. */
    public Optional<Instant> newest() {
        return Stream.concat(
                        adapters.values().stream().map(Standing::active),
                        refusalsOfNobody.stream().map(Refusal::written))
                .max(Comparator.naturalOrder())
                .filter(time -> time.isAfter(Instant.MIN));
    }

    /** One adapter; empty where nothing is known of it. */
    public Optional<Standing> adapter(String id) {
        return Optional.ofNullable(adapters.get(id));
    }

    /** All adapters, in no order. */
    public Collection<Standing> adapters() {
        return Collections.unmodifiableCollection(adapters.values());
    }

    /** Examples trained on by all adapters in their lives, as far as is known. */
    public long examples() {
        return adapters.values().stream()
                .flatMap(standing -> standing.latest().stream())
                .mapToLong(TrainingReport::getExamplesTotal)
                .sum();
    }

    /** Requests for labels that wait for an answer; empty where no adapter has unlabeled inputs. */
    public OptionalLong openRequests() {
        return loops().findAny().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(loops().mapToLong(LoopStanding::openRequests).sum());
    }

    /** Inputs without a label that were predicted, a second over the last minute. */
    public double inputsPerSecond(Instant now) {
        return loops().mapToDouble(loop -> loop.line(now).rate()).sum();
    }

    private Stream<LoopStanding> loops() {
        return adapters.values().stream().flatMap(standing -> standing.loop().stream());
    }

    /** Examples of the steps that were seen. */
    public long examplesSeen() {
        return adapters.values().stream().mapToLong(Standing::examplesSeen).sum();
    }

    /** Dead letters by reason. */
    public SortedMap<DeadLetterReason, Long> refusedByReason() {
        return Collections.unmodifiableSortedMap(refused);
    }

    /** All dead letters. */
    public long refused() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Dead letters whose adapter is not known. */
    public long refusedOfNobody() {
        return refusedOfNobody;
    }

    /** The newest refusals whose adapter is not known, the oldest first. */
    public List<Refusal> refusalsOfNobody() {
        return new ArrayList<>(refusalsOfNobody);
    }

    /** Its newest checkpoints, the oldest first. */
    public List<JobEvent> checkpoints() {
        return new ArrayList<>(checkpoints);
    }

    /** Its newest restarts and what else was told of it, the oldest first. */
    public List<JobEvent> news() {
        return new ArrayList<>(news);
    }

    /** How many checkpoints were seen. */
    public long checkpointCount() {
        return checkpointCount;
    }

    /** How many restarts were seen. */
    public long restartCount() {
        return restartCount;
    }

    /** Number of the newest change of {@link #checkpoints} or {@link #news}. */
    public long eventsChanged() {
        return eventsChanged;
    }

    /** Examples over time. */
    public Throughput throughput() {
        return throughput;
    }

    /** Number of changes so far. */
    public long revision() {
        return revision;
    }
}
