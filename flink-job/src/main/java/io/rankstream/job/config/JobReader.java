package io.rankstream.job.config;

import static io.rankstream.job.config.RankstreamOptions.BATCH_LINGER;
import static io.rankstream.job.config.RankstreamOptions.BATCH_MAX_EXAMPLES;
import static io.rankstream.job.config.RankstreamOptions.BATCH_MAX_HELD;
import static io.rankstream.job.config.RankstreamOptions.BATCH_MAX_TOKENS;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_SCHEDULE;
import static io.rankstream.job.config.RankstreamOptions.CONSOLE_PORT;
import static io.rankstream.job.config.RankstreamOptions.FLEET_INTERVAL_EXAMPLES;
import static io.rankstream.job.config.RankstreamOptions.FLEET_TRIPLETS;
import static io.rankstream.job.config.RankstreamOptions.INPUT_ADAPTER_ID;
import static io.rankstream.job.config.RankstreamOptions.INPUT_DEFAULT_ADAPTER_ID;
import static io.rankstream.job.config.RankstreamOptions.INPUT_DEFAULT_EXAMPLE_ID;
import static io.rankstream.job.config.RankstreamOptions.INPUT_DEFAULT_LABEL;
import static io.rankstream.job.config.RankstreamOptions.INPUT_EVENT_TIME;
import static io.rankstream.job.config.RankstreamOptions.INPUT_EVENT_TIME_UNIT;
import static io.rankstream.job.config.RankstreamOptions.INPUT_EXAMPLE_ID;
import static io.rankstream.job.config.RankstreamOptions.INPUT_FORMAT;
import static io.rankstream.job.config.RankstreamOptions.INPUT_LABEL;
import static io.rankstream.job.config.RankstreamOptions.INPUT_METADATA;
import static io.rankstream.job.config.RankstreamOptions.INPUT_PREDICTION;
import static io.rankstream.job.config.RankstreamOptions.INPUT_TEXT;
import static io.rankstream.job.config.RankstreamOptions.INPUT_TEXT_PAIR;
import static io.rankstream.job.config.RankstreamOptions.KAFKA_BOOTSTRAP_SERVERS;
import static io.rankstream.job.config.RankstreamOptions.KAFKA_BOUNDED;
import static io.rankstream.job.config.RankstreamOptions.KAFKA_GROUP_ID;
import static io.rankstream.job.config.RankstreamOptions.KAFKA_STARTING_OFFSETS;
import static io.rankstream.job.config.RankstreamOptions.KAFKA_TRANSACTION_TIMEOUT;
import static io.rankstream.job.config.RankstreamOptions.LABELS;
import static io.rankstream.job.config.RankstreamOptions.LOOP_BUDGET_SHARE;
import static io.rankstream.job.config.RankstreamOptions.LOOP_CORRECTIONS;
import static io.rankstream.job.config.RankstreamOptions.LOOP_DOUBLE_SHARE;
import static io.rankstream.job.config.RankstreamOptions.LOOP_HORIZON;
import static io.rankstream.job.config.RankstreamOptions.LOOP_LABELS_PER_HOUR;
import static io.rankstream.job.config.RankstreamOptions.LOOP_MAX_JUMP;
import static io.rankstream.job.config.RankstreamOptions.LOOP_MAX_OPEN;
import static io.rankstream.job.config.RankstreamOptions.LOOP_MODE;
import static io.rankstream.job.config.RankstreamOptions.LOOP_SEED;
import static io.rankstream.job.config.RankstreamOptions.LOOP_SUGGEST;
import static io.rankstream.job.config.RankstreamOptions.LOOP_UNIFORM_SHARE;
import static io.rankstream.job.config.RankstreamOptions.LOOP_UTILITY;
import static io.rankstream.job.config.RankstreamOptions.LOOP_VOTES;
import static io.rankstream.job.config.RankstreamOptions.LOOP_WINDOW;
import static io.rankstream.job.config.RankstreamOptions.METHOD;
import static io.rankstream.job.config.RankstreamOptions.METRICS_MAX_ADAPTERS;
import static io.rankstream.job.config.RankstreamOptions.METRICS_PROMETHEUS_PORT;
import static io.rankstream.job.config.RankstreamOptions.MODEL_DEVICE;
import static io.rankstream.job.config.RankstreamOptions.MODEL_DIRECTORY;
import static io.rankstream.job.config.RankstreamOptions.MODEL_ENGINE_DIRECTORY;
import static io.rankstream.job.config.RankstreamOptions.MODEL_MAX_LENGTH;
import static io.rankstream.job.config.RankstreamOptions.MODEL_NAME;
import static io.rankstream.job.config.RankstreamOptions.MODEL_THREADS;
import static io.rankstream.job.config.RankstreamOptions.PREDICT_BUNDLE_TOKENS;
import static io.rankstream.job.config.RankstreamOptions.PREDICT_LINGER;
import static io.rankstream.job.config.RankstreamOptions.PUBLISH_DIRECTORY;
import static io.rankstream.job.config.RankstreamOptions.PUBLISH_EVERY_STEPS;
import static io.rankstream.job.config.RankstreamOptions.PUBLISH_FIRST_STEP;
import static io.rankstream.job.config.RankstreamOptions.REGISTRY_OUTAGE_TIMEOUT;
import static io.rankstream.job.config.RankstreamOptions.REGISTRY_REGISTER;
import static io.rankstream.job.config.RankstreamOptions.REGISTRY_REQUEST_TIMEOUT;
import static io.rankstream.job.config.RankstreamOptions.REGISTRY_URL;
import static io.rankstream.job.config.RankstreamOptions.START_FROM;
import static io.rankstream.job.config.RankstreamOptions.TRAIN_BUNDLE_LINGER;
import static io.rankstream.job.config.RankstreamOptions.TRAIN_BUNDLE_TOKENS;
import static io.rankstream.job.config.RankstreamOptions.TRAIN_CACHE_SIZE;
import static io.rankstream.job.config.RankstreamOptions.TRAIN_MAX_ADAPTERS;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.option.Entry;
import io.rankstream.job.config.option.Errors;
import io.rankstream.job.config.option.Secrets;
import io.rankstream.job.config.passthrough.FlinkDefaults;
import io.rankstream.job.config.passthrough.FlinkParts;
import io.rankstream.job.config.passthrough.FlinkValues;
import io.rankstream.job.config.passthrough.KafkaClients;
import io.rankstream.job.config.passthrough.RegistryValues;
import io.rankstream.job.config.passthrough.WholeOptions;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.AdapterStart;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.FleetSettings;
import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.config.settings.JoinSettings;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.job.config.settings.LoopSettings;
import io.rankstream.job.config.settings.MetricsSettings;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PredictSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.RegistrySettings;
import io.rankstream.job.config.settings.SelectionSettings;
import io.rankstream.job.config.settings.Selections;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.util.TimeUtils;

