package io.rankstream.ops.run;

import io.rankstream.job.config.settings.KafkaSettings;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.SerializedThrowable;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * What lies at the root of a failure, as one line.
 *
 * @param bootstrapServers of the broker that the failed job uses
 */
public record RootCause(String bootstrapServers) {

    private static final String OURS = "io.rankstream.";
    private static final int MOST_CHARACTERS = 500;

    /** What a client of Kafka throws when nobody answers it. */
    private static final Set<String> SILENCE =
            Stream.of(
                            TimeoutException.class,
                            DisconnectException.class,
                            NetworkException.class,
                            BrokerNotAvailableException.class,
                            CoordinatorNotAvailableException.class)
                    .map(Class::getName)
                    .collect(Collectors.toUnmodifiableSet());

    static RootCause of(KafkaSettings kafka) {
        return new RootCause(kafka.bootstrapServers());
    }

    /**
     * Our own account of a failure where there is one, else its innermost cause with its class: the
     * messages of others are often no more than a path.
     */
    public String sentence(Throwable failure) {
        Throwable cause = failure;
        while (!className(cause).startsWith(OURS) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cut(oneLine(text(cause)));
    }

    /** Whether a class is among the causes, also of a failure that came over the network. */
    static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return ExceptionUtils.findThrowable(
                        failure, candidate -> className(candidate).equals(type.getName()))
                .isPresent();
    }

    private String text(Throwable cause) {
        String name = className(cause);
        String message = message(cause);
        boolean isBlank = message == null || message.isBlank();
        if (SILENCE.contains(name)) {
            return "the broker at %s does not answer: %s"
                    .formatted(bootstrapServers, isBlank ? simple(name) : message);
        }
        if (name.equals(OutOfMemoryError.class.getName())) {
            return "the process has too little memory (%s; its heap has at most %,d MB): give it more"
                    .formatted(
                            isBlank ? simple(name) : message,
                            Runtime.getRuntime().maxMemory() >> 20);
        }
        if (isBlank) {
            return name;
        }
        return name.startsWith(OURS) ? message : simple(name) + ": " + message;
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    /** Name of its class, also of one that came over the network. */
    static String className(Throwable failure) {
        return failure instanceof SerializedThrowable serialized
                ? serialized.getOriginalErrorClassName()
                : failure.getClass().getName();
    }

    /** Flink puts the class before, or in place of, the message of what it has sent. */
    private static String message(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || !(failure instanceof SerializedThrowable)) {
            return message;
        }
        String name = className(failure);
        String prefix = name + ": ";
        if (message.equals(name)) {
            return null;
        }
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static String cut(String line) {
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }
}
