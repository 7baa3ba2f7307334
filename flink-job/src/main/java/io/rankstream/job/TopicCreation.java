package io.rankstream.job;

import io.rankstream.job.config.KafkaSettings;
import io.rankstream.job.config.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates those topics of a job that the broker lacks. What is there stays as it is.
 *
 * <p>Examples get partitions of their own number, since it cannot be raised later without moving
 * adapters between partitions. Everything that is not said here is the broker's default,
 * replication included.
 */
public final class TopicCreation {

    /** So many tasks can read examples at once; the adapter's id as key keeps their order. */
    static final int EXAMPLE_PARTITIONS = 4;

    /** What was learned from, refused and told can be looked at for a month. */
    static final Duration RETENTION = Duration.ofDays(30);

    /** Bytes for the reason, its message and the headers of a dead letter. */
    private static final int DEAD_LETTER_OVERHEAD = 64 * 1024;

    private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(15);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

    private TopicCreation() {}

    /**
     * Creates what is missing, and returns when the broker knows it.
     *
     * @return names of the topics that were created; empty if all were there
     * @throws PreflightException if the broker cannot be used, or does not permit it
     */
    public static List<String> createMissing(KafkaSettings kafka, TopicNames topics)
            throws PreflightException {
        try (Admin admin = Admin.create(kafka.impatientProperties())) {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = new ArrayList<>();
            if (!existing.contains(topics.labeledExamples())) {
                missing.add(examples(topics.labeledExamples()));
            }
            List<String> created = create(admin, missing);
            List<NewTopic> others = new ArrayList<>(others(admin, topics));
            others.removeIf(topic -> existing.contains(topic.name()));
            created.addAll(create(admin, others));
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

    private static NewTopic examples(String name) {
        return new NewTopic(name, Optional.of(EXAMPLE_PARTITIONS), Optional.empty())
                .configs(kept(Map.of()));
    }

    /** All but the examples, which are there by now. */
    private static List<NewTopic> others(Admin admin, TopicNames topics)
            throws ExecutionException, InterruptedException {
        return List.of(
                topic(topics.controlCommands(), Map.of()),
                topic(topics.predictions(), kept(Map.of())),
                topic(topics.trainingReports(), kept(Map.of())),
                topic(
                        topics.deadLetters(),
                        kept(
                                Map.of(
                                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                        Long.toString(
                                                largestDeadLetter(
                                                        admin, topics.labeledExamples()))))),
                topic(
                        topics.adapterVersions(),
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT)));
    }

    private static NewTopic topic(String name, Map<String, String> settings) {
        return new NewTopic(name, Optional.empty(), Optional.empty()).configs(settings);
    }

    private static Map<String, String> kept(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis()));
        return all;
    }

    /** A dead letter holds the refused record's value and its key, and carries the key again. */
    private static long largestDeadLetter(Admin admin, String examples)
            throws ExecutionException, InterruptedException {
        long largestRecord =
                Long.parseLong(
                        TopicCheck.setting(admin, examples, TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        return Math.min(Integer.MAX_VALUE, 2 * largestRecord + DEAD_LETTER_OVERHEAD);
    }

    private static List<String> create(Admin admin, Collection<NewTopic> topics)
            throws PreflightException, ExecutionException, InterruptedException {
        Map<String, ? extends Future<Void>> results = admin.createTopics(topics).values();
        List<String> created = new ArrayList<>();
        for (NewTopic topic : topics) {
            try {
                results.get(topic.name()).get();
                created.add(topic.name());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        awaitVisible(admin, created);
        return created;
    }

    /** A broker answers for a moment as if a new topic were not there. */
    private static void awaitVisible(Admin admin, List<String> created)
            throws PreflightException, ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + VISIBLE_LIMIT.toNanos();
        while (!admin.listTopics().names().get().containsAll(created)) {
            if (System.nanoTime() > deadline) {
                throw new PreflightException(
                        "topics %s were created, but the broker does not show them after %d s: look at its log"
                                .formatted(created, VISIBLE_LIMIT.toSeconds()));
            }
            Thread.sleep(LOOK_INTERVAL.toMillis());
        }
    }
}
