package io.rankstream.job.sink;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Form of a committable in checkpoints. */
final class VersionCommittableSerializer implements SimpleVersionedSerializer<VersionCommittable> {

    private static final int FORMAT = 1;

    @Override
    public int getVersion() {
        return FORMAT;
    }

    @Override
    public byte[] serialize(VersionCommittable value) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(1024);
        target.writeUTF(value.adapterId());
        target.writeLong(value.version());
        target.writeUTF(value.path());
        writeBytes(value.manifest(), target);
        writeBytes(value.announcement(), target);
        return target.getCopyOfBuffer();
    }

    @Override
    public VersionCommittable deserialize(int format, byte[] serialized) throws IOException {
        if (format != FORMAT) {
            throw new IOException(
                    "a version to commit has format "
                            + format
                            + ", expected "
                            + FORMAT
                            + ": was this checkpoint written by a newer release?");
        }
        DataInputDeserializer source = new DataInputDeserializer(serialized);
        return new VersionCommittable(
                source.readUTF(),
                source.readLong(),
                source.readUTF(),
                readBytes(source),
                readBytes(source));
    }

    private static void writeBytes(byte[] bytes, DataOutputSerializer target) throws IOException {
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    private static byte[] readBytes(DataInputDeserializer source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return bytes;
    }
}
