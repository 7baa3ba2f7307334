package io.rankstream.job.metrics;

import java.util.Locale;
import org.apache.flink.metrics.MetricGroup;

/** A label of ours, beside those that Flink gives every metric. */
public enum MetricLabel {
    ADAPTER("Id of the adapter, or `" + PerAdapter.OTHERS + "` for those beyond the limit."),
    REASON("Why a record was refused, as in a dead letter."),
    STATUS("Status of an outcome, as in `label-outcomes`."),
    FOLDER("`publish`, `checkpoints`, or `temporary`, where RocksDB keeps its files.");

    private final String meaning;

    MetricLabel(String meaning) {
        this.meaning = meaning;
    }

    /** Its name. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What its values are. */
    public String meaning() {
        return meaning;
    }

    /** The group of metrics that have this label with a value. */
    public MetricGroup in(MetricGroup group, String value) {
        return group.addGroup(key(), value);
    }
}
