package io.rankstream.job.config;

import io.rankstream.adapters.state.AdapterId;
import io.rankstream.job.config.option.ConfigError;
import io.rankstream.job.config.option.Entry;
import io.rankstream.job.config.option.Environment;
import io.rankstream.job.config.option.Errors;
import io.rankstream.job.config.option.NearestKey;
import io.rankstream.job.config.option.Setting;
import io.rankstream.job.config.option.YamlReader;
import io.rankstream.job.config.passthrough.FixedKafkaOptions;
import io.rankstream.job.config.passthrough.FlinkDefaults;
import io.rankstream.job.config.passthrough.FlinkValues;
import io.rankstream.job.config.passthrough.KafkaValues;
import io.rankstream.job.config.passthrough.PassThrough;
import io.rankstream.job.config.passthrough.PassThroughKeys;
import io.rankstream.job.config.passthrough.RegistryValues;
import io.rankstream.job.topic.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Values of a configuration file, each in the group that it belongs to. */
final class ParsedFile {

    private static final String ADAPTERS = "adapters";

    private final Errors errors;
    private final Values job;
    private final Values template;
    private final Map<String, Values> adapters = new TreeMap<>();
    private final Map<String, Values> selections = new TreeMap<>();
    private final PassThrough kafka =
            new PassThrough(
                    "kafka.properties.",
                    Map.of(
                            "bootstrap.servers", "kafka.bootstrap-servers",
                            "group.id", "kafka.group-id",
                            "transactional.id", "kafka.group-id",
                            "transaction.timeout.ms", "kafka.transaction-timeout",
                            "auto.offset.reset", "kafka.starting-offsets"),
                    FixedKafkaOptions.ALL,
                    new KafkaValues());
    private final PassThrough registry =
            new PassThrough(
                    "registry.properties.",
                    Map.of("schema.registry.url", "registry.url"),
                    Map.of(),
                    new RegistryValues());
    private final PassThrough flink =
            new PassThrough("flink.", Map.of(), FlinkDefaults.FIXED, new FlinkValues());

    private ParsedFile(Defaults defaults, Errors errors) {
        this.errors = errors;
        this.job = Values.ofJob(defaults);
        this.template = Values.ofTemplate(defaults);
    }

    /**
     * Sorts the values of {@code yaml}; what fits nowhere is added to {@code errors}.
     *
     * @param defaults what holds where the file gives nothing
     */
    static ParsedFile read(String yaml, Environment environment, Defaults defaults, Errors errors) {
        ParsedFile file = new ParsedFile(defaults, errors);
        for (Entry entry : YamlReader.read(yaml, errors)) {
            file.sort(environment.resolve(entry, errors));
        }
        file.nameTopics();
        return file;
    }

    private void sort(Entry entry) {
        String key = entry.key();
        Optional<PassThrough> passThrough =
                passThroughs().filter(group -> group.covers(key)).findFirst();
        if (entry.path().get(0).equals(ADAPTERS)) {
            sortAdapter(entry);
        } else if (key.startsWith(ADAPTERS + ".")) {
            errors.add(
                    entry,
                    "has an adapter id within a dotted key, where its end cannot be told; write"
                            + " 'adapters:' with the id alone in a line below it");
        } else if (passThrough.isPresent()) {
            passThrough.get().put(entry, errors);
        } else if (!putOption(List.of(job, template), entry)) {
            rejectUnknown(entry, knownKeys(), openSections());
        }
    }

    /** Those that the file does not name have their names from its prefix. */
    private void nameTopics() {
        job.source(RankstreamOptions.TOPICS_PREFIX)
                .filter(prefix -> job.have(RankstreamOptions.TOPICS_PREFIX))
                .ifPresent(
                        prefix ->
                                Topic.ALL.forEach(
                                        topic ->
                                                job.putIfAbsent(
                                                        topic.option(),
                                                        prefix,
                                                        job.get(RankstreamOptions.TOPICS_PREFIX)
                                                                + topic.role())));
    }

    private void sortAdapter(Entry entry) {
        if (entry.path().size() == 1) {
            if (!entry.isEmpty()) {
                errors.add(
                        entry,
                        "is %s, expected adapter ids with their settings below each; put them there"
                                .formatted(entry.shown()));
            }
            return;
        }
        String id = entry.path().get(1);
        if (!AdapterId.isValid(id)) {
            errors.add(
                    entry.line(),
                    "adapters has the id '%s', expected %s; rename it"
                            .formatted(id, AdapterId.RULE));
            return;
        }
        Values values = adapters.computeIfAbsent(id, key -> Values.ofAdapter(key, template));
        Values selection = selections.computeIfAbsent(id, key -> Values.ofSelection(key, job));
        boolean alone = entry.path().size() == 2 && entry.isEmpty();
        if (!alone && !putOption(List.of(values, selection), entry)) {
            List<String> known = new ArrayList<>(values.keys());
            known.addAll(selection.keys());
            rejectUnknown(entry, known, List.of());
        }
    }

    private boolean putOption(List<Values> groups, Entry entry) {
        for (Values group : groups) {
            Optional<Setting<?>> setting = group.setting(entry.key());
            if (setting.isPresent()) {
                group.put(setting.get(), entry, errors);
                return true;
            }
        }
        return false;
    }

    private void rejectUnknown(Entry entry, Collection<String> known, Collection<String> open) {
        String key = entry.key();
        boolean section =
                open.contains(key) || known.stream().anyMatch(each -> each.startsWith(key + "."));
        if (section && !entry.isEmpty()) {
            errors.add(entry, "is a section, expected its keys below it; move the value to one");
        } else if (!section) {
            errors.add(
                    entry,
                    "is no option; "
                            + NearestKey.of(key, known, open)
                                    .map("did you mean %s?"::formatted)
                                    .orElse(
                                            "remove it, or find the right one in"
                                                    + " docs/configuration.md"));
        }
    }

    private Collection<String> knownKeys() {
        return Stream.concat(
                        RankstreamOptions.keys(),
                        FlinkDefaults.ALL.stream()
                                .map(each -> flink.prefix() + each.option().key()))
                .toList();
    }

    /** Sections that take any key below them. */
    private Collection<String> openSections() {
        return Stream.concat(passThroughs().map(PassThrough::section), Stream.of(ADAPTERS))
                .toList();
    }

    private Stream<PassThrough> passThroughs() {
        return Stream.of(kafka, registry, flink);
    }

    /** Options that are handed on and probably misspelt. */
    List<ConfigError> misspelt() {
        return Stream.of(
                        kafka.misspelt(PassThroughKeys.ofKafka(), errors.origin()),
                        registry.misspelt(PassThroughKeys.ofRegistry(), errors.origin()),
                        flink.misspelt(PassThroughKeys.ofFlink(), errors.origin()))
                .flatMap(List::stream)
                .toList();
    }

    Values job() {
        return job;
    }

    /** Values under {@code training}. */
    Values template() {
        return template;
    }

    /** Values under {@code adapters}, by adapter id. */
    Map<String, Values> adapters() {
        return adapters;
    }

    /** What adapters select by, by adapter id. */
    Map<String, Values> selections() {
        return selections;
    }

    PassThrough kafka() {
        return kafka;
    }

    PassThrough registry() {
        return registry;
    }

    PassThrough flink() {
        return flink;
    }
}
