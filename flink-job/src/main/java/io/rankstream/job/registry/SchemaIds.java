package io.rankstream.job.registry;

import io.rankstream.job.topic.Topic;
import java.util.Map;

/**
 * Ids that the registry gave to the schemas that the job writes, known before it starts.
 *
 * @param byTopic of the values of each topic that the job writes
 */
public record SchemaIds(Map<Topic<?>, Integer> byTopic) {

    public SchemaIds {
        byTopic = Map.copyOf(byTopic);
    }

    /** Id of the schema of a topic's values. */
    public int of(Topic<?> topic) {
        return byTopic.get(topic);
    }
}
