package io.rankstream.job;

import io.rankstream.job.config.ConfiguredAdapters;
import io.rankstream.job.config.KafkaSettings;
import io.rankstream.job.config.TopicNames;
import io.rankstream.job.sink.LargestRecords;
import io.rankstream.job.sink.RecordLimit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;

/** Checks the broker and the topics before a job starts; it creates none. */
final class TopicCheck {

    private final KafkaSettings settings;
    private final TopicNames topics;
    private final ConfiguredAdapters adapters;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    TopicCheck(KafkaSettings settings, TopicNames topics, ConfiguredAdapters adapters) {
        this.settings = settings;
        this.topics = topics;
        this.adapters = adapters;
    }

    /**
     * Looks at all topics.
     *
     * @return what may be wrong, one sentence each
     * @throws PreflightException with everything that is wrong
     */
    List<String> run() throws PreflightException {
        try (Admin admin = Admin.create(settings.impatientProperties())) {
            Set<String> existing = admin.listTopics().names().get();
            requireAll(existing);
            List<String> there = names().stream().filter(existing::contains).toList();
            requireRights(admin, there);
            Map<String, Config> found = configs(admin, there);
            requireCompaction(found);
            refuseCompaction(found);
            warnOfCompaction(found);
            requireRoom(found, topics.predictions(), LargestRecords.prediction(adapters));
            requireRoom(found, topics.trainingReports(), LargestRecords.TRAINING_REPORT);
            requireRoom(found, topics.adapterVersions(), LargestRecords.announcement(adapters));
            requireRoom(found, topics.deadLetters(), LargestRecords.BARE_DEAD_LETTER);
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
        PreflightException.throwIfAny(problems);
        return warnings;
    }

    private List<String> names() {
        return List.of(
                topics.labeledExamples(),
                topics.controlCommands(),
                topics.predictions(),
                topics.trainingReports(),
                topics.adapterVersions(),
                topics.deadLetters());
    }

    private void requireAll(Set<String> existing) {
        List<String> missing = names().stream().filter(name -> !existing.contains(name)).toList();
        if (!missing.isEmpty()) {
            problems.add(settings.lacks(missing));
        }
    }

    private void requireRights(Admin admin, List<String> there)
            throws ExecutionException, InterruptedException {
        DescribeTopicsOptions withRights =
                new DescribeTopicsOptions().includeAuthorizedOperations(true);
        problems.addAll(
                TopicRights.problems(
                        topics,
                        admin.describeTopics(there, withRights).allTopicNames().get().values()));
    }

    /** Settings of the topics that are there and may be looked at. */
    private Map<String, Config> configs(Admin admin, List<String> there)
            throws ExecutionException, InterruptedException {
        Map<ConfigResource, KafkaFuture<Config>> asked =
                admin.describeConfigs(there.stream().map(TopicCheck::resource).toList()).values();
        Map<String, Config> found = new LinkedHashMap<>();
        for (String name : there) {
            try {
                found.put(name, asked.get(resource(name)).get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw e;
                }
                problems.add(
                        "the settings of topic '%s' may not be looked at: give the job's user the right DescribeConfigs on it"
                                .formatted(name));
            }
        }
        return found;
    }

    /** The newest version of every adapter must stay readable for ever. */
    private void requireCompaction(Map<String, Config> found) {
        String topic = topics.adapterVersions();
        if (found.containsKey(topic)
                && !policy(found, topic).equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            problems.add(
                    "topic '%s' has %s=%s, expected %s: alter it, or name another topic in topics.adapter-versions"
                            .formatted(
                                    topic,
                                    TopicConfig.CLEANUP_POLICY_CONFIG,
                                    policy(found, topic),
                                    TopicConfig.CLEANUP_POLICY_COMPACT));
        }
    }

    /** Records without a key have letters without a key, which a compacted topic does not take. */
    private void refuseCompaction(Map<String, Config> found) {
        String topic = topics.deadLetters();
        if (isCompacted(found, topic)) {
            problems.add(
                    "topic '%s' has %s=%s, expected %s, since dead letters may have no key: alter it, or name another topic in topics.dead-letters"
                            .formatted(
                                    topic,
                                    TopicConfig.CLEANUP_POLICY_CONFIG,
                                    policy(found, topic),
                                    TopicConfig.CLEANUP_POLICY_DELETE));
        }
    }

    /** Their records have the adapter's id as key, so most of them would go unread. */
    private void warnOfCompaction(Map<String, Config> found) {
        Stream.of(
                        topics.labeledExamples(),
                        topics.controlCommands(),
                        topics.predictions(),
                        topics.trainingReports())
                .filter(topic -> isCompacted(found, topic))
                .map(
                        topic ->
                                "topic '%s' has %s=%s, so all but the newest record of each key may be deleted before they are read: alter it to %s"
                                        .formatted(
                                                topic,
                                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                                policy(found, topic),
                                                TopicConfig.CLEANUP_POLICY_DELETE))
                .forEach(warnings::add);
    }

    private void requireRoom(Map<String, Config> found, String topic, long least) {
        if (found.containsKey(topic)) {
            RecordLimit limit = RecordLimit.of(found.get(topic), settings.properties());
            if (limit.bytes() < least) {
                problems.add(LargestRecords.tooSmall(topic, limit, least));
            }
        }
    }

    private static boolean isCompacted(Map<String, Config> found, String topic) {
        return found.containsKey(topic)
                && policy(found, topic).contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private static String policy(Map<String, Config> found, String topic) {
        return found.get(topic).get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
    }

    static String setting(Admin admin, String topic, String name)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = resource(topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private PreflightException unreachable(Throwable cause) {
        return new PreflightException(settings.unusable(cause), cause);
    }
}
