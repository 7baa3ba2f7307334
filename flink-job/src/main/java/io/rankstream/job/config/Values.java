package io.rankstream.job.config;

import io.rankstream.job.config.option.Entry;
import io.rankstream.job.config.option.Errors;
import io.rankstream.job.config.option.Setting;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;

/**
 * Values of one group of settings: what the file gives, over those of a parent, over the defaults.
 */
final class Values {

    private final String prefix;
    private final List<Setting<?>> settings;
    private final Optional<Values> parent;
    private final Defaults defaults;
    private final Map<String, Given> given = new LinkedHashMap<>();

    /** What the file gives; without a value when that is wrong. */
    private record Given(Entry entry, Optional<?> value) {}

    private Values(
            String prefix, List<Setting<?>> settings, Optional<Values> parent, Defaults defaults) {
        this.prefix = prefix;
        this.settings = settings;
        this.parent = parent;
        this.defaults = defaults;
    }

    /** Values of the job itself. */
    static Values ofJob(Defaults defaults) {
        return new Values("", RankstreamOptions.JOB, Optional.empty(), defaults);
    }

    /** Values that adapters have in common. */
    static Values ofTemplate(Defaults defaults) {
        return new Values(
                RankstreamOptions.TRAINING, RankstreamOptions.ADAPTER, Optional.empty(), defaults);
    }

    /** Values of one adapter, which inherits from {@code template}. */
    static Values ofAdapter(String adapterId, Values template) {
        return new Values(
                "adapters." + adapterId + ".",
                RankstreamOptions.ADAPTER,
                Optional.of(template),
                template.defaults);
    }

    /** What one adapter selects by, which inherits from {@code job}. */
    static Values ofSelection(String adapterId, Values job) {
        return new Values(
                "adapters." + adapterId + ".",
                RankstreamOptions.SELECTION,
                Optional.of(job),
                job.defaults);
    }

    /** The defaults below what the file gives. */
    Defaults defaults() {
        return defaults;
    }

    /** Full keys of this group. */
    Collection<String> keys() {
        return settings.stream()
                .map(setting -> prefix + RankstreamOptions.nameOf(setting.option()))
                .toList();
    }

    /** Setting that has the full key {@code key}. */
    Optional<Setting<?>> setting(String key) {
        for (Setting<?> setting : settings) {
            if (key.equals(prefix + RankstreamOptions.nameOf(setting.option()))) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    /** Takes the value of {@code setting} from the file. */
    void put(Setting<?> setting, Entry entry, Errors errors) {
        Optional<?> value = setting.type().read(entry);
        if (value.isEmpty() && !entry.isUnresolved()) {
            errors.add(
                    entry,
                    "is %s, expected %s; correct it%s"
                            .formatted(
                                    entry.shown(setting.type()::redacted),
                                    setting.type().expected(),
                                    defaultHint(setting)));
        }
        Given first =
                given.putIfAbsent(
                        RankstreamOptions.nameOf(setting.option()), new Given(entry, value));
        if (first != null) {
            errors.add(
                    entry,
                    "is given twice, first in line %d; keep one of the two"
                            .formatted(first.entry().line()));
        }
    }

    /**
     * Gives an option that the file lacks the value that {@code source}, another one, makes for it.
     */
    <T> void putIfAbsent(ConfigOption<T> option, Entry source, T value) {
        given.putIfAbsent(RankstreamOptions.nameOf(option), new Given(source, Optional.of(value)));
    }

    private static String defaultHint(Setting<?> setting) {
        return setting.option().hasDefaultValue()
                ? " or remove it for the default, " + setting.shownDefault()
                : "";
    }

    /**
     * Reports the required settings that the file lacks.
     *
     * @param except options that this file can do without
     */
    void requireAll(Collection<ConfigOption<?>> except, Errors errors) {
        for (Setting<?> setting : settings) {
            if (setting.required()
                    && !except.contains(setting.option())
                    && !given.containsKey(RankstreamOptions.nameOf(setting.option()))) {
                errors.add(
                        0,
                        "%s is missing, expected %s; add it"
                                .formatted(
                                        prefix + RankstreamOptions.nameOf(setting.option()),
                                        setting.type().expected()));
            }
        }
    }

    /** Effective value; null where there is none. */
    @SuppressWarnings("unchecked") // a setting's type reads values of its option's type
    <T> T get(ConfigOption<T> option) {
        Given own = given.get(RankstreamOptions.nameOf(option));
        if (own != null) {
            return (T) own.value().orElse(null);
        }
        return parent.isPresent() ? parent.get().get(option) : defaults.of(option);
    }

    /** Whether the file gives the option in this very group. */
    boolean givesItself(ConfigOption<?> option) {
        return given.containsKey(RankstreamOptions.nameOf(option));
    }

    /** Whether each option has a value that is not wrong. */
    boolean have(ConfigOption<?>... options) {
        return Arrays.stream(options).allMatch(option -> get(option) != null);
    }

    /** Whether the option has no value, rather than a wrong one. */
    boolean lack(ConfigOption<?> option) {
        return source(option).isEmpty() && !option.hasDefaultValue();
    }

    /** What the file gives for the option, here or in the parent; empty for a default. */
    Optional<Entry> source(ConfigOption<?> option) {
        Given own = given.get(RankstreamOptions.nameOf(option));
        return own == null
                ? parent.flatMap(values -> values.source(option))
                : Optional.of(own.entry());
    }

    /** Key of the option where it has its value from; for a default, in the outermost group. */
    String keyOf(ConfigOption<?> option) {
        return giverOf(option).ownKey(option);
    }

    /** The group that gives the option its value; for a default, the outermost one. */
    Values giverOf(ConfigOption<?> option) {
        return givesItself(option) || parent.isEmpty() ? this : parent.get().giverOf(option);
    }

    /** Key that the option has in this group. */
    String ownKey(ConfigOption<?> option) {
        return prefix + RankstreamOptions.nameOf(option);
    }

    /** Line of the first option that the file gives; 0 when all are defaults. */
    int lineOf(ConfigOption<?>... options) {
        return Arrays.stream(options)
                .flatMap(option -> source(option).stream())
                .mapToInt(Entry::line)
                .findFirst()
                .orElse(0);
    }

    /**
     * An error of two whole numbers that do not go together.
     *
     * @param expected what the option's value should have been to the other's, such as "at most"
     * @param remedy what to do
     */
    void reject(
            ConfigOption<? extends Number> option,
            String expected,
            ConfigOption<? extends Number> other,
            String remedy,
            Errors errors) {
        errors.add(
                lineOf(option, other),
                "%s is %d, expected %s %s, which is %d; %s"
                        .formatted(
                                keyOf(option),
                                get(option),
                                expected,
                                keyOf(other),
                                get(other),
                                remedy));
    }
}
