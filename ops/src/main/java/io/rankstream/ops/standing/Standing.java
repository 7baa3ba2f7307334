package io.rankstream.ops.standing;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import io.rankstream.schemas.Forgetting;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of one adapter, in bounded memory. Reports and versions may come in any order. For
 * use by one thread.
 */
public final class Standing {

    /** Newest examples that show how it does now. */
    public static final int RECENT = 50;

    /** Newest versions, refusals and changes of the stream that are kept. */
    private static final int MOST_KEPT = 50;

    /** Of these changes, so many may be advice. */
    private static final int MOST_ADVICE = 20;

    private static final Duration RATE_WINDOW = Duration.ofMinutes(1);
    private static final Duration REFUSAL_WINDOW = Duration.ofHours(1);

    /** Some examples were learned from at some time. */
    private record Step(Instant time, int examples) {}

    /**
     * What was said of an example.
     *
     * @param right whether it was the label, or the list as a whole; empty where the target is
     *     neither
     */
    private record Answer(Optional<Boolean> right, float loss) {}

    private final String id;
    private final Deque<Answer> recent = new ArrayDeque<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Deque<PublishedVersion> versions = new ArrayDeque<>();
    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private final Deque<Drift> drifts = new ArrayDeque<>();
    private final Deque<Instant> refusedLately = new ArrayDeque<>();
    private final SortedMap<DeadLetterReason, Long> refused = new TreeMap<>();
    private final LearningCurve curve;
    private final boolean requestsAreCut;
    private LoopStanding loop;
    private int mostPoints;
    private TrainingReport first;
    private TrainingReport report;
    private Forgetting forgetting;
    private AdapterVersion version;
    private List<String> modules = List.of();
    private Instant active = Instant.MIN;
    private Instant pauseTold = Instant.MIN;
    private boolean paused;
    private long alarmsSeen;
    private long stepsSeen;
    private long examplesSeen;
    private long revision;

    /**
     * @param mostStretches stretches that each of its curves has at most
     * @param requestsAreCut whether there are older requests for labels, or outcomes, than are read
     */
    Standing(String id, int mostStretches, boolean requestsAreCut) {
        this.id = id;
        this.curve = new LearningCurve(mostStretches);
        this.mostPoints = mostStretches;
        this.requestsAreCut = requestsAreCut;
    }

    /** Makes its curves shorter. */
    void limit(int mostStretches, long change) {
        mostPoints = mostStretches;
        if (loop != null) {
            loop.limit(mostStretches);
        }
        if (curve.limit(mostStretches, change)) {
            revision = change;
        }
    }

    /**
     * Takes in a step.
     *
     * @return whether it was taken again, from an earlier checkpoint
     */
    boolean stepped(TrainingReport step, Instant time, long change) {
        if (first == null || step.getStep() < first.getStep()) {
            first = step;
        }
        report = step;
        forgetting = step.getForgetting() == null ? forgetting : step.getForgetting();
        stepsSeen++;
        examplesSeen += step.getExamples();
        alarmsSeen += step.getDriftAlarms();
        revision = change;
        active = later(active, time);
        steps.addLast(new Step(time, step.getExamples()));
        while (steps.getFirst().time().isBefore(time.minus(RATE_WINDOW))) {
            steps.removeFirst();
        }
        return curve.add(step, time, change);
    }

    /**
     * Takes in that a command has paused it, or has resumed it. The last one counts, in whatever
     * order the answers are read: they may lie on two topics.
     */
    void paused(boolean isPaused, Instant time, long change) {
        if (!time.isBefore(pauseTold)) {
            pauseTold = time;
            paused = isPaused;
            revision = change;
        }
    }

