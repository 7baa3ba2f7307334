package io.rankstream.job.version;

import java.io.EOFException;
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
        VersionCommittable value =
                new VersionCommittable(
                        source.readUTF(),
                        source.readLong(),
                        source.readUTF(),
                        readBytes(source),
                        readBytes(source));
        if (source.available() > 0) {
            throw new IOException("there are bytes after its end");
        }
        return value;
    }

    private static void writeBytes(byte[] bytes, DataOutputSerializer target) throws IOException {
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    private static byte[] readBytes(DataInputDeserializer source) throws IOException {
        int length = source.readInt();
        if (length < 0 || length > source.available()) {
            throw new EOFException("it is cut, or is no version to commit");
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        return bytes;
    }
}
