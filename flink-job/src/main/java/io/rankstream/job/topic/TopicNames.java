package io.rankstream.job.topic;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Names that a configuration gives to the topics.
 *
 * @param byTopic the name of each
 */
public record TopicNames(Map<Topic<?>, String> byTopic) {

    public TopicNames {
        byTopic = Collections.unmodifiableMap(new LinkedHashMap<>(byTopic));
    }

    /** Names all topics. */
    public static TopicNames of(Function<Topic<?>, String> names) {
        Map<Topic<?>, String> byTopic = new LinkedHashMap<>();
        Topic.ALL.forEach(topic -> byTopic.put(topic, names.apply(topic)));
        return new TopicNames(byTopic);
    }

    /** Whether Kafka takes two names for equal. */
    public static boolean collide(String name, String other) {
        return org.apache.kafka.common.internals.Topic.hasCollision(name, other);
    }

    /** Its name on the broker. */
    public String of(Topic<?> topic) {
        return byTopic.get(topic);
    }
}
