package io.rankstream.job.config.passthrough;

import io.rankstream.job.config.option.Entry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Reads values as Kafka's clients and Flink's source of its topics do. */
public final class KafkaValues implements ValueRule {

    private static final List<Map<String, ConfigDef.ConfigKey>> CLIENTS =
            List.of(
                    ConsumerConfig.configDef().configKeys(),
                    ProducerConfig.configDef().configKeys(),
                    AdminClientConfig.configDef().configKeys());

    private static final Map<String, ConfigOption<?>> SOURCE =
            FlinkOptions.of(KafkaSourceOptions.class);

    private static final Pattern OF_USE =
            Pattern.compile(
                    "(.*[.])?timeout([.]max)?[.]ms|max[.]block[.]ms|buffer[.]memory|max[.]request[.]size|(send|receive)[.]buffer[.]bytes|(max[.]partition[.])?fetch([.]max)?[.]bytes");

    private static final Pattern CLASS = Pattern.compile("[\\w$]+(\\.[\\w$]+)*");

    /** A range of Kafka, such as {@code [0,...,100]}; either end may be missing. */
    private static final Pattern RANGE = Pattern.compile("\\[(-?[\\d.]+,)?\\.\\.\\.(,-?[\\d.]+)?]");

    private static final Pattern CHOICES = Pattern.compile("(?:\\(case insensitive\\) )?\\[(.+)]");

    @Override
    public Optional<String> broken(String name, Entry value) {
        Optional<String> byClient =
                CLIENTS.stream()
                        .map(client -> client.get(name))
                        .filter(Objects::nonNull)
                        .filter(key -> !isRight(key, value))
                        .map(KafkaValues::expected)
                        .findFirst();
        return byClient.isPresent() || !SOURCE.containsKey(name)
                ? byClient
                : FlinkValues.broken(SOURCE.get(name), value);
    }

    /** Keys, certificates and entries of JAAS are passwords to Kafka. */
    @Override
    public boolean maySpanLines(String name) {
        return CLIENTS.stream()
                .map(client -> client.get(name))
                .filter(Objects::nonNull)
                .anyMatch(key -> key.type == ConfigDef.Type.PASSWORD);
    }

    private static boolean isRight(ConfigDef.ConfigKey key, Entry value) {
        if (value.isList() && key.type != ConfigDef.Type.LIST) {
            return false;
        }
        String text = String.join(",", value.texts());
        if (key.type == ConfigDef.Type.CLASS) { // it may be there on the cluster alone
            return CLASS.matcher(text.strip()).matches();
        }
        try {
            Object read = ConfigDef.parseType(key.name, text, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, read);
            }
            return !(read instanceof Number number && number.longValue() == 0 && isOfUse(key));
        } catch (ConfigException e) {
            return false;
        }
    }

    /** Times to wait and room for records, none of which leads to a client that does nothing. */
    private static boolean isOfUse(ConfigDef.ConfigKey key) {
        return OF_USE.matcher(key.name).matches()
                && !(key.defaultValue instanceof Number usual && usual.longValue() == 0);
    }

    private static String expected(ConfigDef.ConfigKey key) {
        if (isOfUse(key)) {
            return "a whole number of at least 1";
        }
        String limits = String.valueOf(key.validator);
        String what =
                switch (key.type) {
                    case BOOLEAN -> "true or false";
                    case SHORT, INT, LONG -> "a whole number";
                    case DOUBLE -> "a number";
                    case LIST -> "a list";
                    case CLASS -> "the name of a class";
                    case STRING, PASSWORD -> "a single text";
                };
        Matcher range = RANGE.matcher(limits);
        if (range.matches()) {
            return what + limits(range.group(1), range.group(2));
        }
        Matcher choices = CHOICES.matcher(limits);
        return key.type == ConfigDef.Type.STRING && choices.matches()
                ? "one of " + choices.group(1)
                : what;
    }

    private static String limits(String least, String most) {
        if (least == null || most == null) {
            return least == null
                    ? " of at most " + most.substring(1)
                    : " of at least " + least.substring(0, least.length() - 1);
        }
        return " from %s to %s"
                .formatted(least.substring(0, least.length() - 1), most.substring(1));
    }
}
