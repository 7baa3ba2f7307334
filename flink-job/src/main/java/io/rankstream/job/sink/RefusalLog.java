package io.rankstream.job.sink;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.Later;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tells of refused records: how many of which adapter and why, soon after the first one and then in
 * at most one line an adapter and minute. None is left out of the counts. Safe for use by several
 * threads.
 */
final class RefusalLog {

    /** The first refusals of an adapter often come together. */
    static final Duration SOON = Duration.ofSeconds(1);

    static final Duration INTERVAL = Duration.ofMinutes(1);

    /** Ids come from the stream and may be any number: further ones share a line. */
    static final int MOST_ADAPTERS = 100;

    private static final String NO_ADAPTER = "no adapter that is known";
    private static final String FURTHER_ADAPTERS = "further adapters";

    /** What was refused of one adapter since its last line. */
    private static final class Refused {

        private final SortedMap<DeadLetterReason, Integer> counts = new TreeMap<>();
        private String lastMessage = "";

        void add(DeadLetter letter) {
            counts.merge(letter.getReason(), 1, Integer::sum);
            lastMessage = letter.getMessage();
        }

        int total() {
            return counts.values().stream().mapToInt(Integer::intValue).sum();
        }

        String reasons() {
            return counts.entrySet().stream()
                    .map(reason -> reason.getValue() + " " + reason.getKey())
                    .collect(Collectors.joining(", "));
        }

        void clear() {
            counts.clear();
        }
    }

    private final Consumer<String> log;
    private final Later later;
    private final Map<String, Refused> adapters = new HashMap<>();

    /**
     * @param log takes a line
     */
    RefusalLog(Consumer<String> log, Later later) {
        this.log = log;
        this.later = later;
    }

    synchronized void add(DeadLetter letter) {
        String name = name(letter.getAdapterId());
        Refused refused = adapters.get(name);
        if (refused == null) {
            refused = new Refused();
            adapters.put(name, refused);
            later.run(SOON, () -> tell(name));
        }
        refused.add(letter);
    }

    private String name(String adapterId) {
        String name = adapterId == null ? NO_ADAPTER : "adapter " + Excerpt.of(adapterId);
        return adapters.containsKey(name) || adapters.size() < MOST_ADAPTERS
                ? name
                : FURTHER_ADAPTERS;
    }

    /** After an interval without a refusal, the adapter begins anew. */
    private synchronized void tell(String name) {
        Refused refused = adapters.get(name);
        int total = refused.total();
        if (total == 0) {
            adapters.remove(name);
            return;
        }
        log.accept(
                "Refused %d record%s of %s (%s); the last: %s"
                        .formatted(
                                total,
                                total == 1 ? "" : "s",
                                name,
                                refused.reasons(),
                                refused.lastMessage));
        refused.clear();
        later.run(INTERVAL, () -> tell(name));
    }
}
