package io.rankstream.job.source;

import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.UnknownSchemaException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Readers of what producers wrote, by schema id. A schema never changes, so it is asked for once;
 * an unknown id is asked for again after ten seconds, since its producer may have been early; an
 * unreachable registry is asked again and again until the outage has lasted too long. Confined to
 * one thread.
 *
 * @param <V> generated class that values are resolved to
 */
final class ValueReaders<V extends SpecificRecord> {

    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ValueReaders.class);
    private static final int MOST_KNOWN = 1_000;
    private static final int MOST_UNKNOWN = 10_000;

    private final Class<V> type;
    private final SchemaLookup lookup;
    private final Duration outageTimeout;
    private final RetryClock clock;
    private final Map<Integer, DatumReader<V>> known = new Newest<>(MOST_KNOWN);
    private final Map<Integer, Unknown> unknown = new Newest<>(MOST_UNKNOWN);

    ValueReaders(Class<V> type, SchemaLookup lookup, Duration outageTimeout, RetryClock clock) {
        this.type = type;
        this.lookup = lookup;
        this.outageTimeout = outageTimeout;
        this.clock = clock;
    }

    /**
     * Reader of values that were written with schema {@code id}; it resolves them to the generated
     * class, and fails on the first value where that is impossible.
     *
     * @throws RegistryException when the registry stayed unreachable for the outage timeout
     * @throws InterruptedException while waiting for it
     */
    DatumReader<V> reader(int id)
            throws UnknownSchemaException, RegistryException, InterruptedException {
        DatumReader<V> reader = known.get(id);
        if (reader == null) {
            reader = SchemaResolution.reader(type, schema(id));
            known.put(id, reader);
        }
        return reader;
    }

    private Schema schema(int id)
            throws UnknownSchemaException, RegistryException, InterruptedException {
        Unknown before = unknown.get(id);
        if (before != null && clock.nanos() - before.since() < UNKNOWN_FOR.toNanos()) {
            throw new UnknownSchemaException(before.message());
        }
        try {
            return insist(id);
        } catch (UnknownSchemaException e) {
            unknown.put(id, new Unknown(clock.nanos(), e.getMessage()));
            throw e;
        }
    }

    private Schema insist(int id)
            throws UnknownSchemaException, RegistryException, InterruptedException {
        long start = clock.nanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return lookup.schema(id);
            } catch (RegistryException e) {
                Duration left = outageTimeout.minusNanos(clock.nanos() - start);
                if (left.isNegative() || left.isZero()) {
                    throw gaveUp(id, e);
                }
                LOG.warn("{}; trying again for {} s", e.getMessage(), left.toSeconds());
                clock.pause(shorter(pause, left));
                pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        }
    }

    private RegistryException gaveUp(int id, RegistryException last) {
        return new RegistryException(
                "no answer on schema %d for %d ms, the limit of an outage; no record is lost, the job continues from its checkpoint once the registry is back: %s"
                        .formatted(id, outageTimeout.toMillis(), last.getMessage()),
                last);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** An answer of the registry. */
    private record Unknown(long since, String message) {}

    /** Keeps the newest entries, so that hostile ids cannot fill the memory. */
    private static final class Newest<T> extends LinkedHashMap<Integer, T> {

        private final int most;

        Newest(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, T> eldest) {
            return size() > most;
        }
    }
}
