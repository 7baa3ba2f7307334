package io.rankstream.job.loop.join;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.LabelProbabilities;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.account.Account;
import io.rankstream.job.loop.account.Agreement;
import io.rankstream.job.loop.account.Annotator;
import io.rankstream.job.loop.account.Deadline;
import io.rankstream.job.loop.account.DeadlineQueue;
import io.rankstream.job.loop.account.LoopState;
import io.rankstream.job.loop.account.Slot;
import io.rankstream.job.loop.account.StreamTime;
import io.rankstream.job.loop.entry.Entry;
import io.rankstream.job.loop.quality.Cohort;
import io.rankstream.job.loop.quality.DrawnInput;
import io.rankstream.job.loop.quality.QualityEstimate;
import io.rankstream.job.loop.select.Draw;
import io.rankstream.job.loop.select.SelectionAccount;
import io.rankstream.job.loop.select.Selector;
import io.rankstream.job.loop.vote.CastVote;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.AnnotatorQuality;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The account of one adapter while an element is dealt with, and the rest of its state. */
final class Desk {

    /** Annotators beyond are not counted, so that a flood of names takes no state. */
    private static final int MOST_ANNOTATORS = 1_000;

    /** Annotators that are told of. */
    private static final int MOST_TOLD = 100;

    private static final long HOUR = Duration.ofHours(1).toMillis();

    /** Labels beyond are not counted, where nobody configures them. */
    private static final int MOST_LABELS = 1_000;

    private final LoopState state;

    private StreamTime time;
    private DeadlineQueue expiring;
    private DeadlineQueue forgetting;
    private long parked;
    private long openRequests;
    private long requests;
    private SelectionAccount selection;
    private long toldHour;
    private int annotators;
    private Agreement agreement;

    Desk(LoopState state) throws Exception {
        this.state = state;
        Account account = state.account();
        this.time = account.time();
        this.expiring = account.expiring();
        this.forgetting = account.forgetting();
        this.parked = account.parked();
        this.openRequests = account.openRequests();
        this.requests = account.requests();
        this.selection = account.selection();
        this.toldHour = account.toldHour();
        this.annotators = account.annotators();
        this.agreement = account.agreement();
    }

    void close() throws Exception {
        state.put(
                new Account(
                        time,
                        expiring,
                        forgetting,
                        parked,
                        openRequests,
                        requests,
                        selection,
                        toldHour,
                        annotators,
                        agreement));
    }

    /** Milliseconds of the adapter's stream; {@link StreamTime#UNKNOWN} before its first input. */
    long now() {
        return time.now();
    }

    boolean isTimeKnown() {
        return time.isKnown();
    }

    void advance(long eventTime, long maxJump) {
        time = time.after(eventTime, maxJump);
    }

    boolean isTimeDoubted() {
        return time.isDoubted();
    }

    /**
     * Until when an entry waits: longer than it says, where the stream's time was in doubt when it
     * came, and has jumped since.
     */
    long expiry(Entry entry, long horizon) {
        OptionalLong jumpedTo =
                entry.doubted() ? time.jumpedOver(entry.openedAt()) : OptionalLong.empty();
        return jumpedTo.isPresent()
                ? Math.max(entry.expiresAt(), jumpedTo.getAsLong() + horizon)
                : entry.expiresAt();
    }

    /**
     * When an entry is forgotten: later than it says, where the stream's time was in doubt when it
     * was decided, and has jumped since.
     */
    long forgetting(Entry entry, long corrections) {
        OptionalLong jumpedTo = time.jumpedOver(entry.forgetAt() - corrections);
        return jumpedTo.isPresent() ? jumpedTo.getAsLong() + corrections : entry.forgetAt();
    }

    /** Until when an entry waits if the inputs that are ahead of the stream by now are right. */
    long claimedExpiry(Entry entry, long horizon) {
        return entry.doubted() && time.isDoubted() && entry.openedAt() >= time.doubtedSince()
                ? Math.max(entry.expiresAt(), time.claimed() + horizon)
                : entry.expiresAt();
    }

    /** What is {@code after} from now; never, while there is no time. */
    long from(long after) {
        return time.isKnown() ? time.now() + after : Long.MAX_VALUE;
    }

