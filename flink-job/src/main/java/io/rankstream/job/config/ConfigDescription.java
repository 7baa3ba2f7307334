package io.rankstream.job.config;

import io.rankstream.job.config.option.Entry;
import io.rankstream.job.config.option.Secrets;
import io.rankstream.job.config.option.Setting;
import io.rankstream.job.config.option.YamlText;
import io.rankstream.job.config.passthrough.FlinkDefaults;
import io.rankstream.job.config.passthrough.PassThrough;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;

/** Effective values as YAML that reads back as the same configuration, except for the secrets. */
final class ConfigDescription {

    /** Where the sources begin, unless a value is longer. */
    private static final int SOURCE_COLUMN = 56;

    private static final String DEFAULT = "default";

    private final ParsedFile file;
    private final Configuration flink;
    private final String origin;
    private final boolean descriptions;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param file what the file gives
     * @param flink effective options for Flink
     * @param origin name of the file
     * @param descriptions whether each value is preceded by what it means
     */
    ConfigDescription(ParsedFile file, Configuration flink, String origin, boolean descriptions) {
        this.file = file;
        this.flink = flink;
        this.origin = origin;
        this.descriptions = descriptions;
    }

    String text() {
        RankstreamOptions.JOB.forEach(setting -> add(setting, file.job()));
        addPassThrough(file.kafka());
        addFixed(file.kafka());
        addPassThrough(file.registry());
        RankstreamOptions.ADAPTER.forEach(setting -> add(setting, file.template()));
        addAdapters();
        addFlink();
        addFixed(file.flink());
        return String.join("\n", lines) + "\n";
    }

    private <T> void add(Setting<T> setting, Values values) {
        if (descriptions) {
            lines.add("# " + setting.description());
        }
        T value = values.get(setting.option());
        if (value == null) {
            lines.add("# " + setting.key() + " is not set");
        } else if (values.source(setting.option()).isEmpty()
                && TemplateReader.isToldByBeingGiven(setting.option())) {
            // Written out, it would decide for adapters with settings too.
            add("# " + setting.key() + ": " + shown(setting, value), DEFAULT);
        } else {
            add(
                    setting.key() + ": " + shown(setting, value),
                    values.source(setting.option()).map(this::source).orElse(DEFAULT));
        }
    }

    private static <T> String shown(Setting<T> setting, T value) {
        return setting.type().yaml(value);
    }

    private void addPassThrough(PassThrough group) {
        group.entries()
                .forEach(
                        (name, entry) ->
                                add(
                                        YamlText.of(group.prefix() + name) + ": " + shown(entry),
                                        source(entry)));
    }

    /** Own values of each adapter: everything else it has from the template. */
    private void addAdapters() {
        lines.add(file.adapters().isEmpty() ? "adapters: {}" : "adapters:");
        file.adapters().forEach(this::addAdapter);
    }

    private void addAdapter(String id, Values values) {
        List<Setting<?>> own =
                RankstreamOptions.ADAPTER.stream()
                        .filter(setting -> values.givesItself(setting.option()))
                        .toList();
        lines.add("  " + YamlText.of(id) + (own.isEmpty() ? ": {}" : ":"));
        own.forEach(setting -> addOwn(setting, values));
    }

    private <T> void addOwn(Setting<T> setting, Values values) {
        add(
                "    "
                        + RankstreamOptions.nameOf(setting.option())
                        + ": "
                        + shown(setting, values.get(setting.option())),
                values.source(setting.option()).map(this::source).orElse(DEFAULT));
    }

    private void addFlink() {
        Map<String, Entry> given = file.flink().entries();
        new TreeMap<>(flink.toMap())
                .forEach(
                        (key, value) -> {
                            Optional<Entry> entry = Optional.ofNullable(given.get(key));
                            add(
                                    YamlText.of(file.flink().prefix() + key)
                                            + ": "
                                            + entry.map(ConfigDescription::shown)
                                                    .orElse(YamlText.of(value)),
                                    entry.map(this::source).orElse(DEFAULT));
                        });
        FlinkDefaults.OF_RUN.stream()
                .filter(each -> !flink.contains(each.option()))
                .forEach(
                        each ->
                                add(
                                        "# %s%s: %s"
                                                .formatted(
                                                        file.flink().prefix(),
                                                        each.option().key(),
                                                        YamlText.of(each.shown())),
                                        "set by 'rankstream run'"));
    }

    /** What no line of a file changes. */
    private void addFixed(PassThrough group) {
        new TreeMap<>(group.fixed())
                .forEach(
                        (name, value) -> {
                            if (!group.entries().containsKey(name)) {
                                add("# " + group.prefix() + name + ": " + value, "fixed");
                            }
                        });
    }

    /** A value that is handed on, as written: without the content of environment variables. */
    private static String shown(Entry entry) {
        if (Secrets.isSecret(entry.key())) {
            return YamlText.of(Secrets.HIDDEN);
        }
        List<String> texts = entry.written().stream().map(Secrets::redact).toList();
        return entry.isList() ? YamlText.of(texts) : YamlText.of(texts.get(0));
    }

    private String source(Entry entry) {
        String place = origin + ":" + entry.line();
        return entry.isSubstituted() ? place + " and the environment" : place;
    }

    private void add(String value, String source) {
        lines.add(("%-" + SOURCE_COLUMN + "s  # %s").formatted(value, source));
    }
}