    void predicted(Prediction prediction) {
        if (prediction.getWithheld()) {
            return;
        }
        recent.addLast(
                new Answer(
                        prediction.getLabel() instanceof String
                                        || prediction.getLabel() instanceof List
                                ? Optional.of(
                                        prediction
                                                .getLabel()
                                                .equals(prediction.getPredictedLabel()))
                                : Optional.empty(),
                        prediction.getLoss()));
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    void published(AdapterVersion announced, Instant time, long change) {
        revision = change;
        keep(versions, new PublishedVersion(time, announced));
        if (!announced.getModules().isEmpty()) {
            modules = List.copyOf(announced.getModules());
        }
        if (version == null || announced.getVersion() > version.getVersion()) {
            version = announced;
        }
    }

    /** Takes in an alarm, or what a command has said of one or has announced. */
    void drifted(DriftEvent event, Instant time, long change) {
        if (event.getKind() == DriftEventKind.UNKNOWN) {
            return; // of a newer release
        }
        revision = change;
        Optional<Drift> told = drifts.stream().filter(one -> one.isToldBy(event)).findFirst();
        told.ifPresent(drifts::remove);
        Drift.Said said = Drift.Said.of(event.getKind());
        keep(
                drifts,
                said == Drift.Said.NOTHING || told.isEmpty()
                        ? new Drift(time, event, said)
                        : told.get().with(said));
        keepNewestAdvice();
    }

    /** Advice may come often, and pushes no alarm out. */
    private void keepNewestAdvice() {
        List<Drift> advice = drifts.stream().filter(Drift::isAdvice).toList();
        if (advice.size() > MOST_ADVICE) {
            drifts.remove(advice.get(0));
        }
    }

    void refused(Refusal refusal, long change) {
        revision = change;
        refused.merge(refusal.reason(), 1L, Long::sum);
        keep(refusals, refusal);
        refusedLately.addLast(refusal.written());
        while (refusedLately.getFirst().isBefore(refusal.written().minus(REFUSAL_WINDOW))) {
            refusedLately.removeFirst();
        }
        active = later(active, refusal.written());
    }

    /** Takes in what was said of an input without a label. */
    void predicted(InputPrediction prediction, Instant time, long change) {
        changedLoop(time, change).predicted(prediction, time, change);
    }

    /** Takes in a request for a label, or that one is taken back. */
    void requested(LabelRequest request, Instant time, long change) {
        changedLoop(time, change).requested(request, change);
    }

    /** Takes in what became of votes. */
    void decided(LabelOutcome outcome, Instant time, long change) {
        changedLoop(time, change).decided(outcome, change);
    }

    /** Takes in what is estimated of its quality. */
    void estimated(AdapterQuality quality, Instant time, long change) {
        changedLoop(time, change).estimated(quality, change);
    }

    private LoopStanding changedLoop(Instant time, long change) {
        if (loop == null) {
            loop = new LoopStanding(mostPoints, requestsAreCut);
        }
        revision = change;
        active = later(active, time);
        return loop;
    }

    /**
     * Forgets steps and inputs that no longer count for a rate.
     *
     * @return whether there were any
     */
    boolean rest(Instant now, long change) {
        boolean changed = loop != null && loop.rest(now, change);
        revision = changed ? change : revision;
        while (!steps.isEmpty() && !steps.getFirst().time().isAfter(now.minus(RATE_WINDOW))) {
            steps.removeFirst();
            revision = change;
            changed = true;
        }
        return changed;
    }

    private static <T> void keep(Deque<T> newest, T one) {
        newest.addLast(one);
        if (newest.size() > MOST_KEPT) {
            newest.removeFirst();
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Its id. */
    public String id() {
        return id;
    }

    /** When it last learned, predicted or was refused something, or its labels changed. */
    public Instant active() {
        return active;
    }

    /** Its first step, as far as was looked; empty before that. */
    public Optional<TrainingReport> first() {
        return Optional.ofNullable(first);
    }

    /** Its newest step. */
    public Optional<TrainingReport> latest() {
        return Optional.ofNullable(report);
    }

    /** Its newest version. */
    public Optional<AdapterVersion> version() {
        return Optional.ofNullable(version);
    }

    /** Steps that were seen, each time that one was taken. */
    public long stepsSeen() {
        return stepsSeen;
    }

    /** Examples of those steps. */
    public long examplesSeen() {
        return examplesSeen;
    }

    /** Examples that it had been trained on before the first step that was seen. */
    public long examplesBefore() {
        return first == null ? 0 : first.getExamplesTotal() - first.getExamples();
    }

    /** Live triplets over all modules after a step. */
    public static int liveRanks(TrainingReport report) {
        return report.getLiveRanks().stream().mapToInt(Integer::intValue).sum();
    }

    /** How it has learned. */
    public LearningCurve curve() {
        return curve;
    }

    /** Names of its adapted modules in the order of the base model; empty where not known. */
    public List<String> modules() {
        return modules;
    }

    /** Its newest versions, the oldest first. */
    public List<PublishedVersion> versions() {
        return new ArrayList<>(versions);
    }

    /** Its newest refusals, the oldest first. */
    public List<Refusal> refusals() {
        return new ArrayList<>(refusals);
    }

    /** The newest changes of its stream, the one that was told of last at the end. */
    public List<Drift> drifts() {
        return new ArrayList<>(drifts);
    }

    /** Its newest alarm that nobody has called false. */
    public Optional<Drift> alarm() {
        return drifts.stream().filter(Drift::isAlarm).max(Comparator.comparingLong(Drift::example));
    }

    /** What its probes told last; empty without any. */
    public Optional<Forgetting> forgetting() {
        return Optional.ofNullable(forgetting);
    }

    /** What is known of its inputs without a label; empty where none came. */
    public Optional<LoopStanding> loop() {
        return Optional.ofNullable(loop);
    }

    /** Alarms of drift that those steps raised. */
    public long alarmsSeen() {
        return alarmsSeen;
    }

    /** Its dead letters by reason. */
    public SortedMap<DeadLetterReason, Long> refusedByReason() {
        return refused;
    }

    /** Number of the newest change of the projection that touched it. */
    public long revision() {
        return revision;
    }

    /** How it does. */
    public AdapterLine line(Instant now) {
        List<Boolean> labeled = recent.stream().flatMap(answer -> answer.right().stream()).toList();
        long right = labeled.stream().filter(hit -> hit).count();
        int size = recent.size();
        return new AdapterLine(
                id,
                report != null
                        ? report.getExamplesTotal()
                        : version != null ? version.getExamples() : 0,
                accuracy(),
                labeled.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of((double) right / labeled.size()),
                size,
                report == null
                        ? OptionalDouble.empty()
                        : Metrics.known(report.getMajorityAccuracy()),
                recent.stream().mapToDouble(Answer::loss).average(),
                version == null ? 0 : version.getVersion(),
                report != null ? report.getBudget() : version != null ? version.getBudget() : 0,
                refused.values().stream().mapToLong(Long::longValue).sum(),
                refusedLately(now),
                rate(now),
                report != null ? report.getStep() : version != null ? version.getStep() : 0,
                paused,
                report == null ? 0 : report.getDriftAlarmsTotal(),
                alarm(),
                report == null ? Map.of() : report.getMetrics(),
                loop().map(found -> found.line(now)));
    }

    /**
     * The metrics of its newest step, those among them that reports have in fields of their own.
     */
    public Map<String, Double> scores() {
        return report == null
                ? Map.of()
                : Metrics.with(
                        report.getMetrics(),
                        Metrics.known(report.getPrequentialAccuracy()),
                        Metrics.known(report.getPrequentialAccuracyLast1000()),
                        Metrics.known(report.getMajorityAccuracy()));
    }

    private OptionalDouble accuracy() {
        if (report != null) {
            return Metrics.known(report.getPrequentialAccuracy());
        }
        return version == null
                ? OptionalDouble.empty()
                : Metrics.known(version.getPrequentialAccuracy());
    }

    private long refusedLately(Instant now) {
        Instant from = now.minus(REFUSAL_WINDOW);
        return refusedLately.stream().filter(time -> time.isAfter(from)).count();
    }

    private double rate(Instant now) {
        Instant from = now.minus(RATE_WINDOW);
        return (double)
                        steps.stream()
                                .filter(step -> step.time().isAfter(from))
                                .mapToLong(Step::examples)
                                .sum()
                / RATE_WINDOW.toSeconds();
    }
}
