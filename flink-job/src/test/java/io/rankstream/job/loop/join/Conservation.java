package io.rankstream.job.loop.join;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.rankstream.job.loop.account.Account;
import io.rankstream.job.loop.account.Deadline;
import io.rankstream.job.loop.account.Slot;
import io.rankstream.job.loop.entry.Entry;
import io.rankstream.job.loop.entry.Phase;
import io.rankstream.job.loop.vote.CastVote;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.SettledVote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What must hold of everything that a run has told, and of what it holds. */
final class Conservation {

    private final List<String> violations = new ArrayList<>();
    private final List<?> elements;
    private final List<Object> told;
    private final MemoryState state;

    private Conservation(List<?> elements, List<Object> told, MemoryState state) {
        this.elements = elements;
        this.told = told;
        this.state = state;
    }

    /** Sentences on what does not hold. */
    static List<String> violations(List<?> elements, List<Object> told, MemoryState state) {
        Conservation check = new Conservation(elements, told, state);
        check.everyVoteIsSomewhereOnce();
        check.decisionsAreCounted();
        check.requestsAreTakenBackOnce();
        check.nothingWaitsTooLong();
        return check.violations;
    }

    /** Invariant 10. */
    private void everyVoteIsSomewhereOnce() {
        Map<String, Long> came = count(elements.stream(), Vote.class, Conservation::key);
        Map<String, Long> settled = new HashMap<>();
        of(LabelOutcome.class)
                .forEach(
                        outcome ->
                                outcome.getSettled()
                                        .forEach(
                                                vote ->
                                                        settled.merge(
                                                                key(outcome, vote),
                                                                1L,
                                                                Long::sum)));
        Map<String, Long> lives =
                of(InputPrediction.class)
                        .collect(groupingBy(InputPrediction::getExampleId, counting()));
        settled.forEach(
                (key, times) ->
                        require(
                                times <= lives.getOrDefault(key.substring(0, key.indexOf(" ")), 0L),
                                "%s is settled %d times".formatted(key, times)));
        Set<String> held = held();
        settled.keySet()
                .forEach(key -> require(came.containsKey(key), key + " is settled and never came"));
        long letters = of(Told.Refused.class).filter(each -> each.topic().equals("labels")).count();
        long duplicates = of(Told.Duplicate.class).count();
        long all = came.values().stream().mapToLong(Long::longValue).sum();
        long settledAll = settled.values().stream().mapToLong(Long::longValue).sum();
        require(
                all == settledAll + letters + duplicates + held.size(),
                "%d votes came, and %d are settled, %d dead letters, %d duplicates, %d held"
                        .formatted(all, settledAll, letters, duplicates, held.size()));
    }

    private Set<String> held() {
        Set<String> held = new HashSet<>();
        state.entries()
                .forEach(
                        (id, entry) -> {
                            for (CastVote vote : entry.ballot().unsettled()) {
                                held.add("%s %s %d".formatted(id, vote.labelId(), vote.revision()));
                            }
                            entry.parked().forEach(vote -> held.add(key(vote)));
                        });
        return held;
    }

    private void decisionsAreCounted() {
        Map<String, Long> newest = new HashMap<>();
        Set<String> taught = new HashSet<>();
        for (Object each : told) {
            if (each instanceof InputPrediction prediction) {
                newest.put(prediction.getExampleId(), 0L);
                taught.removeIf(key -> key.startsWith(prediction.getExampleId() + " "));
            } else if (each instanceof LabeledExample example) {
                require(
                        taught.add(example.getExampleId() + " " + example.getDecision()),
                        "decision %d on %s is taught twice"
                                .formatted(example.getDecision(), example.getExampleId()));
            } else if (each instanceof LabelOutcome outcome) {
                long before = newest.getOrDefault(outcome.getExampleId(), 0L);
                boolean decides =
                        outcome.getStatus() == OutcomeStatus.FINAL
                                || outcome.getStatus() == OutcomeStatus.CORRECTED;
                require(
                        outcome.getRevision() == before + (decides ? 1 : 0),
                        "%s follows decision %d of %s"
                                .formatted(outcome, before, outcome.getExampleId()));
                newest.put(outcome.getExampleId(), outcome.getRevision());
                boolean isTaught =
                        taught.contains(outcome.getExampleId() + " " + outcome.getRevision());
                require(
                        !decides || outcome.getTrained() == isTaught,
                        "%s is told as taught, or not, and is not so".formatted(outcome));
            }
        }
    }

    private void requestsAreTakenBackOnce() {
        Set<String> open = new HashSet<>();
        for (LabelRequest request : of(LabelRequest.class).toList()) {
            if (request.getAction() == RequestAction.OPEN) {
                open.add(request.getRequestId());
                require(request.getVotesWanted() > 0, request + " wants no vote");
            } else {
                require(
                        open.remove(request.getRequestId()),
                        request.getRequestId() + " is taken back and is not open");
            }
        }
        long waiting =
                state.entries().values().stream().filter(entry -> entry.asked().open()).count();
        require(
                state.account().openRequests() == waiting,
                "%d requests are counted as open, of %d"
                        .formatted(state.account().openRequests(), waiting));
    }

    private void nothingWaitsTooLong() {
        Account account = state.account();
        Map<String, Entry> entries = state.entries();
        require(
                account.parked()
                        == entries.values().stream()
                                .filter(entry -> entry.phase() == Phase.PARKED)
                                .count(),
                account.parked() + " entries are counted as parked");
        Map<Deadline, List<Slot>> slotsOf =
                Map.of(
                        Deadline.EXPIRY, List.copyOf(state.slots(Deadline.EXPIRY).values()),
                        Deadline.FORGETTING,
                                List.copyOf(state.slots(Deadline.FORGETTING).values()));
        entries.forEach(
                (id, entry) -> {
                    Deadline kind = entry.waits() ? Deadline.EXPIRY : Deadline.FORGETTING;
                    long due = entry.waits() ? entry.expiresAt() : entry.forgetAt();
                    require(
                            slotsOf.get(kind).stream()
                                    .anyMatch(
                                            slot ->
                                                    slot.exampleId().equals(id)
                                                            && slot.dueAt() >= due),
                            "%s in %s has no deadline".formatted(id, entry.phase()));
                });
        for (Deadline kind : Deadline.values()) {
            long size =
                    kind == Deadline.EXPIRY
                            ? account.expiring().size()
                            : account.forgetting().size();
            List<Slot> slots = slotsOf.get(kind);
            require(
                    size == slots.size(),
                    "%d deadlines of %d are counted".formatted(size, slots.size()));
        }
    }

    private <T> Stream<T> of(Class<T> type) {
        return told.stream().filter(type::isInstance).map(type::cast);
    }

    private static <T> Map<String, Long> count(
            Stream<?> all, Class<T> type, Function<T, String> key) {
        return all.filter(type::isInstance).map(type::cast).collect(groupingBy(key, counting()));
    }

    private static String key(Vote vote) {
        return "%s %s %d".formatted(vote.exampleId(), vote.labelId(), vote.revision());
    }

    private static String key(LabelOutcome outcome, SettledVote vote) {
        return "%s %s %d".formatted(outcome.getExampleId(), vote.getLabelId(), vote.getRevision());
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            violations.add(otherwise);
        }
    }
}
