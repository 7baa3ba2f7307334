package io.rankstream.job.topic;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What of a topic the broker deletes.
 *
 * @param topic its name
 * @param value the broker's setting
 */
public record CleanupPolicy(String topic, String value) {

    /** As settings of the topic say. */
    public static CleanupPolicy of(String topic, Config settings) {
        return new CleanupPolicy(topic, settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value());
    }

    /** As the broker says. */
    public static CleanupPolicy ask(Admin admin, String topic)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return of(topic, admin.describeConfigs(List.of(resource)).all().get().get(resource));
    }

    /** Whether older records of a key are deleted. */
    public boolean compacts() {
        return value.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /** Whether the newest record of each key stays for ever. */
    public boolean keepsNewest() {
        return value.equals(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /** What it is, for a sentence. */
    @Override
    public String toString() {
        return "topic '%s' has %s=%s".formatted(topic, TopicConfig.CLEANUP_POLICY_CONFIG, value);
    }
}