    Entry entry(String exampleId) throws Exception {
        return state.entry(exampleId);
    }

    void keep(String exampleId, Entry entry) throws Exception {
        state.put(exampleId, entry);
    }

    void remove(String exampleId) throws Exception {
        state.removeEntry(exampleId);
    }

    void schedule(Deadline kind, long dueAt, String exampleId) throws Exception {
        DeadlineQueue queue = queue(kind);
        state.put(kind, queue.next(), new Slot(dueAt, exampleId));
        put(kind, queue.added(dueAt));
    }

    /** When the first slot is due; {@link Long#MAX_VALUE} where there is none. */
    long nextDue(Deadline kind) {
        return queue(kind).dueAt();
    }

    boolean isEmpty(Deadline kind) {
        return queue(kind).isEmpty();
    }

    /** Takes the first slot out. */
    Slot take(Deadline kind) throws Exception {
        DeadlineQueue queue = queue(kind);
        Slot slot = state.slot(kind, queue.first());
        state.removeSlot(kind, queue.first());
        Slot after = queue.size() > 1 ? state.slot(kind, queue.first() + 1) : null;
        put(kind, queue.removed(after == null ? Long.MAX_VALUE : after.dueAt()));
        return slot;
    }

    private DeadlineQueue queue(Deadline kind) {
        return kind == Deadline.EXPIRY ? expiring : forgetting;
    }

    private void put(Deadline kind, DeadlineQueue queue) {
        if (kind == Deadline.EXPIRY) {
            expiring = queue;
        } else {
            forgetting = queue;
        }
    }

    long parked() {
        return parked;
    }

    void countParked(int more) {
        parked += more;
    }

