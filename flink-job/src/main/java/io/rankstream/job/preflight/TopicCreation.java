package io.rankstream.job.preflight;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates those topics of a job that the broker lacks. What is there stays as it is. Everything
 * that a topic's row does not say is the broker's default, replication included.
 */
public final class TopicCreation {

    /** Bytes for the reason, its message and the headers of a dead letter. */
    private static final int DEAD_LETTER_OVERHEAD = 64 * 1024;

    private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(15);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

    private TopicCreation() {}

    /**
     * Creates what is missing, and returns when the broker knows it.
     *
     * @param used topics of the job
     * @return names of the topics that were created; empty if all were there
     * @throws PreflightException if the broker cannot be used, or does not permit it
     */
    public static List<String> createMissing(
            KafkaSettings kafka, TopicNames topics, List<Topic<?>> used) throws PreflightException {
        try (Admin admin = Admin.create(kafka.impatientProperties())) {
            Set<String> existing = admin.listTopics().names().get();
            List<String> created = new ArrayList<>();
            for (Topic<?> topic : used) {
                String name = topics.of(topic);
                if (!existing.contains(name) && create(admin, newTopic(admin, topic, topics))) {
                    created.add(name);
                }
            }
            return created;
        } catch (ExecutionException e) {
            throw new PreflightException(kafka.unusable(e.getCause()), e.getCause());
        } catch (KafkaException e) {
            // without the cause, whose text goes to the log and may repeat a malformed option
            throw new PreflightException(kafka.unusable(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PreflightException("interrupted while creating topics", e);
        }
    }

    private static NewTopic newTopic(Admin admin, Topic<?> topic, TopicNames topics)
            throws ExecutionException, InterruptedException {
        Map<String, String> settings = new HashMap<>();
        topic.retention()
                .ifPresent(
                        time ->
                                settings.put(
                                        TopicConfig.RETENTION_MS_CONFIG,
                                        Long.toString(time.toMillis())));
        if (topic.cleanup() == Topic.Cleanup.COMPACTED) {
            settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        if (topic.equals(Topic.DEAD_LETTERS)) {
            settings.put(
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Long.toString(largestDeadLetter(admin, topics.of(Topic.LABELED_EXAMPLES))));
        }
        Optional<Integer> partitions = topic.partitions().stream().boxed().findFirst();
        return new NewTopic(topics.of(topic), partitions, Optional.empty()).configs(settings);
    }

    /** A dead letter holds the refused record's value and its key, and carries the key again. */
    private static long largestDeadLetter(Admin admin, String examples)
            throws ExecutionException, InterruptedException {
        long largestRecord =
                Long.parseLong(
                        TopicCheck.setting(admin, examples, TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        return Math.min(Integer.MAX_VALUE, 2 * largestRecord + DEAD_LETTER_OVERHEAD);
    }

    /** Whether it was not there by now. */
    private static boolean create(Admin admin, NewTopic topic)
            throws PreflightException, ExecutionException, InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
        awaitVisible(admin, topic.name());
        return true;
    }

    /** A broker answers for a moment as if a new topic were not there. */
    private static void awaitVisible(Admin admin, String created)
            throws PreflightException, ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + VISIBLE_LIMIT.toNanos();
        while (!admin.listTopics().names().get().contains(created)) {
            if (System.nanoTime() > deadline) {
                throw new PreflightException(
                        "topic '%s' was created, but the broker does not show it after %d s: look at its log"
                                .formatted(created, VISIBLE_LIMIT.toSeconds()));
            }
            Thread.sleep(LOOK_INTERVAL.toMillis());
        }
    }
}
