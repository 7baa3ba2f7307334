package io.rankstream.job.config.settings;

import io.rankstream.adapters.text.Program;
import io.rankstream.job.config.option.Secrets;
import io.rankstream.job.config.passthrough.FixedKafkaOptions;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Broker and source.
 *
 * @param bootstrapServers host:port pairs, comma-separated
 * @param properties options for every Kafka client, e.g. security
 * @param groupId consumer group, also the prefix of transactional ids
 * @param startingOffsets where a job without a checkpoint starts
 * @param bounded whether the job ends at the offsets that were newest when it started
 * @param transactionTimeout how long the broker keeps an open transaction; above checkpoint
 *     interval plus restart time
 */
public record KafkaSettings(
        String bootstrapServers,
        Map<String, String> properties,
        String groupId,
        StartingOffsets startingOffsets,
        boolean bounded,
        Duration transactionTimeout)
        implements Serializable {

    /** How long a client that asks before anything is done waits for an answer. */
    public static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /** Where a job without a checkpoint starts to read. */
    public enum StartingOffsets {
        EARLIEST,
        LATEST
    }

    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /** Options that every client of the broker starts from. */
    public Map<String, Object> clientProperties() {
        Map<String, Object> client = new HashMap<>(properties);
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return client;
    }

    /** Options of a client that gives up on a broker that is not there. */
    public Map<String, Object> impatientProperties() {
        return impatientProperties(ANSWER_LIMIT);
    }

    /** Options of a client that gives up on an answer after {@code limit}. */
    public Map<String, Object> impatientProperties(Duration limit) {
        Map<String, Object> client = clientProperties();
        int millis = Math.toIntExact(limit.toMillis());
        client.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        client.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis);
        return client;
    }

    /** Options of a consumer of the job: {@link #clientProperties} and what is fixed. */
    public Map<String, Object> consumerProperties() {
        Map<String, Object> consumer = clientProperties();
        consumer.putAll(FixedKafkaOptions.CONSUMER);
        return consumer;
    }

    /** As {@link #consumerProperties}, of one that gives up on a broker that is not there. */
    public Map<String, Object> impatientConsumerProperties() {
        Map<String, Object> consumer = impatientProperties();
        consumer.putAll(FixedKafkaOptions.CONSUMER);
        return consumer;
    }

    /** Options of a producer of the job: {@link #clientProperties} and what is fixed. */
    public Map<String, Object> producerProperties() {
        Map<String, Object> producer = clientProperties();
        producer.putAll(FixedKafkaOptions.PRODUCER);
        return producer;
    }

    /** Why a client could not use the broker and what to check: one sentence, without secrets. */
    public String unusable(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "the broker at %s does not answer: %s; start it ('%s' runs one on this machine), or correct kafka.bootstrap-servers (--bootstrap-servers of '%s') or kafka.properties (security.protocol, sasl.*, ssl.*)"
                    .formatted(
                            bootstrapServers,
                            Secrets.redact(reason(failure), properties),
                            Program.command("stack"),
                            Program.command("init"));
        }
        return "the broker at %s cannot be used: %s; check that it runs and that kafka.bootstrap-servers and kafka.properties (security.protocol, sasl.*, ssl.*) are right"
                .formatted(bootstrapServers, Secrets.redact(reason(failure), properties));
    }

    /** That topics are not there, and what to do: one sentence. */
    public String lacks(Collection<String> topics) {
        return "the broker at %s has no topic %s: create %s with '%s' or '%s', or correct topics in the configuration"
                .formatted(
                        bootstrapServers,
                        topics.stream().collect(Collectors.joining("', '", "'", "'")),
                        topics.size() == 1 ? "it" : "them",
                        Program.commandOfJob("init"),
                        Program.commandOfJob("run --create-topics"));
    }

    /** What the client says, and what its causes add to that. */
    private static String reason(Throwable failure) {
        StringBuilder reason = new StringBuilder(message(failure));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String told = message(cause);
            boolean isTheNextOnes =
                    cause.getCause() != null && told.contains(message(cause.getCause()));
            if (!isTheNextOnes && reason.indexOf(told) < 0) {
                reason.append(": ").append(told);
            }
        }
        return reason.toString();
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.strip().replaceAll("\\s+", " ").replaceAll("\\.$", "");
    }

    /** Names the properties without their values, which may be secrets. */
    @Override
    public String toString() {
        return ("KafkaSettings[bootstrapServers=%s, properties=%s, groupId=%s,"
                        + " startingOffsets=%s, bounded=%s, transactionTimeout=%s]")
                .formatted(
                        bootstrapServers,
                        new TreeSet<>(properties.keySet()),
                        groupId,
                        startingOffsets,
                        bounded,
                        transactionTimeout);
    }
}
