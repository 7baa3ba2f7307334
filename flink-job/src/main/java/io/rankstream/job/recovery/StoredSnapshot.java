package io.rankstream.job.recovery;

import io.rankstream.job.files.FileSystems;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;

/** A checkpoint or savepoint as its metadata describes it. */
final class StoredSnapshot {

    static final String METADATA = AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME;

    /** State in which a Kafka sink keeps the prefix of its transactional ids. */
    private static final String WRITER_STATE = "writer_raw_states";

    private final CheckpointMetadata metadata;

    private StoredSnapshot(CheckpointMetadata metadata) {
        this.metadata = metadata;
    }

    /**
     * Reads the metadata.
     *
     * @throws IOException if it is not there, or is damaged
     */
    static StoredSnapshot read(Path folder) throws IOException {
        Path file = new Path(folder, METADATA);
        try (DataInputStream in = new DataInputStream(FileSystems.of(file).open(file))) {
            return new StoredSnapshot(
                    Checkpoints.loadCheckpointMetadata(
                            in, StoredSnapshot.class.getClassLoader(), folder.toString()));
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // whatever Flink makes of the bytes
            throw new IOException(
                    "its %s is damaged, or of a newer release of Flink".formatted(METADATA), e);
        }
    }

    long checkpointId() {
        return metadata.getCheckpointId();
    }

    boolean isSavepoint() {
        return metadata.getCheckpointProperties() != null
                && metadata.getCheckpointProperties().isSavepoint();
    }

    /** Every file that it needs, and how many bytes of it. */
    Map<Path, Long> files() {
        Map<Path, Long> files = new LinkedHashMap<>();
        streams().forEach(stream -> note(stream, files));
        return files;
    }

    /**
     * Prefixes of the transactional ids of its Kafka sinks: {@code kafka.group-id}, a hyphen and
     * the topic.
     */
    Set<String> transactionalIdPrefixes() throws IOException {
        Set<String> prefixes = new TreeSet<>();
        for (OperatorStateHandle handle : operatorStates()) {
            OperatorStateHandle.StateMetaInfo writers =
                    handle.getStateNameToPartitionOffsets().get(WRITER_STATE);
            if (writers != null && writers.getOffsets().length > 0) {
                prefixes.add(prefix(handle, writers.getOffsets()[0]));
            }
        }
        return prefixes;
    }

    /** The element is a byte array; in it are a version, a length and the sink's own state. */
    private static String prefix(OperatorStateHandle handle, long offset) throws IOException {
        try (FSDataInputStream stream = handle.openInputStream();
                DataInputStream in = new DataInputStream(stream)) {
            stream.seek(offset);
            in.skipNBytes(3L * Integer.BYTES);
            return in.readUTF();
        }
    }

    private static void note(StreamStateHandle stream, Map<Path, Long> files) {
        if (stream instanceof SegmentFileStateHandle segment) {
            files.merge(
                    segment.getFilePath(),
                    segment.getStartPos() + segment.getStateSize(),
                    Math::max);
        } else {
            stream.maybeGetPath().ifPresent(path -> files.put(path, stream.getStateSize()));
        }
    }

    /**
     * Looks for every file.
     *
     * @throws IOException that says which is missing or cut
     */
    void requireWhole() throws IOException {
        for (Map.Entry<Path, Long> file : files().entrySet()) {
            FileSystem files = FileSystems.of(file.getKey());
            long length;
            try {
                length = files.getFileStatus(file.getKey()).getLen();
            } catch (FileNotFoundException e) {
                throw new IOException("its file " + file.getKey() + " is missing", e);
            }
            if (length < file.getValue()) {
                throw new IOException(
                        "its file %s has %,d bytes of %,d"
                                .formatted(file.getKey(), length, file.getValue()));
            }
        }
    }

    private Collection<OperatorStateHandle> operatorStates() {
        Set<OperatorStateHandle> handles = new HashSet<>();
        for (OperatorState operator : metadata.getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                handles.addAll(subtask.getManagedOperatorState());
            }
        }
        return handles;
    }

    private Stream<StreamStateHandle> streams() {
        return metadata.getOperatorStates().stream()
                .flatMap(operator -> operator.getStates().stream())
                .flatMap(StoredSnapshot::streams);
    }

    private static Stream<StreamStateHandle> streams(OperatorSubtaskState subtask) {
        return Stream.of(
                        subtask.getManagedOperatorState(),
                        subtask.getRawOperatorState(),
                        subtask.getManagedKeyedState(),
                        subtask.getRawKeyedState(),
                        subtask.getInputChannelState(),
                        subtask.getResultSubpartitionState())
                .flatMap(Collection::stream)
                .flatMap(StoredSnapshot::streams);
    }

    private static Stream<StreamStateHandle> streams(Object handle) {
        if (handle instanceof OperatorStateHandle operator) {
            return Stream.of(operator.getDelegateStateHandle());
        }
        if (handle instanceof IncrementalRemoteKeyedStateHandle incremental) {
            return incremental.streamSubHandles();
        }
        if (handle instanceof AbstractChannelStateHandle<?> channel) {
            return Stream.of(channel.getDelegate());
        }
        return handle instanceof StreamStateHandle stream ? Stream.of(stream) : Stream.empty();
    }
}
