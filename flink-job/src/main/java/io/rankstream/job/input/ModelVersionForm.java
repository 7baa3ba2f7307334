package io.rankstream.job.input;

import java.io.IOException;
import java.util.Optional;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Which version said something, as bytes of a value that has a format: a byte that says of which
 * kind it is, and its number or name.
 */
public final class ModelVersionForm {

    private static final int NONE = 0;
    private static final int PUBLISHED = 1;
    private static final int FOREIGN = 2;

    private ModelVersionForm() {}

    public static void write(Optional<ModelVersion> version, DataOutputView target)
            throws IOException {
        if (version.isEmpty()) {
            target.writeByte(NONE);
        } else if (version.get() instanceof ModelVersion.Published published) {
            target.writeByte(PUBLISHED);
            target.writeLong(published.number());
        } else if (version.get() instanceof ModelVersion.Foreign foreign) {
            target.writeByte(FOREIGN);
            StringValue.writeString(foreign.name(), target);
        }
    }

    public static Optional<ModelVersion> read(DataInputView source) throws IOException {
        int kind = source.readByte();
        return switch (kind) {
            case NONE -> Optional.empty();
            case PUBLISHED -> Optional.of(new ModelVersion.Published(source.readLong()));
            case FOREIGN -> Optional.of(new ModelVersion.Foreign(StringValue.readString(source)));
            default ->
                    throw new IOException(
                            "a version is of kind %d, expected 0 (none), 1 (published) or 2 (another model's)"
                                    .formatted(kind));
        };
    }
}
