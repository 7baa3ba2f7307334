package io.rankstream.ops.standing;

import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How all adapters of a job stand, projected from what its outputs say, record by record: the one
 * place where that is summed up. Every change has a number, so that it can be told what has changed
 * since. For use by one thread.
 */
public final class Standings {

    private static final int MOST_KEPT = 400;

    /** Steps that are taken again within such a time were lost together. */
    private static final Duration ONE_RESTART = Duration.ofSeconds(30);

    private final Map<String, Standing> adapters = new HashMap<>();
    private final SortedMap<DeadLetterReason, Long> refused = new TreeMap<>();
    private final Deque<Refusal> refusalsOfNobody = new ArrayDeque<>();
    private final Deque<JobEvent> events = new ArrayDeque<>();
    private final Throughput throughput = new Throughput();
    private long refusedOfNobody;
    private long revision;

    /** Takes in a training report; the answer to a command is no step. */
    public void add(TrainingReport report, Instant time) {
        if (report.getCommand() != null) {
            return;
        }
        boolean again = of(report.getAdapterId()).stepped(report, time, ++revision);
        throughput.add(time, report.getExamples());
        if (again) {
            wentBack(report, time);
        }
    }

    private void wentBack(TrainingReport report, Instant time) {
        boolean told =
                events.stream()
                        .anyMatch(
                                event ->
                                        event.kind() == JobEvent.Kind.RESTART
                                                && Duration.between(event.time(), time)
                                                                .abs()
                                                                .compareTo(ONE_RESTART)
                                                        < 0);
        if (!told) {
            add(
                    new JobEvent(
                            time,
                            JobEvent.Kind.RESTART,
                            report.getStep() == 1
                                    ? "adapter %s began anew".formatted(report.getAdapterId())
                                    : "the job went on from an earlier checkpoint: adapter %s takes step %d again"
                                            .formatted(report.getAdapterId(), report.getStep())));
        }
    }

    /** Takes in what was said of an example. */
    public void add(Prediction prediction) {
        of(prediction.getAdapterId()).predicted(prediction);
    }

    /** Takes in an announcement. */
    public void add(AdapterVersion version, Instant time) {
        of(version.getAdapterId()).published(version, time, ++revision);
    }

    /**
     * Takes in a dead letter.
     *
     * @param place where it lies
     */
    public void add(DeadLetter letter, Instant written, Refusal.Place place) {
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
        revision++;
        keep(events, event);
    }

    /** Lets time pass: what was learned long ago no longer counts for a rate. */
    public void rest(Instant now) {
        adapters.values().forEach(standing -> standing.rest(now, revision + 1));
        revision++;
    }

    private static <T> void keep(Deque<T> newest, T one) {
        newest.addLast(one);
        if (newest.size() > MOST_KEPT) {
            newest.removeFirst();
        }
    }

    private Standing of(String adapterId) {
        return adapters.computeIfAbsent(adapterId, Standing::new);
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

    /** What happened to the job, the oldest first; the newest of it. */
    public List<JobEvent> events() {
        return new ArrayList<>(events);
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
