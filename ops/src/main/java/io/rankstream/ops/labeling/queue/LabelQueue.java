package io.rankstream.ops.labeling.queue;

import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.Span;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What people are asked and have said, and who is to answer what next. All of it can be read again
 * from the topics, but who has which text before them: that is forgotten with the process, and a
 * person who comes back is asked again.
 *
 * <p>Whoever is given a request holds it until they answer, or give no sign of life for {@link
 * #HELD}: meanwhile it counts as a vote, so that no more people work on it than are wanted. A vote
 * that comes all the same is taken.
 *
 * <p>A request leaves when it is taken back, settled by an outcome, or when the stream time of its
 * adapter passes its expiry; that is the newest time that requests and outcomes of the adapter
 * tell.
 *
 * <p>Thread-safe.
 */
public final class LabelQueue {

    /** Without a sign of life, so long does a person hold a request. */
    public static final Duration HELD = Duration.ofMinutes(1);

    /**
     * Bounds of what is kept.
     *
     * @param requests that wait
     * @param characters of these, in all
     * @param inputs on which votes are known, beside those that are asked about
     */
    public record Limits(int requests, long characters, int inputs) {

        /** Those of the page. */
        public static final Limits DEFAULT = new Limits(20_000, 32L << 20, 200_000);
    }

    /** Answers of a person that can be undone. */
    private static final int UNDONE_AT_MOST = 20;

    /** People whose answers can be undone; beyond them, who was away longest is forgotten. */
    private static final int PEOPLE = 200;

    private static final String SOURCE = "console";

    private record Hold(RequestKey request, Instant until) {}

    /** The newest answer of a person that was handed over, whether or not it could be written. */
    private record Attempt(String decision, LabelVote vote, boolean written) {}

    private final Limits limits;
    private final Map<RequestKey, Asked> waiting = new HashMap<>();
    private final TreeSet<Asked> inOrder = new TreeSet<>();
    private final Map<InputKey, Integer> askedOfInput = new HashMap<>();
    private final Map<InputKey, Opinions> opinions = new LinkedHashMap<>();
    private final Set<RequestKey> settledUnseen = new LinkedHashSet<>();
    private final Map<String, Instant> streamTimes = new HashMap<>();
    private final Map<String, Hold> holds = new TreeMap<>();
    private final Map<String, Attempt> attempts = new HashMap<>();
    private final Map<String, Map<RequestKey, LabelRequest>> answered = lastUsed(PEOPLE);
    private boolean reading = true;
    private long characters;
    private long leftOut;
    private long unshown;

    /** An empty one, which is being read. */
    public LabelQueue(Limits limits) {
        this.limits = limits;
    }

    /** All that was read is read anew: holds, and answers that can be undone, stay. */
    public synchronized void beginReading() {
        reading = true;
        waiting.clear();
        inOrder.clear();
        askedOfInput.clear();
        opinions.clear();
        settledUnseen.clear();
        streamTimes.clear();
        characters = 0;
        leftOut = 0;
        unshown = 0;
    }

    /** The topics were read to their ends, so that people can be asked. */
    public synchronized void endReading() {
        reading = false;
    }

    /** Whether requests were left out for which there is room now. */
    public synchronized boolean isWorthReadingAgain() {
        return leftOut > 0
                && waiting.size() < limits.requests() / 2
                && characters < limits.characters() / 2;
    }

    /** Takes a record of {@code label-requests}. */
    public synchronized void add(LabelRequest request) {
        advance(request.getAdapterId(), request.getRequestedAt());
        Asked asked = new Asked(request);
        if (request.getAction() == RequestAction.CANCEL) {
            remove(asked.key());
        } else if (request.getAction() == RequestAction.OPEN
                && !settledUnseen.remove(asked.key())) {
            remove(asked.key());
            boolean isList = request.getSuggestion() instanceof List && !request.getSeveral();
            if (request.getSuggestion() instanceof Span || isList) {
                unshown++;
            } else if (isOpen(asked)) {
                insert(asked);
            }
        }
    }

    /** Takes a record of {@code labels}, whoever wrote it. */
    public synchronized void add(LabelVote vote) {
        InputKey input = new InputKey(vote.getAdapterId(), vote.getExampleId());
        opinions.computeIfAbsent(input, any -> new Opinions()).add(vote);
        forgetOpinionsBeyondTheLimit();
    }

    /** Takes a record of {@code label-outcomes}. */
    public synchronized void add(LabelOutcome outcome) {
        advance(outcome.getAdapterId(), outcome.getDecidedAt());
        RequestKey.settledBy(outcome).ifPresent(this::settle);
    }

    private void settle(RequestKey key) {
        if (!remove(key)) {
            settledUnseen.add(key);
            removeEldest(settledUnseen.iterator(), settledUnseen.size() - limits.inputs());
        }
    }

    /**
     * What a person shall answer next, which they hold then: the most urgent request, and of these
     * the oldest, that they have not answered and that others do not see to. Whoever holds one is
     * given that again.
     *
     * @param adapter the only adapter to answer for; empty for all
     */
    public synchronized Optional<LabelRequest> next(
            String annotator, Optional<String> adapter, Instant now) {
        if (reading) {
            return Optional.empty();
        }
        removeExpired();
        Optional<Asked> held =
                Optional.ofNullable(holds.get(annotator))
                        .map(hold -> waiting.get(hold.request()))
                        .filter(asked -> isFor(asked, annotator, adapter, others(annotator, now)));
        Optional<Asked> next = held.or(() -> first(annotator, adapter, now));
        if (next.isPresent()) {
            hold(annotator, next.get().key(), now);
        } else {
            holds.remove(annotator);
        }
        return next.map(Asked::request);
    }

    private Optional<Asked> first(String annotator, Optional<String> adapter, Instant now) {
        Map<RequestKey, Integer> others = others(annotator, now);
        return inOrder.stream().filter(it -> isFor(it, annotator, adapter, others)).findFirst();
    }

    /**
     * A sign of life, and how it stands.
     *
     * @param holding the request that the person has before them; empty for none
     */
    public synchronized Standing standing(
            String annotator, Optional<String> adapter, Optional<RequestKey> holding, Instant now) {
        removeExpired();
        Map<RequestKey, Integer> others = others(annotator, now);
        Map<String, Long> byAdapter = new TreeMap<>();
        for (Asked asked : inOrder) {
            if (isFor(asked, annotator, Optional.empty(), others)) {
                byAdapter.merge(asked.request().getAdapterId(), 1L, Long::sum);
            }
        }
        boolean holds =
                holding.map(waiting::get)
                        .filter(it -> isFor(it, annotator, Optional.empty(), others))
                        .isPresent();
        if (holds) {
            hold(annotator, holding.get(), now);
        }
        return new Standing(
                reading,
                adapter.isPresent()
                        ? byAdapter.getOrDefault(adapter.get(), 0L)
                        : byAdapter.values().stream().mapToLong(Long::longValue).sum(),
                waiting.size(),
                others.values().stream().mapToInt(Integer::intValue).sum(),
                byAdapter,
                leftOut,
                unshown,
                holds);
    }

    /** Judges an answer, and makes the vote of it that is to be written. */
    public synchronized Verdict judge(Answer answer, Instant now) {
        Attempt earlier = attempts.get(answer.annotator());
        if (earlier != null && earlier.decision().equals(answer.decision())) {
            return earlier.written()
                    ? new Verdict.Written(earlier.vote())
                    : new Verdict.ToWrite(earlier.vote());
        }
        Optional<LabelRequest> request = known(answer);
        if (request.isEmpty()) {
            return new Verdict.Gone(
                    "The request is not open any more: it was settled, taken back or has expired. Of answered ones, the page changes the last %d of each annotator; others are changed by a vote with a higher revision. Nothing was written."
                            .formatted(UNDONE_AT_MOST));
        }
        Optional<String> wrong = wrong(answer, request.get());
        if (wrong.isPresent()) {
            return new Verdict.Wrong(wrong.get());
        }
        LabelVote vote = vote(answer, request.get(), now);
        remember(answer, request.get(), vote);
        return new Verdict.ToWrite(vote);
    }

    /** A vote that {@link #judge} made was written. */
    public synchronized void written(String annotator, LabelVote vote, Instant now) {
        add(vote);
        Attempt attempt = attempts.get(annotator);
        if (attempt != null && attempt.vote().equals(vote)) {
            attempts.put(annotator, new Attempt(attempt.decision(), vote, true));
        }
        RequestKey key = new RequestKey(vote.getAdapterId(), vote.getRequestId());
        if (vote.getKind() == VoteKind.RETRACT && waiting.containsKey(key)) {
            hold(annotator, key, now);
        } else if (vote.getKind() != VoteKind.RETRACT) {
            holds.remove(annotator);
        }
    }

    private Optional<LabelRequest> known(Answer answer) {
        removeExpired();
        return Optional.ofNullable(waiting.get(answer.request()))
                .map(Asked::request)
                .or(
                        () ->
                                Optional.ofNullable(answered.get(answer.annotator()))
                                        .map(requests -> requests.get(answer.request())));
    }

    private Optional<String> wrong(Answer answer, LabelRequest request) {
        return switch (answer.kind()) {
            case VOTE -> wrongLabel(answer.label(), request);
            case SKIP -> Optional.empty();
            case RETRACT ->
                    opinionsOf(request).isAnsweredBy(answer.annotator())
                            ? Optional.empty()
                            : Optional.of("There is nothing of yours on this text to take back.");
            case UNKNOWN -> Optional.of("'kind' is UNKNOWN, expected VOTE, SKIP or RETRACT.");
        };
    }

    private static Optional<String> wrongLabel(Optional<Object> label, LabelRequest request) {
        if (label.isEmpty()) {
            return Optional.of("'label' is missing, expected what is true of the text.");
        }
        if (request.getLabels().isEmpty()) {
            return label.get() instanceof Double
                    ? Optional.empty()
                    : Optional.of("'label' is a text, expected a number.");
        }
        if (request.getSeveral()) {
            return label.get() instanceof List<?> list
                            && request.getLabels().containsAll(list)
                            && Set.copyOf(list).size() == list.size()
                    ? Optional.empty()
                    : Optional.of("'label' is no list of labels that the request has, each once.");
        }
        return label.get() instanceof String text && request.getLabels().contains(text)
                ? Optional.empty()
                : Optional.of("'label' is none of those that the request has.");
    }

    /** Its revision is a time, so that it rises whichever server wrote the one before. */
    private LabelVote vote(Answer answer, LabelRequest request, Instant now) {
        String labelId = SOURCE + "/" + answer.annotator();
        return LabelVote.newBuilder()
                .setLabelId(labelId)
                .setRevision(Math.max(now.toEpochMilli(), revisionBefore(labelId, request) + 1))
                .setExampleId(request.getExampleId())
                .setAdapterId(request.getAdapterId())
                .setRequestId(request.getRequestId())
                .setAnnotator(answer.annotator())
                .setKind(answer.kind())
                .setLabel(answer.label().orElse(null))
                .setLabelRevision(request.getLabelRevision())
                .setSuggestionShown(answer.suggestionShown() && request.getSuggestion() != null)
                .setLeadTimeMs(answer.leadTimeMs().orElse(null))
                .setSource(SOURCE)
                .setLabeledAt(Instant.ofEpochMilli(now.toEpochMilli()))
                .build();
    }

    /** One that could not be written counts, since it may come to be written yet. */
    private long revisionBefore(String labelId, LabelRequest request) {
        OptionalLong known = opinionsOf(request).revision(labelId);
        long attempted =
                attempts.values().stream()
                        .map(Attempt::vote)
                        .filter(vote -> vote.getLabelId().equals(labelId))
                        .filter(vote -> vote.getAdapterId().equals(request.getAdapterId()))
                        .filter(vote -> vote.getExampleId().equals(request.getExampleId()))
                        .mapToLong(LabelVote::getRevision)
                        .max()
                        .orElse(0);
        return Math.max(known.orElse(0), attempted);
    }

    private void remember(Answer answer, LabelRequest request, LabelVote vote) {
        Map<RequestKey, LabelRequest> requests =
                answered.computeIfAbsent(
                        answer.annotator(), any -> new LinkedHashMap<>(UNDONE_AT_MOST, 1));
        requests.remove(answer.request());
        requests.put(answer.request(), request);
        removeEldest(requests.keySet().iterator(), requests.size() - UNDONE_AT_MOST);
        attempts.put(answer.annotator(), new Attempt(answer.decision(), vote, false));
        attempts.keySet().retainAll(answered.keySet());
    }

    private Opinions opinionsOf(LabelRequest request) {
        Opinions known = opinions.get(new InputKey(request.getAdapterId(), request.getExampleId()));
        return known == null ? new Opinions() : known;
    }

    /** Whether a person may be asked, given how many others hold each request. */
    private boolean isFor(
            Asked asked,
            String annotator,
            Optional<String> adapter,
            Map<RequestKey, Integer> others) {
        LabelRequest request = asked.request();
        if (adapter.isPresent() && !adapter.get().equals(request.getAdapterId())) {
            return false;
        }
        Opinions known = opinionsOf(request);
        return !known.isAnsweredBy(annotator)
                && known.votes(request.getRequestId()) + others.getOrDefault(asked.key(), 0)
                        < request.getVotesWanted();
    }

    /** How many people hold each request, a person apart; whose time has run out is forgotten. */
    private Map<RequestKey, Integer> others(String annotator, Instant now) {
        holds.values().removeIf(hold -> hold.until().isBefore(now));
        Map<RequestKey, Integer> others = new HashMap<>();
        holds.forEach(
                (person, hold) -> {
                    if (!person.equals(annotator)) {
                        others.merge(hold.request(), 1, Integer::sum);
                    }
                });
        return others;
    }

    private void hold(String annotator, RequestKey request, Instant now) {
        holds.put(annotator, new Hold(request, now.plus(HELD)));
    }

    private void advance(String adapter, Instant time) {
        streamTimes.merge(adapter, time, (old, now) -> now.isAfter(old) ? now : old);
    }

    private boolean isOpen(Asked asked) {
        return asked.request()
                .getExpiresAt()
                .isAfter(streamTimes.get(asked.request().getAdapterId()));
    }

    private void removeExpired() {
        inOrder.stream().filter(asked -> !isOpen(asked)).toList().forEach(it -> remove(it.key()));
    }

    /** What has no room is the least of all, be it this one or another. */
    private void insert(Asked asked) {
        put(asked);
        if (isFull()) {
            removeExpired();
        }
        while (isFull()) {
            remove(inOrder.last().key());
            leftOut++;
        }
    }

    private boolean isFull() {
        return waiting.size() > limits.requests() || characters > limits.characters();
    }

    private void put(Asked asked) {
        waiting.put(asked.key(), asked);
        inOrder.add(asked);
        askedOfInput.merge(asked.input(), 1, Integer::sum);
        characters += asked.characters();
    }

    private boolean remove(RequestKey key) {
        Asked asked = waiting.remove(key);
        if (asked == null) {
            return false;
        }
        inOrder.remove(asked);
        askedOfInput.computeIfPresent(
                asked.input(), (input, count) -> count == 1 ? null : count - 1);
        characters -= asked.characters();
        return true;
    }

    /** What is asked about is kept whatever its age. A tenth at once, so that few look for it. */
    private void forgetOpinionsBeyondTheLimit() {
        if (opinions.size() <= limits.inputs() + limits.inputs() / 10) {
            return;
        }
        Iterator<InputKey> eldest = opinions.keySet().iterator();
        while (eldest.hasNext() && opinions.size() > limits.inputs()) {
            if (!askedOfInput.containsKey(eldest.next())) {
                eldest.remove();
            }
        }
    }

    private static void removeEldest(Iterator<?> eldest, int count) {
        for (int i = 0; i < count; i++) {
            eldest.next();
            eldest.remove();
        }
    }

    private static <K, V> Map<K, V> lastUsed(int most) {
        return new LinkedHashMap<>(16, .75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
