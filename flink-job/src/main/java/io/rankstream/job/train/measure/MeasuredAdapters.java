package io.rankstream.job.train.measure;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.job.metrics.PerAdapter;
import io.rankstream.job.version.PublishedVersions;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics of the adapters of one subtask: of a limited number each by itself, of the others all
 * together. Confined to the task's thread.
 */
public final class MeasuredAdapters {

    private static final Logger LOGGER = LoggerFactory.getLogger(MeasuredAdapters.class);

    private final PerAdapter<MeasuredAdapter> places;
    private final PublishedVersions published;
    private final LongSupplier clock;

    /** Null until there is one. */
    private MeasuredOthers others;

    /**
     * @param most adapters with metrics of their own
     * @param published tells when a version was taken that this task has not taken
     * @param clock milliseconds since 1970
     */
    public MeasuredAdapters(
            MetricGroup group, int most, PublishedVersions published, LongSupplier clock) {
        this.published = published;
        this.clock = clock;
        places =
                new PerAdapter<>(
                        group,
                        most,
                        clock,
                        own -> new MeasuredAdapter(own, clock),
                        (adapterId, gone) -> others().changed(gone.meta()));
    }

    /** Where the state of an adapter comes from that has metrics of its own. */
    @FunctionalInterface
    public interface StateOf {
        MeasuredState read() throws IOException;
    }

    /** An adapter that was restored, those first that shall have metrics of their own. */
    public void restored(AdapterMeta meta, StateOf state) throws IOException {
        Optional<MeasuredAdapter> own = places.of(meta.adapterId());
        if (own.isPresent()) {
            own.get().found(state.read(), versionTime(meta));
        } else {
            others().changed(meta);
        }
    }

    public void stepped(LearnedStep step) {
        Optional<MeasuredAdapter> own = own(step.state());
        if (own.isPresent()) {
            own.get().stepped(step);
        } else {
            others().stepped(step);
        }
    }

    /** A watch over inputs has found something. */
    public void advised(MeasuredState state) {
        own(state).ifPresentOrElse(MeasuredAdapter::advised, () -> others().advised());
    }

    /** What an adapter is after a command to it. */
    public void changed(MeasuredState state) {
        Optional<MeasuredAdapter> own = own(state);
        if (own.isPresent()) {
            own.get().changed(state);
        } else {
            others().changed(state.meta());
        }
    }

    private Optional<MeasuredAdapter> own(MeasuredState state) {
        AdapterMeta meta = state.meta();
        Optional<MeasuredAdapter> own = places.of(meta.adapterId());
        if (own.isPresent() && !own.get().isKnown()) {
            own.get().found(state, versionTime(meta));
            if (others != null) {
                others.forget(meta.adapterId());
            }
        }
        return own;
    }

    private MeasuredOthers others() {
        if (others == null) {
            others = new MeasuredOthers(places.others(), clock);
        }
        return others;
    }

    /** Metrics are no reason to fail. */
    private OptionalLong versionTime(AdapterMeta meta) {
        try {
            return published.time(meta.adapterId(), meta.version());
        } catch (IOException e) {
            LOGGER.warn(
                    "The age of version {} of adapter '{}' is not known: {}",
                    meta.version(),
                    meta.adapterId(),
                    e.toString());
            return OptionalLong.empty();
        }
    }
}