/** Checks a whole file and makes the job's configuration of it. */
final class JobReader {

    private static final List<ConfigOption<String>> TOPICS =
            Topic.ALL.stream().map(Topic::option).toList();

    private static final Map<ExampleField, ConfigOption<String>> PATHS =
            Map.of(
                    ExampleField.METADATA, INPUT_METADATA,
                    ExampleField.PREDICTION, INPUT_PREDICTION,
                    ExampleField.EXAMPLE_ID, INPUT_EXAMPLE_ID,
                    ExampleField.ADAPTER_ID, INPUT_ADAPTER_ID,
                    ExampleField.TEXT, INPUT_TEXT,
                    ExampleField.LABEL, INPUT_LABEL,
                    ExampleField.EVENT_TIME, INPUT_EVENT_TIME,
                    ExampleField.TEXT_PAIR, INPUT_TEXT_PAIR);

    private static final Map<ExampleField, ConfigOption<String>> DEFAULTS =
            Map.of(
                    ExampleField.EXAMPLE_ID, INPUT_DEFAULT_EXAMPLE_ID,
                    ExampleField.ADAPTER_ID, INPUT_DEFAULT_ADAPTER_ID,
                    ExampleField.LABEL, INPUT_DEFAULT_LABEL);

    private static final List<ConfigOption<?>> OF_JSON =
            List.of(
                    INPUT_EXAMPLE_ID,
                    INPUT_ADAPTER_ID,
                    INPUT_TEXT,
                    INPUT_LABEL,
                    INPUT_TEXT_PAIR,
                    INPUT_METADATA,
                    INPUT_PREDICTION,
                    INPUT_EVENT_TIME,
                    INPUT_EVENT_TIME_UNIT,
                    INPUT_DEFAULT_EXAMPLE_ID,
                    INPUT_DEFAULT_ADAPTER_ID,
                    INPUT_DEFAULT_LABEL);

