package io.rankstream.job.config.option;

import io.rankstream.adapters.model.TargetModule;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.adapters.text.LabelName;
import io.rankstream.adapters.text.PlainText;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.mapping.JsonPath;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.TimeUtils;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;

/**
 * What may be written as the value of an option, and how it is read and shown.
 *
 * @param <T> type of the value
 */
public final class ValueType<T> {

    private static final int LARGEST_PORT = 65_535;

    private static final int LONGEST_TOPIC = 249;

    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\[[^]]+]|[^:\\[\\]]+)(?::([0-9]{1,5}))?");

    private final String expected;
    private final boolean list;
    private final Function<List<String>, T> reader;
    private final Predicate<T> valid;
    private final Function<T, String> printer;
    private final UnaryOperator<String> redaction;

    private ValueType(
            String expected,
            boolean list,
            Function<List<String>, T> reader,
            Predicate<T> valid,
            Function<T, String> printer,
            UnaryOperator<String> redaction) {
        this.expected = expected;
        this.list = list;
        this.reader = reader;
        this.valid = valid;
        this.printer = printer;
        this.redaction = redaction;
    }

    private static <T> ValueType<T> scalar(
            String expected,
            Function<String, T> reader,
            Predicate<T> valid,
            Function<T, String> printer) {
        return new ValueType<>(
                expected,
                false,
                texts -> reader.apply(texts.get(0)),
                valid,
                printer,
                Secrets::redact);
    }

    private static ValueType<String> text(String expected, Predicate<String> valid) {
        return scalar(expected, Function.identity(), valid, Function.identity());
    }

    public static ValueType<String> text() {
        return text(
                "a text that is not blank, without control characters", text -> !text.isBlank());
    }

    /** Id of a task. */
    public static ValueType<String> task() {
        List<String> ids = Tasks.ALL.stream().map(Task::id).toList();
        return text("one of " + String.join(", ", ids), ids::contains);
    }

    public static ValueType<String> label() {
        return text("a label of " + LabelName.RULE, LabelName::isValid);
    }

    /** A folder of the machine that a process runs on. */
    public static ValueType<String> localFolder() {
        return path("the path of a local folder, such as /opt/torch");
    }

    /** Files of a base model on the machine that a process runs on. */
    public static ValueType<String> localModel() {
        return path("the path of a local folder or jar, such as /models/bert");
    }

    private static ValueType<String> path(String expected) {
        return text(expected, text -> !text.isBlank() && !text.contains(":/"));
    }

    public static ValueType<String> jsonPath() {
        return text(JsonPath.RULE, JsonPath::isValid);
    }

    /** The place of a record, which is the only thing that differs from one to the next. */
    public static ValueType<String> place() {
        return text(JsonMapping.PLACE, JsonMapping.PLACE::equals);
    }

    public static ValueType<String> adapterId() {
        return text(AdapterId.RULE, AdapterId::isValid);
    }

    public static ValueType<String> topic() {
        return text(
                "a topic name of 1 to %d letters, digits, '.', '_' or '-'".formatted(LONGEST_TOPIC),
                text -> Topic.isValid(text));
    }

    /**
     * What names of topics begin with.
     *
     * @param longest length of the longest name that follows it
     */
    public static ValueType<String> topicPrefix(int longest) {
        int most = LONGEST_TOPIC - longest;
        return text(
                "nothing, or up to %d letters, digits, '.', '_' or '-'".formatted(most),
                text -> text.matches("[a-zA-Z0-9._-]{0," + most + "}"));
    }

    public static ValueType<String> bootstrapServers() {
        return text(
                "host:port pairs separated by commas, such as broker1:9092,broker2:9092",
                text -> Arrays.stream(text.split(",", -1)).allMatch(ValueType::isHostAndPort));
    }

    private static boolean isHostAndPort(String server) {
        Integer port = Utils.getPort(server.strip());
        return Utils.getHost(server.strip()) != null
                && port != null
                && port > 0
                && port <= LARGEST_PORT;
    }

    public static ValueType<String> httpUrl() {
        return new ValueType<>(
                "an http or https URL, such as http://registry:8081",
                false,
                texts -> texts.get(0),
                ValueType::isHttpUrl,
                Function.identity(),
                Secrets::redactUrl);
    }

    private static boolean isHttpUrl(String text) {
        URI uri = URI.create(text);
        boolean http = "http".equalsIgnoreCase(uri.getScheme());
        // the authority, not the host: java.net.URI finds no host in a name with an underscore
        return (http || "https".equalsIgnoreCase(uri.getScheme()))
                && uri.getRawAuthority() != null
                && isAuthority(uri.getRawAuthority())
                // a user or password with '/' in it, which ends the authority: it must be encoded
                && (uri.getRawPath() == null || !uri.getRawPath().contains("@"));
    }

    /** Whether a port that is named behind a host is one. */
    private static boolean isAuthority(String authority) {
        Matcher host = HOST_AND_PORT.matcher(authority.substring(authority.lastIndexOf('@') + 1));
        if (!host.matches()) {
            return false;
        }
        int port = host.group(1) == null ? LARGEST_PORT : Integer.parseInt(host.group(1));
        return port > 0 && port <= LARGEST_PORT;
    }

    /** A name or an address, without a port. */
    public static ValueType<String> host() {
        return text(
                "a host name or an address without a port, such as 127.0.0.1 or 0.0.0.0",
                text ->
                        text.matches(
                                "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|(?=.*:.*:)[0-9a-fA-F:.]+"));
    }

    /** A secret that a header can carry. */
    public static ValueType<String> token() {
        return new ValueType<>(
                "a secret of at least 16 letters, digits or marks that ASCII has, without blanks",
                false,
                texts -> texts.get(0),
                text -> text.matches("[!-~]{16,}"),
                Function.identity(),
                text -> Secrets.HIDDEN);
    }

    /** A file of the machine that a process runs on. */
    public static ValueType<String> localFile() {
        return text(
                "the path of a local file, such as /etc/rankstream/tls.pem",
                text -> !text.isBlank() && !text.contains(":/"));
    }

    public static ValueType<String> folder() {
        return text(
                "a folder, or the URI of one, without a password, such as s3://bucket/adapters",
                ValueType::isLocation);
    }

    public static ValueType<String> file() {
        return text(
                "a file, or the URI of one, without a password, such as s3://bucket/adapter.safetensors",
                ValueType::isLocation);
    }

    /** A password would be in every announcement and message that names the place. */
    private static boolean isLocation(String text) {
        return isPlace(text) && !text.matches("[A-Za-z][A-Za-z0-9+.-]*://[^/]*:[^/]*@.*");
    }

    /** Whether {@code text} is a path or a URI that names something on a file system. */
    public static boolean isPlace(String text) {
        return !text.isBlank() && !text.matches("[^/]*:/*") && !new Path(text).getPath().isEmpty();
    }

    public static ValueType<Boolean> flag() {
        return scalar(
                "true or false", ValueType::readFlag, value -> true, value -> value.toString());
    }

    private static Boolean readFlag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    public static ValueType<String> device() {
        return scalar(
                DeviceSetting.SYNTAX,
                text -> DeviceSetting.parse(text).toString(),
                text -> true,
                Function.identity());
    }

    public static ValueType<Integer> integer(int least, int most) {
        return scalar(
                range("a whole number", least, most, Integer.MAX_VALUE),
                Integer::valueOf,
                value -> value >= least && value <= most,
                value -> value.toString());
    }

    public static ValueType<Long> wholeNumber(long least, long most) {
        return scalar(
                least == Long.MIN_VALUE
                        ? "a whole number"
                        : range("a whole number", least, most, Long.MAX_VALUE),
                Long::valueOf,
                value -> value >= least && value <= most,
                value -> value.toString());
    }

    private static String range(String what, long least, long most, long unlimited) {
        return most == unlimited
                ? what + " of at least " + least
                : what + " from " + least + " to " + most;
    }

    /** A number above 0. */
    public static ValueType<Double> positive() {
        return real("a number above 0", value -> value > 0);
    }

    /** A number in (0, 1]: AdamW moves a parameter by about the rate in every step. */
    public static ValueType<Double> learningRate() {
        return real("a number above 0 and at most 1", value -> value > 0 && value <= 1);
    }

    /** A number of at least 0. */
    public static ValueType<Double> nonNegative() {
        return real("a number of at least 0", value -> value >= 0);
    }

    /** A number in [0, 1). */
    public static ValueType<Double> fraction() {
        return real("a number from 0 to below 1", value -> value >= 0 && value < 1);
    }

    /** A number in (0, 1), which nothing is trained with. */
    public static ValueType<Double> probability() {
        return scalar(
                "a number above 0 and below 1",
                text -> new BigDecimal(text).doubleValue(),
                value -> value > 0 && value < 1,
                ValueType::written);
    }

    /** A number in [least, most]. */
    public static ValueType<Double> number(double least, double most) {
        return real(
                "a number from %s to %s".formatted(written(least), written(most)),
                value -> value >= least && value <= most);
    }

    /** Training is in single precision, so a value must be valid in that, too. */
    private static ValueType<Double> real(String expected, Predicate<Double> valid) {
        return scalar(
                expected,
                text -> new BigDecimal(text).doubleValue(),
                value -> {
                    double single = value.floatValue();
                    return Double.isFinite(single) && valid.test(single);
                },
                ValueType::written);
    }

    private static String written(double value) {
        return Double.toString(value).replace(".0E", "e").replaceAll("\\.0$", "");
    }

    public static ValueType<Duration> duration(Duration least, Duration most) {
        return scalar(
                "a duration from %s to %s with its unit, such as 500 ms, 10 s or 2 min"
                        .formatted(
                                TimeUtils.formatWithHighestUnit(least),
                                TimeUtils.formatWithHighestUnit(most)),
                text -> TimeUtils.parseDuration(withUnit(text)),
                value ->
                        value.compareTo(least) >= 0
                                && value.compareTo(most) <= 0
                                && value.equals(Duration.ofMillis(value.toMillis())),
                TimeUtils::formatWithHighestUnit);
    }

    /** A size in memory above 0. */
    public static ValueType<MemorySize> memory() {
        return scalar(
                "a size above 0 with its unit, such as 512 mb or 2 gb",
                text -> MemorySize.parse(withUnit(text)),
                value -> value.getBytes() > 0,
                MemorySize::toString);
    }

    /** A size in memory from one to another. */
    public static ValueType<MemorySize> memory(MemorySize least, MemorySize most) {
        return scalar(
                "a size from %s to %s with its unit, such as 512 kb or 2 mb".formatted(least, most),
                text -> MemorySize.parse(withUnit(text)),
                value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                MemorySize::toString);
    }

    /** Flink takes a bare number for milliseconds or bytes, which is seldom what was meant. */
    private static String withUnit(String text) {
        if (text.strip().matches("[0-9]*")) {
            throw new IllegalArgumentException("no unit");
        }
        return text;
    }

    public static <E extends Enum<E>> ValueType<E> oneOf(Class<E> choices) {
        return scalar(
                Arrays.stream(choices.getEnumConstants())
                        .map(ValueType::nameOf)
                        .collect(Collectors.joining(", ", "one of ", "")),
                text -> Enum.valueOf(choices, text.toUpperCase(Locale.ROOT).replace('-', '_')),
                value -> true,
                ValueType::nameOf);
    }

    private static String nameOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** At least two labels that differ in Unicode's normal form C. */
    public static ValueType<List<String>> labels() {
        return new ValueType<>(
                "a list of at least two labels, all different, each of "
                        + LabelName.RULE
                        + ", such as [ham, spam], or tags such as [O, B-PER, I-PER]",
                true,
                Function.identity(),
                labels ->
                        labels.size() > 1
                                && labels.stream().allMatch(LabelName::isValid)
                                && labels.stream().map(LabelSet::normal).distinct().count()
                                        == labels.size(),
                YamlText::of,
                Secrets::redact);
    }

    /** At least one linear layer of the base model, none twice. */
    public static ValueType<List<String>> targetModules() {
        return new ValueType<>(
                "a list of different linear layers by name, by the end of their names or as"
                        + " regular expressions, such as [query, value]; known are "
                        + TargetModule.known(),
                true,
                Function.identity(),
                targets ->
                        !targets.isEmpty()
                                && targets.stream().allMatch(ValueType::namesLayers)
                                && new HashSet<>(targets).size() == targets.size(),
                YamlText::of,
                Secrets::redact);
    }

    private static boolean namesLayers(String target) {
        return TargetModule.of(target).namesAny();
    }

    /** The rule as the end of a sentence: "expected …". */
    public String expected() {
        return expected;
    }

    /** Value that {@code entry} means; empty when it breaks the rule. */
    public Optional<T> read(Entry entry) {
        if (entry.isList() != list
                || entry.isEmpty()
                || entry.isUnresolved()
                || !entry.texts().stream().allMatch(PlainText::hasNoControl)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(entry.texts())).filter(valid);
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            return Optional.empty();
        }
    }

    /** {@code value} as it would be written. */
    String print(T value) {
        return printer.apply(value);
    }

    /** {@code value} as YAML, without secrets. */
    public String yaml(T value) {
        return list ? print(value) : YamlText.of(redacted(print(value)));
    }

    /** {@code text}, which may break the rule, without secrets. */
    public String redacted(String text) {
        return redaction.apply(text);
    }
}
