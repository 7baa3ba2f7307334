package io.rankstream.job.state;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serializer of an immutable value. Every value starts with its format version, so a newer release
 * reads what an older one wrote and no migration is ever asked for.
 *
 * <p>A subclass is stateless, and has a nested public {@link ValueSerializerSnapshot} with a
 * nullary constructor.
 *
 * @param <T> an immutable type
 */
public abstract class ValueSerializer<T> extends TypeSerializer<T> {

    private final int version;

    /**
     * @param version format that {@link #write} produces, 1 to 255
     */
    protected ValueSerializer(int version) {
        this.version = version;
    }

    /** Writes {@code value} in the newest format. */
    protected abstract void write(T value, DataOutputView target) throws IOException;

    /** Reads a value that was written in format {@code writtenVersion}. */
    protected abstract T read(int writtenVersion, DataInputView source) throws IOException;

    /** Snapshot that restores this serializer. */
    @Override
    public abstract TypeSerializerSnapshot<T> snapshotConfiguration();

    @Override
    public final void serialize(T value, DataOutputView target) throws IOException {
        target.writeByte(version);
        write(value, target);
    }

    @Override
    public final T deserialize(DataInputView source) throws IOException {
        int written = source.readUnsignedByte();
        if (written < 1 || written > version) {
            throw new NewerFormatException(
                    "%s reads formats 1 to %d and found %d: was this state written by a newer release?"
                            .formatted(getClass().getSimpleName(), version, written));
        }
        return read(written, source);
    }

    @Override
    public final T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public final boolean isImmutableType() {
        return true;
    }

    @Override
    public final TypeSerializer<T> duplicate() {
        return this;
    }

    @Override
    public final T createInstance() {
        return null;
    }

    @Override
    public final T copy(T from) {
        return from;
    }

    @Override
    public final T copy(T from, T reuse) {
        return from;
    }

    @Override
    public final void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public final int getLength() {
        return -1;
    }

    @Override
    @SuppressWarnings("EqualsGetClass") // serializers have no fields: the class is the identity
    public final boolean equals(Object other) {
        return other != null && getClass() == other.getClass();
    }

    @Override
    public final int hashCode() {
        return getClass().hashCode();
    }
}
