package io.rankstream.job.checkpoint;

import io.rankstream.job.files.FileSystems;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateHandleStreamImpl;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;

/** A checkpoint or savepoint as its metadata describes it. */
public final class StoredSnapshot {

    /** Name of its metadata file. */
    public static final String METADATA = AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME;

    /** State in which a Kafka sink keeps the prefix of its transactional ids. */
    private static final String WRITER_STATE = "writer_raw_states";

    private final CheckpointMetadata metadata;
    private final Optional<FileDigests> digests;

    private StoredSnapshot(CheckpointMetadata metadata, Optional<FileDigests> digests) {
        this.metadata = metadata;
        this.digests = digests;
    }

    /**
     * Reads the metadata.
     *
     * @throws IOException if it is not there, or is damaged
     */
    public static StoredSnapshot read(Path folder) throws IOException {
        Path file = new Path(folder, METADATA);
        byte[] content;
        try (FSDataInputStream in = FileSystems.of(file).open(file)) {
            content = in.readAllBytes();
        }
        try {
            Optional<FileDigests> digests =
                    FileDigests.areIn(content)
                            ? Optional.of(FileDigests.in(content))
                            : Optional.empty();
            int length = digests.map(FileDigests::metadataLength).orElse(content.length);
            ByteArrayInputStream in = new ByteArrayInputStream(content, 0, length);
            CheckpointMetadata metadata = parsed(in, folder.toString());
            if (in.available() > 0) {
                throw new IOException("it has bytes behind its end");
            }
            return new StoredSnapshot(metadata, digests);
        } catch (IOException | RuntimeException e) { // whatever Flink makes of the bytes
            throw new DamagedSnapshotException(
                    "its %s is damaged, or of a newer release of Flink".formatted(METADATA), e);
        }
    }

    /**
     * From metadata that is not in its place yet.
     *
     * @param folder where it will be, and where files are that it names without a folder
     */
    static StoredSnapshot ofBytes(byte[] metadata, Path folder) throws IOException {
        // Flink takes the folder of a file that it finds, or one that has the metadata.
        String beside =
                FileSystems.children(folder).stream()
                        .filter(child -> !child.isDir())
                        .map(child -> child.getPath().toString())
                        .findFirst()
                        .orElse(folder.toString());
        return new StoredSnapshot(
                parsed(new ByteArrayInputStream(metadata), beside), Optional.empty());
    }

    private static CheckpointMetadata parsed(InputStream in, String pointer) throws IOException {
        return Checkpoints.loadCheckpointMetadata(
                new DataInputStream(in), StoredSnapshot.class.getClassLoader(), pointer);
    }

    /** Flink's number of it. */
    public long checkpointId() {
        return metadata.getCheckpointId();
    }

    /** Whether it is a savepoint. */
    public boolean isSavepoint() {
        return metadata.getCheckpointProperties() != null
                && metadata.getCheckpointProperties().isSavepoint();
    }

    /** Every file that it needs, and how many bytes of it. */
    public Map<Path, Long> files() {
        Map<Path, Long> files = new LinkedHashMap<>();
        streams().forEach(stream -> note(stream, files));
        return files;
    }

    /** What its files were when they were written; empty where that was not noted. */
    Map<Path, FileDigest> digests() {
        Map<Path, FileDigest> known = new LinkedHashMap<>();
        if (digests.isPresent()) {
            for (Path file : files().keySet()) {
                FileDigest digest = digests.get().byName().get(file.getName());
                if (digest != null) {
                    known.put(file, digest);
                }
            }
        }
        return known;
    }

    /** Whether it was noted what its files were when they were written. */
    public boolean hasDigests() {
        return digests.isPresent();
    }

    /** Digests of its files as they are now, by their names. */
    Map<String, FileDigest> byName(DigestedLocation.Digesting digesting) throws IOException {
        Map<String, FileDigest> byName = new LinkedHashMap<>();
        digesting.of(files()).forEach((file, digest) -> byName.put(file.getName(), digest));
        return byName;
    }

    /**
     * Prefixes of the transactional ids of its Kafka sinks: {@code kafka.group-id}, a hyphen and
     * the topic.
     */
    public Set<String> transactionalIdPrefixes() throws IOException {
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
    public void requireWhole() throws IOException {
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

    /**
     * Reads every file, and compares it with what was written. Where that was not noted, nothing is
     * read.
     *
     * @throws IOException that says which has other bytes
     */
    public void requireUnchanged() throws IOException {
        if (digests.isEmpty()) {
            return;
        }
        for (Map.Entry<Path, Long> file : files().entrySet()) {
            FileDigest written = digests.get().byName().get(file.getKey().getName());
            if (!FileDigest.of(file.getKey(), file.getValue()).equals(written)) {
                throw new DamagedSnapshotException(
                        "bytes of its file %s have changed since it was written"
                                .formatted(file.getKey()),
                        null);
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
        if (handle instanceof ChangelogStateBackendHandle changelog) {
            return Stream.concat(
                            changelog.getMaterializedStateHandles().stream(),
                            changelog.getNonMaterializedStateHandles().stream())
                    .flatMap(StoredSnapshot::streams);
        }
        if (handle instanceof ChangelogStateHandleStreamImpl changes) {
            return changes.getHandlesAndOffsets().stream().map(each -> each.f0);
        }
        if (handle instanceof AbstractChannelStateHandle<?> channel) {
            return Stream.of(channel.getDelegate());
        }
        return handle instanceof StreamStateHandle stream ? Stream.of(stream) : Stream.empty();
    }
}
