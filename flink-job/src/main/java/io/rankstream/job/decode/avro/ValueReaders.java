package io.rankstream.job.decode.avro;

import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaKey;
import io.rankstream.job.registry.UnknownSchemaException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Readers of what producers wrote, by schema. A schema never changes, so it is asked for once; an
 * unknown one is asked for again after ten seconds, since its producer may have been early; an
 * unreachable registry is asked again and again until the outage has lasted too long. Confined to
 * one thread.
 */
public final class ValueReaders {

    public static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    public static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ValueReaders.class);
    private static final int MOST_KNOWN = 1_000;
    private static final int MOST_UNKNOWN = 10_000;

    private final List<NeededField> needed;
    private final SchemaLookup lookup;
    private final Duration outageTimeout;
    private final RetryClock clock;
    private final Map<SchemaKey, RecordReader> known = new Newest<>(MOST_KNOWN);
    private final Map<SchemaKey, Unknown> unknown = new Newest<>(MOST_UNKNOWN);

    /**
     * @param needed fields that values are read for
     */
    public ValueReaders(
            List<NeededField> needed,
            SchemaLookup lookup,
            Duration outageTimeout,
            RetryClock clock) {
        this.needed = List.copyOf(needed);
        this.lookup = lookup;
        this.outageTimeout = outageTimeout;
        this.clock = clock;
    }

    /**
     * Reader of values that were written with {@code schema}.
     *
     * @throws RegistryException when the registry stayed unreachable for the outage timeout
     * @throws InterruptedException while waiting for it
     */
    public RecordReader reader(SchemaKey schema)
            throws UnknownSchemaException, RegistryException, InterruptedException {
        RecordReader reader = known.get(schema);
        if (reader == null) {
            reader = new RecordReader(schema(schema), needed);
            known.put(schema, reader);
        }
        return reader;
    }

    private Schema schema(SchemaKey key)
            throws UnknownSchemaException, RegistryException, InterruptedException {
        Unknown before = unknown.get(key);
        if (before != null && clock.nanos() - before.since() < UNKNOWN_FOR.toNanos()) {
            throw new UnknownSchemaException(before.message());
        }
        try {
            return insist(key);
        } catch (UnknownSchemaException e) {
            unknown.put(key, new Unknown(clock.nanos(), e.getMessage()));
            throw e;
        }
    }

    private Schema insist(SchemaKey key)
            throws UnknownSchemaException, RegistryException, InterruptedException {
        long start = clock.nanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return lookup.schema(key);
            } catch (RegistryException e) {
                Duration left = outageTimeout.minusNanos(clock.nanos() - start);
                if (left.isNegative() || left.isZero()) {
                    throw gaveUp(key, e);
                }
                LOG.warn("{}; trying again for {} s", e.getMessage(), left.toSeconds());
                clock.pause(shorter(pause, left));
                pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        }
    }

    private RegistryException gaveUp(SchemaKey key, RegistryException last) {
        return new RegistryException(
                "no answer on %s for %d ms, the limit of an outage; no record is lost, the job continues from its checkpoint once the registry is back: %s"
                        .formatted(key, outageTimeout.toMillis(), last.getMessage()),
                last);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** An answer of the registry. */
    private record Unknown(long since, String message) {}

    /** Keeps the newest entries, so that hostile records cannot fill the memory. */
    private static final class Newest<T> extends LinkedHashMap<SchemaKey, T> {

        private final int most;

        Newest(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<SchemaKey, T> eldest) {
            return size() > most;
        }
    }
}
