package io.rankstream.job.version;

import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.metrics.JobMetric;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Publishes versions of adapters: their files in {@code publish.directory}, then an announcement on
 * the compacted topic, keyed by adapter id. Both become visible when the checkpoint completes that
 * the version belongs to, exactly once.
 */
public final class AdapterVersionSink
        implements Sink<AdapterRelease>, SupportsCommitter<VersionCommittable> {

    private static final long serialVersionUID = 1L;

    private final JobClaim claim;
    private final String topic;
    private final PublishSettings publish;
    private final int maxLength;
    private final int schemaId;

    /**
     * @param claim broker, and that no other start of the job has followed
     * @param topic compacted topic of the announcements
     * @param publish where versions are written
     * @param maxLength token limit of a text, which versions tell
     * @param schemaId registry's id of the announcement's schema
     */
    public AdapterVersionSink(
            JobClaim claim, String topic, PublishSettings publish, int maxLength, int schemaId) {
        this.claim = claim;
        this.topic = topic;
        this.publish = publish;
        this.maxLength = maxLength;
        this.schemaId = schemaId;
    }

    @Override
    public SinkWriter<AdapterRelease> createWriter(WriterInitContext context) {
        TaskInfo task = context.getTaskInfo();
        JobClaim watched = task.getIndexOfThisSubtask() == 0 ? claim : JobClaim.none(claim.kafka());
        return new AdapterVersionWriter(
                publish.directory(),
                maxLength,
                schemaId,
                adapterId ->
                        KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                        adapterId,
                                        task.getMaxNumberOfParallelSubtasks(),
                                        task.getNumberOfParallelSubtasks())
                                == task.getIndexOfThisSubtask(),
                watched.watch());
    }

    @Override
    public Committer<VersionCommittable> createCommitter(CommitterInitContext context) {
        int subtask = context.getTaskInfo().getIndexOfThisSubtask();
        VersionCommitter committer =
                new VersionCommitter(new AnnouncementTopic(claim, topic, subtask));
        JobMetric.WAITING_VERSIONS.gauge(context.metricGroup(), committer::waiting);
        return committer;
    }

    @Override
    public SimpleVersionedSerializer<VersionCommittable> getCommittableSerializer() {
        return new VersionCommittableSerializer();
    }
}
