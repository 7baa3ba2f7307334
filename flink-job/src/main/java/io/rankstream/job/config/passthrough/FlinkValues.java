package io.rankstream.job.config.passthrough;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.rankstream.job.config.option.Entry;
import io.rankstream.job.config.option.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.state.rocksdb.PredefinedOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.util.NetUtils;

/**
 * Reads values as Flink does, by the types of its options, and looks at what these types leave
 * open: whether a text is a place or one of a few names, and whether a number can be what it
 * counts.
 */
public final class FlinkValues implements ValueRule {

    private static final int LARGEST_PORT = 65_535;

    /** Texts that have a few values, or the name of a class. */
    private static final Map<String, List<String>> NAMES =
            Map.of(
                    StateBackendOptions.STATE_BACKEND.key(),
                    List.of("hashmap", "rocksdb", "forst"),
                    CheckpointingOptions.CHECKPOINT_STORAGE.key(),
                    List.of("jobmanager", "filesystem"),
                    RestartStrategyOptions.RESTART_STRATEGY.key(),
                    List.of(
                            "none",
                            "disable",
                            "off",
                            "fixed-delay",
                            "failure-rate",
                            "exponential-delay"),
                    HighAvailabilityOptions.HA_MODE.key(),
                    List.of("none", "zookeeper", "kubernetes"),
                    StateChangelogOptions.STATE_CHANGE_LOG_STORAGE.key(),
                    List.of("memory", "filesystem"),
                    DeploymentOptions.TARGET.key(),
                    List.of(
                            "local",
                            "remote",
                            "embedded",
                            "kubernetes-session",
                            "kubernetes-application",
                            "yarn-session",
                            "yarn-application"),
                    RocksDBOptions.PREDEFINED_OPTIONS.key(),
                    Stream.of(PredefinedOptions.values()).map(Enum::name).toList());

    /** Of {@link #NAMES}, those for which a class does not do. */
    private static final Set<String> WITHOUT_CLASSES =
            Set.of(
                    DeploymentOptions.TARGET.key(),
                    RestartStrategyOptions.RESTART_STRATEGY.key(),
                    StateChangelogOptions.STATE_CHANGE_LOG_STORAGE.key());

    private static final Pattern CLASS = Pattern.compile("[\\w$]+(\\.[\\w$]+)+");

    /** Numbers of what there must be one of. */
    private static final List<String> COUNTS_FROM_ONE =
            List.of(
                    CoreOptions.DEFAULT_PARALLELISM.key(),
                    PipelineOptions.MAX_PARALLELISM.key(),
                    CheckpointingOptions.MAX_CONCURRENT_CHECKPOINTS.key(),
                    CheckpointingOptions.MAX_RETAINED_CHECKPOINTS.key(),
                    TaskManagerOptions.NUM_TASK_SLOTS.key(),
                    RocksDBConfigurableOptions.MAX_BACKGROUND_THREADS.key());

    /** Ends of keys whose texts name one folder or file. */
    private static final Pattern PLACE =
            Pattern.compile(".*[.-](dir|directory|path)|.*storageDir", Pattern.CASE_INSENSITIVE);

    /** Ends of keys of shares. */
    private static final Pattern SHARE = Pattern.compile(".*[.-](fraction|ratio|jitter-factor)");

    /** Ends of keys whose texts name a port, or a range of them. */
    private static final Pattern PORTS = Pattern.compile(".*[.-](port|ports|port-range)");

    /** Ends of keys of the longest wait for something. */
    private static final Pattern TIMEOUT = Pattern.compile(".*[.-]timeout");

    private static final Pattern ZERO = Pattern.compile("\\b(0|zero|disable[sd]?)\\b");
    private static final long SMALLEST_FRAME = 32_000;

    private static final Pattern CHOICES = Pattern.compile("Expected one of: \\[\\[(.*)]]");

    @Override
    public Optional<String> broken(String name, Entry entry) {
        ConfigOption<?> option = FlinkOptions.byKey().get(name);
        return option == null ? Optional.empty() : broken(option, entry);
    }

    /** As {@link #broken(String, Entry)}, of an option that is at hand. */
    static Optional<String> broken(ConfigOption<?> option, Entry entry) {
        Object value;
        try {
            value = read(option, text(entry));
        } catch (RuntimeException unreadable) { // each type has exceptions of its own
            return Optional.of(expected(option));
        }
        return entry.isList() && !(value instanceof List)
                ? Optional.of("a single value")
                : broken(option, value);
    }

    /** A value as Flink reads it; a list from a YAML list in flow style, which JSON is. */
    public static String text(Entry entry) {
        if (!entry.isList()) {
            return entry.texts().get(0);
        }
        ArrayNode array = new ObjectMapper().createArrayNode();
        entry.texts().forEach(array::add);
        return array.toString();
    }

    /** Options for Java, for one. */
    @Override
    public boolean maySpanLines(String name) {
        return name.startsWith("env.") || !FlinkOptions.byKey().containsKey(name);
    }

    private static Object read(ConfigOption<?> option, String text) {
        return Configuration.fromMap(Map.of(option.key(), text)).get(option);
    }

