package io.rankstream.job;

import io.rankstream.job.config.AdapterTemplates;
import io.rankstream.job.config.KafkaSettings;
import io.rankstream.job.config.TopicNames;
import io.rankstream.job.sink.LargestRecords;
import io.rankstream.job.sink.RecordLimit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Checks the broker and the topics before a job starts; it creates none. */
final class TopicCheck {

    private final KafkaSettings settings;
    private final TopicNames topics;
    private final AdapterTemplates templates;

    TopicCheck(KafkaSettings settings, TopicNames topics, AdapterTemplates templates) {
        this.settings = settings;
        this.topics = topics;
        this.templates = templates;
    }

    void run() throws PreflightException {
        try (Admin admin = Admin.create(settings.impatientProperties())) {
            requireAll(admin.listTopics().names().get());
            requireCompaction(admin);
            refuseCompaction(admin);
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

    private void requireAll(Set<String> existing) throws PreflightException {
        String missing =
                Stream.of(
                                topics.labeledExamples(),
                                topics.controlCommands(),
                                topics.predictions(),
                                topics.trainingReports(),
                                topics.adapterVersions(),
                                topics.deadLetters())
                        .filter(name -> !existing.contains(name))
                        .map(name -> "'" + name + "'")
                        .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new PreflightException(
                    "the broker at %s has no topic %s: create what is missing with 'rankstream init --config FILE' or 'rankstream run --create-topics', or correct topics in the configuration"
                            .formatted(settings.bootstrapServers(), missing));
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

    static String setting(Admin admin, String topic, String name)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
    }

    private PreflightException unreachable(Throwable cause) {
        return new PreflightException(settings.unusable(cause), cause);
    }
}