    private static final List<ConfigOption<?>> OF_SELECTION =
            List.of(
                    LOOP_BUDGET_SHARE,
                    LOOP_LABELS_PER_HOUR,
                    LOOP_UNIFORM_SHARE,
                    LOOP_UTILITY,
                    LOOP_MAX_OPEN,
                    LOOP_SEED);

    private static final List<ConfigOption<?>> OF_JOINING =
            List.of(
                    LOOP_HORIZON,
                    LOOP_CORRECTIONS,
                    LOOP_VOTES,
                    LOOP_DOUBLE_SHARE,
                    LOOP_SUGGEST,
                    LOOP_WINDOW,
                    LOOP_MAX_JUMP);

    private static final String CHECKPOINT_INTERVAL_KEY =
            "flink." + CheckpointingOptions.CHECKPOINTING_INTERVAL.key();

    private final ParsedFile file;
    private final Errors errors;
    private final Values job;
    private final Configuration flink;

    JobReader(ParsedFile file, Errors errors) {
        this.file = file;
        this.errors = errors;
        this.job = file.job();
        this.flink = FlinkDefaults.under(file.flink().values(FlinkValues::text));
    }

    /** Throws all errors at once. */
    void requireRight() throws ConfigException {
        check();
        errors.throwIfAny();
    }

    /**
     * Configuration of the job; only of a file that is right.
     *
     * @param first the pace under the first defaults
     */
    JobConfig config(Pace first) {
        Pace pace = pace();
        return new JobConfig(
                kafka(),
                topics(),
                input(),
                registry(),
                model(),
                pace.batch(),
                new TrainSettings(
                        job.get(TRAIN_CACHE_SIZE).getBytes(),
                        job.get(TRAIN_MAX_ADAPTERS),
                        job.get(TRAIN_BUNDLE_TOKENS),
                        job.get(TRAIN_BUNDLE_LINGER),
                        new PredictSettings(
                                job.get(PREDICT_BUNDLE_TOKENS), job.get(PREDICT_LINGER)),
                        job.have(FLEET_TRIPLETS)),
                pace.adapters(),
                fleet(),
                loop(),
                pace.publish(),
                metrics(),
                job.get(CONSOLE_PORT),
                new ServeReader(job, errors).settings(),
                flink,
                first);
    }

    /** What depends on defaults that have changed; only of a file that is right. */
    Pace pace() {
        return new Pace(
                new BatchSettings(
                        job.get(BATCH_MAX_EXAMPLES),
                        job.get(BATCH_MAX_TOKENS),
                        job.get(BATCH_LINGER),
                        job.get(BATCH_MAX_HELD)),
                adapters(),
                new PublishSettings(
                        job.get(PUBLISH_DIRECTORY),
                        job.get(PUBLISH_FIRST_STEP),
                        job.get(PUBLISH_EVERY_STEPS)));
    }

    private void check() {
        job.requireAll(learns() ? List.of() : List.of(PUBLISH_DIRECTORY), errors);
        checkTopics();
        checkInput();
        checkRegistry();
        checkModel();
        checkBatch();
        checkConsistency();
        checkCheckpoints();
        checkTemplates();
        checkFleet();
        checkLoop();
        new ServeReader(job, errors).check();
        checkHandedOn();
    }

    /** Last, since what is wrong by itself was told by then. */
    private void checkHandedOn() {
        new WholeOptions(file.kafka(), file.kafka().values(JobReader::commaSeparated))
                .check(KafkaClients.judges(), errors);
        new WholeOptions(file.flink(), file.flink().values(FlinkValues::text))
                .check(FlinkParts.judges(), errors);
        checkCredentials();
    }

