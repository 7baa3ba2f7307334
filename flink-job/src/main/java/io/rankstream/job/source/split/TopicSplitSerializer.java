package io.rankstream.job.source.split;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.Uuid;

/**
 * Serializer of splits with the id of their topic: a flag, the id, and the connector's own bytes
 * with their version. Below {@value #WITH_TOPIC_ID}, versions are the connector's own.
 */
public final class TopicSplitSerializer implements SimpleVersionedSerializer<KafkaPartitionSplit> {

    private static final int WITH_TOPIC_ID = 1_000;

    private final KafkaPartitionSplitSerializer plain = new KafkaPartitionSplitSerializer();

    @Override
    public int getVersion() {
        return WITH_TOPIC_ID;
    }

    @Override
    public byte[] serialize(KafkaPartitionSplit split) throws IOException {
        Uuid topicId = TopicSplit.topicId(split);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBoolean(topicId != null);
            if (topicId != null) {
                out.writeLong(topicId.getMostSignificantBits());
                out.writeLong(topicId.getLeastSignificantBits());
            }
            out.writeInt(plain.getVersion());
            out.write(plain.serialize(split));
        }
        return bytes.toByteArray();
    }

    @Override
    public KafkaPartitionSplit deserialize(int version, byte[] serialized) throws IOException {
        if (version < WITH_TOPIC_ID) {
            return plain.deserialize(version, serialized);
        }
        if (version > WITH_TOPIC_ID) {
            throw new IOException(
                    "the position in an input topic was written in format %d by a newer release, this one reads up to %d"
                            .formatted(version, WITH_TOPIC_ID));
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized))) {
            Uuid topicId = in.readBoolean() ? new Uuid(in.readLong(), in.readLong()) : null;
            KafkaPartitionSplit split = plain.deserialize(in.readInt(), in.readAllBytes());
            return topicId == null ? split : new TopicSplit(split, topicId);
        }
    }
}
