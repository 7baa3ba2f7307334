package io.rankstream.job.sink;

import io.rankstream.job.config.KafkaSettings;
import io.rankstream.job.config.PublishSettings;
import io.rankstream.job.train.AdapterRelease;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Publishes versions of adapters: their files in {@code publish.directory}, then an announcement on
 * the compacted topic, keyed by adapter id. Both become visible when the checkpoint completes that
 * the version belongs to, exactly once.
 */
public final class AdapterVersionSink
        implements Sink<AdapterRelease>, SupportsCommitter<VersionCommittable> {

    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;
    private final String topic;
    private final PublishSettings publish;
    private final int maxLength;
    private final int schemaId;

    /**
     * @param kafka broker
     * @param topic compacted topic of the announcements
     * @param publish where versions are written
     * @param maxLength token limit of a text, which versions tell
     * @param schemaId registry's id of the announcement's schema
     */
    public AdapterVersionSink(
            KafkaSettings kafka,
            String topic,
            PublishSettings publish,
            int maxLength,
            int schemaId) {
        this.kafka = kafka;
        this.topic = topic;
        this.publish = publish;
        this.maxLength = maxLength;
        this.schemaId = schemaId;
    }

    @Override
    public SinkWriter<AdapterRelease> createWriter(WriterInitContext context) {
        return new AdapterVersionWriter(publish.directory(), maxLength, schemaId);
    }

    @Override
    public Committer<VersionCommittable> createCommitter(CommitterInitContext context) {
        int subtask = context.getTaskInfo().getIndexOfThisSubtask();
        return new VersionCommitter(new AnnouncementTopic(kafka, topic, subtask));
    }

    @Override
    public SimpleVersionedSerializer<VersionCommittable> getCommittableSerializer() {
        return new VersionCommittableSerializer();
    }
}
