package io.rankstream.job.metrics;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;

/**
 * Metrics of single adapters, for a limited number of them: every label value is a time series for
 * whoever collects them. An adapter keeps its place as long as it is heard of. One that was quiet
 * for {@link #QUIET} gives it up to a newcomer that finds none free, and is unregistered.
 *
 * <p>For use by one thread.
 *
 * @param <M> what is registered for an adapter
 */
public final class PerAdapter<M> {

    /** Label of all adapters beyond the limit; no adapter can be called so. */
    public static final String OTHERS = "_other";

    /** How long an adapter keeps its place without being heard of. */
    public static final Duration QUIET = Duration.ofHours(1);

    private static final class Place<M> {
        final MetricGroup group;
        final M metrics;
        long heardOf;

        Place(MetricGroup group, M metrics) {
            this.group = group;
            this.metrics = metrics;
        }

        /** Unregisters what is in the group, and in groups within. */
        void close() {
            if (group instanceof AbstractMetricGroup<?> closeable) {
                closeable.close();
            }
        }
    }

    private final MetricGroup parent;
    private final int most;
    private final LongSupplier clock;
    private final Function<MetricGroup, M> register;
    private final BiConsumer<String, M> gone;

    /** Longest quiet first. */
    private final Map<String, Place<M>> places = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param parent group of the operator
     * @param most adapters with metrics of their own
     * @param clock milliseconds
     * @param register registers the metrics of one adapter in its group
     * @param gone is told of each adapter that has lost its place
     */
    public PerAdapter(
            MetricGroup parent,
            int most,
            LongSupplier clock,
            Function<MetricGroup, M> register,
            BiConsumer<String, M> gone) {
        this.parent = parent;
        this.most = most;
        this.clock = clock;
        this.register = register;
        this.gone = gone;
    }

    /** Metrics of an adapter that is heard of; empty if it is one of the others. */
    public Optional<M> of(String adapterId) {
        long now = clock.getAsLong();
        Place<M> place = places.get(adapterId);
        if (place == null) {
            if (!hasRoom(now)) {
                return Optional.empty();
            }
            MetricGroup group = MetricLabel.ADAPTER.in(parent, adapterId);
            place = new Place<>(group, register.apply(group));
            places.put(adapterId, place);
        }
        place.heardOf = now;
        return Optional.of(place.metrics);
    }

    /** Group for the metrics of all others together. */
    public MetricGroup others() {
        return MetricLabel.ADAPTER.in(parent, OTHERS);
    }

    private boolean hasRoom(long now) {
        if (places.size() < most) {
            return true;
        }
        Iterator<Map.Entry<String, Place<M>>> longestQuietFirst = places.entrySet().iterator();
        if (!longestQuietFirst.hasNext()) {
            return false;
        }
        Map.Entry<String, Place<M>> quiet = longestQuietFirst.next();
        if (now - quiet.getValue().heardOf < QUIET.toMillis()) {
            return false;
        }
        longestQuietFirst.remove();
        quiet.getValue().close();
        gone.accept(quiet.getKey(), quiet.getValue().metrics);
        return true;
    }
}
