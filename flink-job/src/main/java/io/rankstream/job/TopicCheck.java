package io.rankstream.job;

import io.rankstream.job.config.AdapterTemplates;
import io.rankstream.job.config.KafkaSettings;
import io.rankstream.job.config.TopicNames;
import io.rankstream.job.sink.LargestRecords;
import io.rankstream.job.sink.RecordLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Checks the broker and the topics before a job starts. The topic of examples must be there; other
 * topics that are missing are created with the broker's default partitions and replication.
 */
final class TopicCheck {

    private static final int TIMEOUT_MILLIS = 15_000;

    /** Bytes for the reason, its message and the headers. */
    private static final int DEAD_LETTER_OVERHEAD = 64 * 1024;

    private final KafkaSettings settings;
    private final TopicNames topics;
    private final AdapterTemplates templates;

    TopicCheck(KafkaSettings settings, TopicNames topics, AdapterTemplates templates) {
        this.settings = settings;
        this.topics = topics;
        this.templates = templates;
    }

    void run() throws PreflightException {
        try (Admin admin = Admin.create(clientProperties())) {
            Set<String> existing = admin.listTopics().names().get();
            requireInput(existing);
            create(admin, missing(admin, existing));
            if (existing.contains(topics.adapterVersions())) {
                requireCompaction(admin); // the broker may not know yet what was just created
            }
            if (existing.contains(topics.deadLetters())) {
                refuseCompaction(admin);
            }
            requireRoom(admin, topics.predictions(), LargestRecords.prediction(templates));
            requireRoom(admin, topics.trainingReports(), LargestRecords.TRAINING_REPORT);
            requireRoom(admin, topics.adapterVersions(), LargestRecords.announcement(templates));
            requireRoom(admin, topics.deadLetters(), LargestRecords.BARE_DEAD_LETTER);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause());
        } catch (KafkaException e) {
            // without the cause, whose text goes to the log and may repeat a malformed option
            throw new PreflightException(settings.unusable(e));
        } catch (IllegalArgumentException e) {
            throw new PreflightException(settings.unusable(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PreflightException("interrupted while asking the broker for its topics", e);
        }
    }

    private Map<String, Object> clientProperties() {
        Map<String, Object> properties = settings.clientProperties();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        return properties;
    }

    private void requireInput(Set<String> existing) throws PreflightException {
        if (!existing.contains(topics.labeledExamples())) {
            throw new PreflightException(
                    "the broker at %s has no topic '%s': create it, or correct topics.labeled-examples"
                            .formatted(settings.bootstrapServers(), topics.labeledExamples()));
        }
    }

    private List<NewTopic> missing(Admin admin, Set<String> existing)
            throws ExecutionException, InterruptedException {
        List<NewTopic> missing = new ArrayList<>();
        for (String name :
                List.of(topics.controlCommands(), topics.predictions(), topics.trainingReports())) {
            missing.add(topic(name, Map.of()));
        }
        missing.add(
                topic(
                        topics.deadLetters(),
                        Map.of(
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Long.toString(largestDeadLetter(admin)))));
        missing.add(
                topic(
                        topics.adapterVersions(),
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT)));
        missing.removeIf(topic -> existing.contains(topic.name()));
        return missing;
    }

    private static NewTopic topic(String name, Map<String, String> settings) {
        return new NewTopic(name, Optional.empty(), Optional.empty()).configs(settings);
    }

    /** A dead letter holds the refused record's value and its key, and carries the key again. */
    private long largestDeadLetter(Admin admin) throws ExecutionException, InterruptedException {
        long largestRecord =
                Long.parseLong(
                        setting(
                                admin,
                                topics.labeledExamples(),
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        return Math.min(Integer.MAX_VALUE, 2 * largestRecord + DEAD_LETTER_OVERHEAD);
    }

    private static void create(Admin admin, List<NewTopic> missing)
            throws ExecutionException, InterruptedException {
        try {
            admin.createTopics(missing).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** The newest version of every adapter must stay readable for ever. */
    private void requireCompaction(Admin admin)
            throws PreflightException, ExecutionException, InterruptedException {
        String policy = setting(admin, topics.adapterVersions(), TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new PreflightException(
                    "topic '%s' has %s=%s, expected %s: alter it, or name another topic in topics.adapter-versions"
                            .formatted(
                                    topics.adapterVersions(),
                                    TopicConfig.CLEANUP_POLICY_CONFIG,
                                    policy,
                                    TopicConfig.CLEANUP_POLICY_COMPACT));
        }
    }

    /** Records without a key have letters without a key, which a compacted topic does not take. */
    private void refuseCompaction(Admin admin)
            throws PreflightException, ExecutionException, InterruptedException {
        String policy = setting(admin, topics.deadLetters(), TopicConfig.CLEANUP_POLICY_CONFIG);
        if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new PreflightException(
                    "topic '%s' has %s=%s, expected %s, since dead letters may have no key: alter it, or name another topic in topics.dead-letters"
                            .formatted(
                                    topics.deadLetters(),
                                    TopicConfig.CLEANUP_POLICY_CONFIG,
                                    policy,
                                    TopicConfig.CLEANUP_POLICY_DELETE));
        }
    }

    private void requireRoom(Admin admin, String topic, long least)
            throws PreflightException, ExecutionException, InterruptedException {
        RecordLimit limit = RecordLimit.of(admin, topic, settings.properties());
        if (limit.bytes() < least) {
            throw new PreflightException(LargestRecords.tooSmall(topic, limit, least));
        }
    }

    private static String setting(Admin admin, String topic, String name)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
    }

    private PreflightException unreachable(Throwable cause) {
        return new PreflightException(settings.unusable(cause), cause);
    }
}