    /** Draws an input. */
    DrawnInput draw(PredictedInput input, Selector selector) {
        LabelProbabilities said = input.said();
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < said.labels().size(); i++) {
            probabilities.put(said.labels().get(i), said.values()[i]);
        }
        Draw draw =
                selector.draw(
                        input.adapterId(),
                        input.input().exampleId(),
                        probabilities,
                        input.predicted().filter(Target.Several.class::isInstance).isPresent(),
                        now(),
                        (int) openRequests,
                        selection);
        selection = draw.account();
        return DrawnInput.of(draw, probability(input));
    }

    /** Of what was predicted: of a list, that all of it is right if labels are independent. */
    private static double probability(PredictedInput input) {
        LabelProbabilities said = input.said();
        if (said.isEmpty()) {
            return Double.NaN;
        }
        if (!(input.predicted().orElse(null) instanceof Target.Several list)) {
            return said.values()[said.best()];
        }
        Set<String> predicted = Set.copyOf(list.labels());
        double product = 1;
        for (int i = 0; i < said.values().length; i++) {
            double probability = said.values()[i];
            product *= predicted.contains(said.labels().get(i)) ? probability : 1 - probability;
        }
        return product;
    }

    /** Counts what happened to an input that was opened at a time, while its hour is kept. */
    void count(long openedAt, UnaryOperator<Cohort> change) throws Exception {
        long hour = hour(openedAt);
        Cohort before = state.cohort(hour);
        if (before != null) {
            state.put(hour, change.apply(before));
        }
    }

    /** Counts an input that is opened now. */
    void countInput(DrawnInput drawn) throws Exception {
        long hour = hour(now());
        Cohort before = state.cohort(hour);
        state.put(hour, (before == null ? Cohort.NONE : before).predicted(drawn));
    }

    /** Whether an hour has ended since quality was told; that is noted. */
    boolean hasHourEnded() {
        long hour = hour(now());
        boolean hasEnded = toldHour != Long.MIN_VALUE && hour > toldHour;
        toldHour = hour;
        return hasEnded;
    }

    /**
     * How good the adapter is on the inputs of the hours before this one. Those older than a window
     * are let go, and those of a clock that proved wrong.
     */
    AdapterQuality quality(String adapterId, List<String> labels, Duration window, Duration horizon)
            throws Exception {
        long to = toldHour * HOUR;
        long from = to - window.toMillis();
        SortedMap<Long, Cohort> cohorts = new TreeMap<>();
        for (Map.Entry<Long, Cohort> each : state.cohorts().entrySet()) {
            if (each.getKey() * HOUR < from || each.getKey() > toldHour) {
                state.removeCohort(each.getKey());
            } else {
                cohorts.put(each.getKey() * HOUR, each.getValue());
            }
        }
        return QualityEstimate.of(cohorts, from, to, HOUR, now(), horizon.toMillis())
                .fill(AdapterQuality.newBuilder(), labels)
                .setAdapterId(adapterId)
                .setOpenRequests(openRequests)
                .setBudget(selection.allowed())
                .setSpent(selection.asked())
                .setAgreement(
                        agreement.pairs() == 0
                                ? null
                                : (double) agreement.alike() / agreement.pairs())
                .setAnnotators(annotatorsByVotes())
                .build();
    }

    private List<AnnotatorQuality> annotatorsByVotes() throws Exception {
        double error = agreement.majorityError();
        return state.annotators().entrySet().stream()
                .sorted(
                        Comparator.comparingLong(
                                        (Map.Entry<String, Annotator> each) ->
                                                -each.getValue().votes())
                                .thenComparing(Map.Entry::getKey))
                .limit(MOST_TOLD)
                .map(each -> told(each.getKey(), each.getValue(), error))
                .toList();
    }

    private static AnnotatorQuality told(String name, Annotator known, double majorityError) {
        return AnnotatorQuality.newBuilder()
                .setAnnotator(name)
                .setVotes(known.votes())
                .setSkips(known.skips())
                .setAgreement(
                        known.compared() == 0 ? null : (double) known.agreed() / known.compared())
                .setWeight(known.weight(majorityError))
                .build();
    }

    private static long hour(long time) {
        return Math.floorDiv(time, HOUR);
    }

    /** A decision takes the place of the one before. */
    void decided(Optional<Target> before, Optional<Target> now) {
        if (!before.equals(now)) {
            names(before).forEach(label -> selection = selection.unlabeled(label));
            names(now)
                    .filter(this::isCounted)
                    .forEach(label -> selection = selection.labeled(label));
        }
    }

    private boolean isCounted(String label) {
        return selection.labels().containsKey(label) || selection.labels().size() < MOST_LABELS;
    }

    /** The label, or each of a list of labels. */
    private static Stream<String> names(Optional<Target> target) {
        return target.filter(each -> !(each instanceof Target.Span)).stream()
                .flatMap(
                        each ->
                                each instanceof Target.Several list
                                        ? list.members().stream()
                                        : Stream.of(each))
                .filter(Target.Label.class::isInstance)
                .map(Target::shown);
    }

    /** A request is made. */
    void countOpened(boolean isFirst) {
        openRequests++;
        requests++;
        if (!isFirst) {
            selection = selection.askedAgain();
        }
    }

    void countClosed() {
        openRequests--;
    }

    void countVote(CastVote vote) throws Exception {
        if (vote.kind() == VoteKind.RETRACT) {
            return;
        }
        Optional<Annotator> known = annotator(vote.annotator());
        if (known.isPresent()) {
            state.put(
                    vote.annotator(),
                    vote.kind() == VoteKind.VOTE ? known.get().voted() : known.get().skipped());
        }
    }

    /** Counts how the first vote of an annotator on an input goes with those of others. */
    void countPairs(CastVote first, List<CastVote> standing) {
        agreement =
                agreement.voted(
                        first.label(),
                        standing.stream()
                                .filter(other -> !other.annotator().equals(first.annotator()))
                                .toList());
    }

    /** Compares the votes on an input with what was decided. */
    void compare(Target decided, List<CastVote> standing) throws Exception {
        agreement = agreement.decided(decided);
        for (CastVote vote : standing) {
            Optional<Annotator> known = annotator(vote.annotator());
            if (known.isPresent()) {
                state.put(
                        vote.annotator(),
                        known.get().compared(vote.label().equals(Optional.of(decided))));
            }
        }
    }

    private Optional<Annotator> annotator(String name) throws Exception {
        Annotator known = state.annotator(name);
        if (known == null && annotators < MOST_ANNOTATORS) {
            annotators++;
            known = Annotator.NEW;
        }
        return Optional.ofNullable(known);
    }
}