    private static Optional<String> broken(ConfigOption<?> option, Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return brokenNumber(option, ((Number) value).longValue());
        }
        if (value instanceof Double || value instanceof Float) {
            return brokenNumber(option, ((Number) value).doubleValue());
        }
        if (value instanceof Duration duration) {
            return brokenDuration(option, duration);
        }
        return value instanceof String text ? brokenText(option.key(), text) : Optional.empty();
    }

    private static Optional<String> brokenDuration(ConfigOption<?> option, Duration value) {
        if (value.equals(option.defaultValue())) {
            return Optional.empty();
        }
        if (value.isNegative()) {
            return Optional.of("a duration of at least 0");
        }
        return value.isZero()
                        && TIMEOUT.matcher(option.key()).matches()
                        && !hasMeaningAtZero(option)
                ? Optional.of("a duration above 0")
                : Optional.empty();
    }

    /** Where no time means no limit, the option's description says so. */
    private static boolean hasMeaningAtZero(ConfigOption<?> option) {
        return ZERO.matcher(new HtmlFormatter().format(option.description())).find();
    }

    private static Optional<String> brokenNumber(ConfigOption<?> option, long value) {
        String key = option.key();
        if (key.endsWith(".port")) {
            return value < 0 || value > LARGEST_PORT
                    ? Optional.of("a port from 0 to " + LARGEST_PORT)
                    : Optional.empty();
        }
        if (key.equals(PipelineOptions.MAX_PARALLELISM.key())
                && value > KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM) {
            return Optional.of(
                    "a whole number from 1 to "
                            + KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM);
        }
        boolean fromOne = COUNTS_FROM_ONE.contains(key);
        long least = fromOne ? 1 : 0;
        boolean hasMeaning =
                option.defaultValue() instanceof Number usual
                        && (value == usual.longValue() || (!fromOne && usual.longValue() < 0));
        return value < least && !hasMeaning
                ? Optional.of("a whole number of at least " + least)
                : Optional.empty();
    }

    private static Optional<String> brokenNumber(ConfigOption<?> option, double value) {
        if (SHARE.matcher(option.key()).matches()) {
            return value >= 0 && value <= 1
                    ? Optional.empty()
                    : Optional.of("a number from 0 to 1");
        }
        if (option.equals(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER)) {
            return value > 1 && Double.isFinite(value)
                    ? Optional.empty()
                    : Optional.of("a number above 1");
        }
        return value >= 0 && Double.isFinite(value)
                ? Optional.empty()
                : Optional.of("a number of at least 0");
    }

    private static Optional<String> brokenText(String key, String text) {
        List<String> names = NAMES.get(key);
        if (names != null) {
            boolean isOne = names.stream().anyMatch(text.strip()::equalsIgnoreCase);
            boolean mayBeClass = !WITHOUT_CLASSES.contains(key);
            return isOne || (mayBeClass && CLASS.matcher(text.strip()).matches())
                    ? Optional.empty()
                    : Optional.of(
                            "one of "
                                    + String.join(", ", names)
                                    + (mayBeClass ? ", or a class" : ""));
        }
        if (PORTS.matcher(key).matches() && !arePorts(text)) {
            return Optional.of(
                    "a port from 0 to %d, or a range of them such as 50100-50200"
                            .formatted(LARGEST_PORT));
        }
        if (key.equals(RpcOptions.FRAMESIZE.key()) && !isFrame(text)) {
            return Optional.of("a size in bytes of at least %db".formatted(SMALLEST_FRAME));
        }
        if (PLACE.matcher(key).matches() && !isPlace(text)) {
            return Optional.of(
                    "a path, or the URI of a folder or file, such as s3://bucket/checkpoints");
        }
        return Optional.empty();
    }

    /** As Flink reads ports; a range that ends before it begins has none. */
    private static boolean arePorts(String text) {
        try {
            return NetUtils.getPortRangeFromString(text).hasNext();
        } catch (IllegalArgumentException | IllegalConfigurationException e) {
            return false;
        }
    }

    /** Pekko writes sizes as Flink does, and takes none below a smallest one. */
    private static boolean isFrame(String text) {
        try {
            return MemorySize.parse(text).getBytes() >= SMALLEST_FRAME;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isPlace(String text) {
        try {
            return ValueType.isPlace(text);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** What an option takes, told by what it reads. */
    private static String expected(ConfigOption<?> option) {
        Object usual = option.hasDefaultValue() ? option.defaultValue() : null;
        if (usual instanceof List || usual instanceof Map) {
            return usual instanceof List ? "a list" : "pairs such as a:1,b:2";
        }
        if (reads(option, "true")) {
            return "true or false";
        }
        if (reads(option, "1 s") || usual instanceof Duration) {
            return "a duration with its unit, such as 500 ms, 10 s or 2 min";
        }
        if (reads(option, "1 kb")) {
            return "a size with its unit, such as 512 mb or 2 gb";
        }
        if (reads(option, "1")) {
            return reads(option, "0.5") ? "a number" : "a whole number";
        }
        return choices(option).map("one of "::concat).orElse("a value that Flink can read");
    }

    private static boolean reads(ConfigOption<?> option, String text) {
        try {
            read(option, text);
            return true;
        } catch (RuntimeException unreadable) {
            return false;
        }
    }

    private static Optional<String> choices(ConfigOption<?> option) {
        try {
            read(option, "?");
            return Optional.empty();
        } catch (RuntimeException e) {
            return Stream.iterate((Throwable) e, each -> each != null, Throwable::getCause)
                    .map(each -> CHOICES.matcher(String.valueOf(each.getMessage())))
                    .filter(Matcher::find)
                    .map(found -> found.group(1).toUpperCase(Locale.ROOT))
                    .findFirst();
        }
    }
}
