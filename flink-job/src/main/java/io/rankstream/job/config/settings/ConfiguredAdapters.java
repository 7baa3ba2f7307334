package io.rankstream.job.config.settings;

import io.rankstream.adapters.settings.TrainingTemplate;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The adapters that a configuration admits, with the settings of each: those that it names, and all
 * others if it has settings for them.
 */
public final class ConfiguredAdapters implements Serializable {

    private static final long serialVersionUID = 1L;

    /** No adapter is admitted. */
    public static final ConfiguredAdapters NONE = new ConfiguredAdapters(Map.of(), null);

    private final TreeMap<String, AdapterSettings> named;

    /** Null where the others are not admitted. */
    private final AdapterSettings others;

    private ConfiguredAdapters(Map<String, AdapterSettings> named, AdapterSettings others) {
        this.named = new TreeMap<>(named);
        this.others = others;
    }

    /** The same, with an adapter of its own settings. */
    public ConfiguredAdapters with(String adapterId, AdapterSettings settings) {
        ConfiguredAdapters more = new ConfiguredAdapters(named, others);
        more.named.put(adapterId, settings);
        return more;
    }

    /** The same, with every adapter admitted that is not named. */
    public ConfiguredAdapters withOthers(AdapterSettings settings) {
        return new ConfiguredAdapters(named, settings);
    }

    /** Settings of an adapter; empty where it is not admitted. */
    public Optional<AdapterSettings> of(String adapterId) {
        return Optional.ofNullable(named.getOrDefault(adapterId, others));
    }

    /** Hyperparameters of an adapter; empty where it is not admitted. */
    public Optional<TrainingTemplate> template(String adapterId) {
        return of(adapterId).map(AdapterSettings::template);
    }

    /**
     * Whether an adapter is none that can be meant. Where there is no adapter at all, those that
     * are meant are elsewhere.
     */
    public boolean isUnknown(String adapterId) {
        return !equals(NONE) && of(adapterId).isEmpty();
    }

    /** Whether an adapter has settings of its own. */
    public boolean isNamed(String adapterId) {
        return named.containsKey(adapterId);
    }

    /** Adapters with settings of their own, by id; not to be modified. */
    public SortedMap<String, AdapterSettings> named() {
        return Collections.unmodifiableSortedMap(named);
    }

    /** Settings of every other adapter; empty where they are not admitted. */
    public Optional<AdapterSettings> others() {
        return Optional.ofNullable(others);
    }

    /** All settings. */
    public Stream<AdapterSettings> all() {
        return Stream.concat(named.values().stream(), others().stream());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfiguredAdapters adapters
                && named.equals(adapters.named)
                && Objects.equals(others, adapters.others);
    }

    @Override
    public int hashCode() {
        return Objects.hash(named, others);
    }

    @Override
    public String toString() {
        return "ConfiguredAdapters[named=%s, others=%s]".formatted(named, others);
    }
}