    /**
     * The registry's client asks for what a source names, and says nothing where it is not there.
     */
    private void checkCredentials() {
        Map<String, String> given = file.registry().values(JobReader::commaSeparated);
        RegistryValues.NEEDED.forEach(
                (source, needed) -> {
                    Entry entry = file.registry().entries().get(source);
                    String option = entry == null ? null : needed.get(entry.texts().get(0));
                    if (option != null && !given.containsKey(option)) {
                        errors.add(
                                entry,
                                "is '%s', which needs %s; give that, or remove this"
                                        .formatted(
                                                entry.texts().get(0),
                                                file.registry().prefix() + option));
                    }
                });
    }

    private void checkTopics() {
        for (int i = 1; i < TOPICS.size(); i++) {
            for (ConfigOption<String> other : TOPICS.subList(0, i)) {
                checkDiffer(TOPICS.get(i), other);
            }
        }
    }

    private void checkDiffer(ConfigOption<String> topic, ConfigOption<String> other) {
        if (job.have(topic, other) && TopicNames.collide(job.get(topic), job.get(other))) {
            errors.add(
                    job.lineOf(topic, other),
                    ("%s is '%s', expected another topic than %s ('%s'; Kafka takes '.' and '_'"
                                    + " for equal); rename one")
                            .formatted(topic.key(), job.get(topic), other.key(), job.get(other)));
        }
    }

    private void checkInput() {
        if (job.have(INPUT_FORMAT) && job.get(INPUT_FORMAT) == InputFormat.AVRO) {
            for (ConfigOption<?> option : OF_JSON) {
                if (job.givesItself(option)
                        && job.have(option)
                        && !job.get(option).equals(option.defaultValue())) {
                    errors.add(
                            job.lineOf(option),
                            "%s only means something where %s is json; remove it, or set that so"
                                    .formatted(option.key(), INPUT_FORMAT.key()));
                }
            }
        }
    }

    /** Paths are put behind the URL, so that a query would swallow them. */
    private void checkRegistry() {
        if (job.have(REGISTRY_URL) && job.get(REGISTRY_URL).matches("[^?#]*[?#].*")) {
            errors.add(
                    job.lineOf(REGISTRY_URL),
                    "%s is '%s' and has a query or a fragment, expected neither; remove it, and give a token by registry.properties (bearer.auth.credentials.source: STATIC_TOKEN and bearer.auth.token)"
                            .formatted(
                                    REGISTRY_URL.key(), Secrets.redactUrl(job.get(REGISTRY_URL))));
        }
    }

    private void checkModel() {
        if (job.have(MODEL_NAME) && !job.have(MODEL_DIRECTORY)) {
            errors.add(
                    job.lineOf(MODEL_NAME),
                    "%s only means something where %s is set; remove it, or set that"
                            .formatted(MODEL_NAME.key(), MODEL_DIRECTORY.key()));
        }
    }

    private void checkBatch() {
        if (job.have(BATCH_MAX_TOKENS, MODEL_MAX_LENGTH)
                && job.get(BATCH_MAX_TOKENS) < job.get(MODEL_MAX_LENGTH)) {
            job.reject(
                    BATCH_MAX_TOKENS,
                    "so that one text fits, at least",
                    MODEL_MAX_LENGTH,
                    "raise it or lower the other",
                    errors);
        }
    }

    /** What the file gives for an option of Flink, by its newest or an older name. */
    private Optional<Entry> flinkSource(ConfigOption<?> option) {
        Stream.Builder<String> keys = Stream.builder();
        keys.add(option.key());
        for (FallbackKey older : option.fallbackKeys()) {
            keys.add(older.getKey());
        }
        return keys.build().map(file.flink().entries()::get).filter(e -> e != null).findFirst();
    }

    private void checkConsistency() {
        ConfigOption<CheckpointingMode> option =
                CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE;
        flinkSource(option)
                .filter(entry -> flink.get(option) != CheckpointingMode.EXACTLY_ONCE)
                .ifPresent(
                        entry ->
                                errors.add(
                                        entry,
                                        "is %s, expected EXACTLY_ONCE because an example is trained on once; remove it"
                                                .formatted(entry.shown())));
    }

