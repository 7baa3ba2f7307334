package io.rankstream.ops.standing;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of an adapter's inputs without a label: predictions, requests, what became of them,
 * and what is estimated from that. Of an adapter, records of one topic come in their order; those
 * of different topics may come in any, but requests before what became of them. For use by one
 * thread.
 */
public final class LoopStanding {

    private static final Duration RATE_WINDOW = Duration.ofMinutes(1);

    /** Inputs of one second. */
    private record Second(long second, long inputs) {}

    private final QualityCurve curve;
    private final boolean requestsAreCut;
    private final Deque<Second> seconds = new ArrayDeque<>();

    /** By their inputs, those that were asked first at the front: they expire first, too. */
    private final Map<String, OpenRequest> open = new LinkedHashMap<>();

    private final SortedMap<OutcomeStatus, Long> outcomes = new TreeMap<>();
    private AdapterQuality quality;
    private Instant streamTime = Instant.MIN;
    private long inputs;
    private long asked;
    private long revision;

    /**
     * @param mostPoints points that its curve has at most
     * @param requestsAreCut whether there are older requests, or outcomes, than are read
     */
    LoopStanding(int mostPoints, boolean requestsAreCut) {
        this.curve = new QualityCurve(mostPoints);
        this.requestsAreCut = requestsAreCut;
    }

    void limit(int mostPoints) {
        curve.limit(mostPoints);
    }

    void predicted(InputPrediction prediction, Instant time, long change) {
        revision = change;
        inputs++;
        asked += prediction.getSelected() ? 1 : 0;
        long second = time.getEpochSecond();
        if (!seconds.isEmpty() && seconds.getLast().second() == second) {
            seconds.addLast(new Second(second, seconds.removeLast().inputs() + 1));
        } else {
            seconds.addLast(new Second(second, 1));
        }
        forgetBefore(time.minus(RATE_WINDOW));
    }

    void requested(LabelRequest request, long change) {
        revision = change;
        passed(request.getRequestedAt());
        if (request.getAction() == RequestAction.OPEN) {
            open.remove(request.getExampleId());
            open.put(request.getExampleId(), OpenRequest.of(request));
        } else if (request.getAction() == RequestAction.CANCEL) {
            open.remove(request.getExampleId());
        }
        expire();
    }

    void decided(LabelOutcome outcome, long change) {
        revision = change;
        outcomes.merge(outcome.getStatus(), 1L, Long::sum);
        passed(outcome.getDecidedAt());
        OpenRequest request = open.get(outcome.getExampleId());
        if (request != null
                && request.requestId().equals(outcome.getRequestId())
                && isEnd(outcome.getStatus())) {
            open.remove(outcome.getExampleId());
        }
        expire();
    }

    void estimated(AdapterQuality estimate, long change) {
        revision = change;
        quality = estimate;
        curve.add(QualityPoint.of(estimate));
    }

    /** Whether nobody is asked any more after such an outcome. */
    private static boolean isEnd(OutcomeStatus status) {
        return switch (status) {
            case FINAL, CORRECTED, CONFLICT, EXPIRED -> true;
            case CONFIRMED, RETRACTED, LATE, SUPERSEDED, UNKNOWN -> false;
        };
    }

    private void passed(Instant time) {
        streamTime = time.isAfter(streamTime) ? time : streamTime;
    }

    private void expire() {
        Iterator<OpenRequest> oldest = open.values().iterator();
        while (oldest.hasNext() && !oldest.next().expiresAt().isAfter(streamTime)) {
            oldest.remove();
        }
    }

    /**
     * Forgets inputs that no longer count for the rate.
     *
     * @return whether there were any
     */
    boolean rest(Instant now, long change) {
        boolean changed = forgetBefore(now.minus(RATE_WINDOW));
        revision = changed ? change : revision;
        return changed;
    }

    private boolean forgetBefore(Instant from) {
        boolean changed = false;
        while (!seconds.isEmpty() && seconds.getFirst().second() < from.getEpochSecond()) {
            seconds.removeFirst();
            changed = true;
        }
        return changed;
    }

    /** How it does. */
    public LoopLine line(Instant now) {
        long from = now.minus(RATE_WINDOW).getEpochSecond();
        long lately =
                seconds.stream()
                        .filter(second -> second.second() >= from)
                        .mapToLong(Second::inputs)
                        .sum();
        return new LoopLine(
                inputs,
                asked,
                (double) lately / RATE_WINDOW.toSeconds(),
                openRequests(),
                outcomes,
                quality());
    }

    /**
     * Requests that wait for an answer: counted from requests and outcomes, or as the newest
     * estimate says where not all of those are read.
     */
    public long openRequests() {
        return requestsAreCut && quality != null ? quality.getOpenRequests() : open.size();
    }

    /** Those of them that were read, the one that was asked last at the front. */
    public List<OpenRequest> newestRequests(int most) {
        List<OpenRequest> requests = new ArrayList<>(open.values());
        Collections.reverse(requests);
        return requests.subList(0, Math.min(most, requests.size()));
    }

    /** The newest estimate of its quality. */
    public Optional<AdapterQuality> quality() {
        return Optional.ofNullable(quality);
    }

    /** How that has moved. */
    public QualityCurve curve() {
        return curve;
    }

    /** Number of the newest change of the projection that touched it. */
    public long revision() {
        return revision;
    }
}
