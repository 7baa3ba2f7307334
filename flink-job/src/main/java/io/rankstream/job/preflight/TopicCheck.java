package io.rankstream.job.preflight;

import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.sink.LargestRecords;
import io.rankstream.job.sink.RecordLimit;
import io.rankstream.job.topic.CleanupPolicy;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
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
import org.apache.kafka.common.errors.AuthorizationException;

/** Checks the broker and the topics before a job starts; it creates none. */
final class TopicCheck {

    private final KafkaSettings settings;
    private final TopicNames topics;
    private final List<Topic<?>> read;
    private final List<Topic<?>> written;
    private final ConfiguredAdapters adapters;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param read topics that the job reads
     * @param written topics that the job writes; it may read them as well
     */
    TopicCheck(
            KafkaSettings settings,
            TopicNames topics,
            List<Topic<?>> read,
            List<Topic<?>> written,
            ConfiguredAdapters adapters) {
        this.settings = settings;
        this.topics = topics;
        this.read = read;
        this.written = written;
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
            for (Topic<?> topic : used().toList()) {
                Config config = found.get(topics.of(topic));
                if (config != null) {
                    checkCleanup(topic, config);
                    requireRoom(topic, config);
                }
            }
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
        return used().map(topics::of).toList();
    }

    private Stream<Topic<?>> used() {
        return Topic.ALL.stream().filter(topic -> read.contains(topic) || written.contains(topic));
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
                        read,
                        written,
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

    private void checkCleanup(Topic<?> topic, Config config) {
        CleanupPolicy policy = CleanupPolicy.of(topics.of(topic), config);
        String otherwise = "alter it, or name another topic in " + topic.option().key();
        switch (topic.cleanup()) {
            case COMPACTED -> {
                if (!policy.keepsNewest()) {
                    problems.add("%s, expected compact: %s".formatted(policy, otherwise));
                }
            }
            case BY_AGE_ALONE -> {
                if (policy.compacts()) {
                    problems.add(
                            "%s, expected delete, since its records may have no key: %s"
                                    .formatted(policy, otherwise));
                }
            }
            case BY_AGE -> {
                if (policy.compacts()) {
                    warnings.add(
                            "%s, so all but the newest record of each key may be deleted before they are read: alter it to delete"
                                    .formatted(policy));
                }
            }
        }
    }

    private void requireRoom(Topic<?> topic, Config config) {
        long least = LargestRecords.of(topic, adapters);
        RecordLimit limit = RecordLimit.of(config, settings.properties());
        if (written.contains(topic) && limit.bytes() < least) {
            problems.add(LargestRecords.tooSmall(topics.of(topic), limit, least));
        }
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
