package io.rankstream.ops.standing;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Examples trained on over time, in bounded memory: it begins with spans of one second, and
 * whenever they are more than {@link #MOST_SPANS}, each becomes twice as long. For use by one
 * thread.
 */
public final class Throughput {

    /** Spans between the first and the last that it has at most. */
    static final int MOST_SPANS = 240;

    private SortedMap<Long, Long> examplesOfSpan = new TreeMap<>();
    private long seconds = 1;

    void add(Instant time, long examples) {
        examplesOfSpan.merge(span(time.getEpochSecond()), examples, Long::sum);
        while (examplesOfSpan.lastKey() - examplesOfSpan.firstKey() >= MOST_SPANS) {
            widen();
        }
    }

    private void widen() {
        long before = seconds;
        seconds *= 2;
        SortedMap<Long, Long> wider = new TreeMap<>();
        for (Map.Entry<Long, Long> span : examplesOfSpan.entrySet()) {
            wider.merge(span(span.getKey() * before), span.getValue(), Long::sum);
        }
        examplesOfSpan = wider;
    }

    private long span(long second) {
        return Math.floorDiv(second, seconds);
    }

    /** How long a span is. */
    public Duration length() {
        return Duration.ofSeconds(seconds);
    }

    /** Examples of the spans that have any; span n begins n lengths after 1970. */
    public SortedMap<Long, Long> examplesOfSpan() {
        return Collections.unmodifiableSortedMap(examplesOfSpan);
    }
}