    private void checkCheckpoints() {
        Optional<Duration> interval =
                flink.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL);
        if (interval.isEmpty()) {
            return;
        }
        int line =
                flinkSource(CheckpointingOptions.CHECKPOINTING_INTERVAL).map(Entry::line).orElse(0);
        if (interval.get().toMillis() <= 0) {
            errors.add(
                    line,
                    ("%s is %s, expected above 0 because results become visible with"
                                    + " checkpoints; raise it")
                            .formatted(
                                    CHECKPOINT_INTERVAL_KEY,
                                    TimeUtils.formatWithHighestUnit(interval.get())));
        } else if (job.have(KAFKA_TRANSACTION_TIMEOUT)) {
            checkTransactionTimeout(interval.get(), line);
        }
    }

    private void checkTransactionTimeout(Duration interval, int lineOfInterval) {
        Duration timeout = job.get(KAFKA_TRANSACTION_TIMEOUT);
        if (timeout.compareTo(interval) <= 0) {
            int line = job.lineOf(KAFKA_TRANSACTION_TIMEOUT);
            errors.add(
                    line == 0 ? lineOfInterval : line,
                    ("%s is %s, expected more than %s, which is %s; raise it, or take"
                                    + " checkpoints more often")
                            .formatted(
                                    KAFKA_TRANSACTION_TIMEOUT.key(),
                                    TimeUtils.formatWithHighestUnit(timeout),
                                    CHECKPOINT_INTERVAL_KEY,
                                    TimeUtils.formatWithHighestUnit(interval)));
        }
    }

    private void checkTemplates() {
        TemplateReader common = new TemplateReader(file.template(), errors);
        common.rejectIdleKeys();
        if (!common.hasLabels() || !file.template().lack(LABELS)) {
            common.check();
        } else if (file.adapters().isEmpty() && learns()) {
            errors.add(
                    0,
                    "no adapter can learn, expected labels; give training.labels, or adapters with"
                            + " labels of their own under adapters");
        }
        for (Values adapter : file.adapters().values()) {
            TemplateReader own = new TemplateReader(adapter, errors);
            own.rejectIdleKeys();
            if (learns() || adapter.have(LABELS)) {
                own.check();
            }
        }
    }

    private void checkFleet() {
        if (!job.have(FLEET_TRIPLETS)) {
            if (job.have(FLEET_INTERVAL_EXAMPLES)
                    && !job.get(FLEET_INTERVAL_EXAMPLES)
                            .equals(FLEET_INTERVAL_EXAMPLES.defaultValue())) {
                errors.add(
                        job.lineOf(FLEET_INTERVAL_EXAMPLES),
                        "%s only means something where %s is set; remove it, or set that"
                                .formatted(FLEET_INTERVAL_EXAMPLES.key(), FLEET_TRIPLETS.key()));
            }
            return;
        }
        if (job.have(KAFKA_BOUNDED) && job.get(KAFKA_BOUNDED)) {
            errors.add(
                    job.lineOf(FLEET_TRIPLETS),
                    "%s moves budgets by commands, and where %s is true none is heard that comes after the start; remove one of them"
                            .formatted(FLEET_TRIPLETS.key(), KAFKA_BOUNDED.key()));
        }
        long movable =
                file.adapters().values().stream()
                        .filter(own -> new TemplateReader(own, errors).movesBudget())
                        .count();
        boolean admitsMore =
                file.template().have(LABELS)
                        && new TemplateReader(file.template(), errors).movesBudget();
        if (movable == 0 && !admitsMore) {
            errors.add(
                    job.lineOf(FLEET_TRIPLETS),
                    "%s only means something for adapters whose %s is adalora and whose %s is streaming, and there is none; remove it, or set these so"
                            .formatted(FLEET_TRIPLETS.key(), METHOD.key(), BUDGET_SCHEDULE.key()));
        }
        if (movable > job.get(FLEET_TRIPLETS)) {
            errors.add(
                    job.lineOf(FLEET_TRIPLETS),
                    "%s is %d, expected at least one for each of the %d adapters that share them; raise it"
                            .formatted(FLEET_TRIPLETS.key(), job.get(FLEET_TRIPLETS), movable));
        }
    }

    /** Whether adapters learn in the job; so it is assumed where the mode is wrong. */
    private boolean learns() {
        return !job.have(LOOP_MODE) || job.get(LOOP_MODE).learns();
    }

    private void checkLoop() {
        if (!job.have(LOOP_MODE)) {
            return;
        }
        Stream.concat(Stream.of(job), file.selections().values().stream())
                .forEach(this::checkSelection);
        checkJoining();
        if (job.get(LOOP_MODE).asks()
                && job.lack(LOOP_BUDGET_SHARE)
                && job.lack(LOOP_LABELS_PER_HOUR)) {
            errors.add(
                    job.lineOf(LOOP_MODE),
                    "%s is %s and asks people, but how much is not said, expected %s or %s; add one of them"
                            .formatted(
                                    LOOP_MODE.key(),
                                    job.get(LOOP_MODE).name().toLowerCase(Locale.ROOT),
                                    LOOP_BUDGET_SHARE.key(),
                                    LOOP_LABELS_PER_HOUR.key()));
        }
    }

    private void checkJoining() {
        OF_JOINING.stream()
                .filter(option -> !job.get(LOOP_MODE).asks() && isChanged(option))
                .forEach(
                        option ->
                                errors.add(
                                        job.lineOf(option),
                                        "%s only means something where %s is train or only; remove it, or set that so"
                                                .formatted(option.key(), LOOP_MODE.key())));
        if (job.get(LOOP_MODE).asks()
                && job.have(LOOP_HORIZON, LOOP_WINDOW)
                && job.get(LOOP_HORIZON).compareTo(job.get(LOOP_WINDOW)) >= 0) {
            errors.add(
                    job.lineOf(LOOP_HORIZON, LOOP_WINDOW),
                    "%s is %s, expected less than %s, which is %s, since inputs that still wait for answers are not in its estimate; lower it, or raise the other"
                            .formatted(
                                    LOOP_HORIZON.key(),
                                    TimeUtils.formatWithHighestUnit(job.get(LOOP_HORIZON)),
                                    LOOP_WINDOW.key(),
                                    TimeUtils.formatWithHighestUnit(job.get(LOOP_WINDOW))));
        }
        if (!learns() && job.have(FLEET_TRIPLETS)) {
            errors.add(
                    job.lineOf(FLEET_TRIPLETS),
                    "%s only means something where adapters learn, and %s is only; remove it, or set that to train"
                            .formatted(FLEET_TRIPLETS.key(), LOOP_MODE.key()));
        }
    }

    private boolean isChanged(ConfigOption<?> option) {
        return job.have(option) && !job.get(option).equals(option.defaultValue());
    }

    private void checkSelection(Values values) {
        if (!job.get(LOOP_MODE).asks()) {
            for (ConfigOption<?> option : OF_SELECTION) {
                if (values.givesItself(option)
                        && values.have(option)
                        && !values.get(option).equals(option.defaultValue())) {
                    errors.add(
                            values.lineOf(option),
                            "%s only means something where %s is train or only; remove it, or set that so"
                                    .formatted(values.ownKey(option), LOOP_MODE.key()));
                }
            }
        } else if (values.givesItself(LOOP_BUDGET_SHARE)
                && values.givesItself(LOOP_LABELS_PER_HOUR)) {
            errors.add(
                    values.lineOf(LOOP_LABELS_PER_HOUR),
                    "%s is there beside %s, expected one budget; remove one of them"
                            .formatted(
                                    values.ownKey(LOOP_LABELS_PER_HOUR),
                                    values.ownKey(LOOP_BUDGET_SHARE)));
        }
    }

    private LoopSettings loop() {
        LoopMode mode = job.get(LOOP_MODE);
        return mode.asks()
                ? new LoopSettings(mode, Optional.of(selections()), Optional.of(joining()))
                : new LoopSettings(mode, Optional.empty(), Optional.empty());
    }

    private Selections selections() {
        TreeMap<String, SelectionSettings> named = new TreeMap<>();
        file.selections().forEach((id, values) -> named.put(id, selection(values)));
        return new Selections(selection(job), named);
    }

    private SelectionSettings selection(Values values) {
        return new SelectionSettings(
                budget(values),
                values.get(LOOP_UNIFORM_SHARE),
                values.get(LOOP_UTILITY),
                values.get(LOOP_MAX_OPEN),
                job.get(LOOP_SEED));
    }

    /** An adapter's own budget stands for whatever the job has. */
    private LabelBudget budget(Values values) {
        if (values.givesItself(LOOP_BUDGET_SHARE)) {
            return new LabelBudget.Share(values.get(LOOP_BUDGET_SHARE));
        }
        return values.givesItself(LOOP_LABELS_PER_HOUR)
                ? new LabelBudget.PerHour(values.get(LOOP_LABELS_PER_HOUR))
                : budget(job);
    }

    private JoinSettings joining() {
        return new JoinSettings(
                job.get(LOOP_HORIZON),
                job.get(LOOP_CORRECTIONS),
                job.get(LOOP_VOTES),
                job.get(LOOP_DOUBLE_SHARE),
                job.get(LOOP_SUGGEST),
                job.get(LOOP_WINDOW),
                job.get(LOOP_MAX_JUMP));
    }

    private Optional<FleetSettings> fleet() {
        return job.have(FLEET_TRIPLETS)
                ? Optional.of(
                        new FleetSettings(
                                job.get(FLEET_TRIPLETS), job.get(FLEET_INTERVAL_EXAMPLES)))
                : Optional.empty();
    }

    private KafkaSettings kafka() {
        return new KafkaSettings(
                job.get(KAFKA_BOOTSTRAP_SERVERS),
                file.kafka().values(JobReader::commaSeparated),
                job.get(KAFKA_GROUP_ID),
                job.get(KAFKA_STARTING_OFFSETS),
                job.get(KAFKA_BOUNDED),
                job.get(KAFKA_TRANSACTION_TIMEOUT));
    }

    private TopicNames topics() {
        return TopicNames.of(topic -> job.get(topic.option()));
    }

    private InputSettings input() {
        Map<ExampleField, String> defaults = new EnumMap<>(ExampleField.class);
        DEFAULTS.forEach(
                (field, option) -> {
                    if (job.have(option)) {
                        defaults.put(field, job.get(option));
                    }
                });
        Map<ExampleField, String> paths = new EnumMap<>(ExampleField.class);
        PATHS.forEach((field, option) -> paths.put(field, job.get(option)));
        return new InputSettings(
                job.get(INPUT_FORMAT),
                new JsonMapping(paths, defaults, job.get(INPUT_EVENT_TIME_UNIT)));
    }

    private RegistrySettings registry() {
        return new RegistrySettings(
                job.get(REGISTRY_URL),
                file.registry().values(JobReader::commaSeparated),
                job.get(REGISTRY_REQUEST_TIMEOUT),
                job.get(REGISTRY_OUTAGE_TIMEOUT),
                job.get(REGISTRY_REGISTER));
    }

    private ModelSettings model() {
        ModelSource source =
                job.have(MODEL_DIRECTORY)
                        ? ModelSource.at(job.get(MODEL_DIRECTORY), job.get(MODEL_NAME))
                        : new ModelSource.Embedded();
        return new ModelSettings(
                source,
                job.get(MODEL_MAX_LENGTH),
                job.get(MODEL_THREADS),
                DeviceSetting.parse(job.get(MODEL_DEVICE)),
                job.get(MODEL_ENGINE_DIRECTORY));
    }

    private MetricsSettings metrics() {
        return new MetricsSettings(
                job.get(METRICS_MAX_ADAPTERS),
                job.have(METRICS_PROMETHEUS_PORT)
                        ? OptionalInt.of(job.get(METRICS_PROMETHEUS_PORT))
                        : OptionalInt.empty());
    }

    private ConfiguredAdapters adapters() {
        boolean admitsOthers =
                !new TemplateReader(file.template(), errors).hasLabels()
                        || file.template().have(LABELS);
        ConfiguredAdapters adapters =
                admitsOthers
                        ? ConfiguredAdapters.NONE.withOthers(settings(file.template()))
                        : ConfiguredAdapters.NONE;
        for (Map.Entry<String, Values> own : file.adapters().entrySet()) {
            adapters = adapters.with(own.getKey(), settings(own.getValue()));
        }
        return adapters;
    }

    private AdapterSettings settings(Values values) {
        return new AdapterSettings(
                new TemplateReader(values, errors).template(),
                values.have(START_FROM)
                        ? new AdapterStart.Snapshot(values.get(START_FROM))
                        : new AdapterStart.Template());
    }

    private static String commaSeparated(Entry list) {
        return String.join(",", list.texts());
    }
}
