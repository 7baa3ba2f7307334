package io.rankstream.job.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.checkpoint.DigestedMetadata;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle.Mode;
import org.apache.flink.runtime.state.OperatorStateHandle.StateMetaInfo;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

/** A checkpoint or savepoint as Flink leaves it, with one file of state and one Kafka sink. */
final class LeftBehind {

    private final Path folder;
    private final Path state;

    private LeftBehind(Path folder, Path state) {
        this.folder = folder;
        this.state = state;
    }

    /** A checkpoint whose only file lies in it. */
    static LeftBehind checkpoint(Path folder, String group, long id, Instant completed)
            throws IOException {
        return checkpoint(folder, folder.resolve("state"), group, id, completed);
    }

    /** A checkpoint whose only file lies elsewhere, as those of incremental ones do. */
    static LeftBehind checkpoint(Path folder, Path state, String group, long id, Instant completed)
            throws IOException {
        return write(
                folder,
                state,
                group,
                id,
                completed,
                CheckpointProperties.forCheckpoint(
                        org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy
                                .RETAIN_ON_CANCELLATION));
    }

    static LeftBehind savepoint(Path folder, String group, long id, Instant completed)
            throws IOException {
        return write(
                folder,
                folder.resolve("state"),
                group,
                id,
                completed,
                CheckpointProperties.forSavepoint(true, SavepointFormatType.CANONICAL));
    }

    /** The same as Flink alone writes it, or an earlier release has: without digests. */
    LeftBehind undigested() throws IOException {
        FileTime completed = Files.getLastModifiedTime(metadata());
        CheckpointMetadata content;
        try (InputStream in = Files.newInputStream(metadata())) {
            content =
                    Checkpoints.loadCheckpointMetadata(
                            new DataInputStream(in),
                            LeftBehind.class.getClassLoader(),
                            folder.toString());
        }
        try (OutputStream out = Files.newOutputStream(metadata())) {
            Checkpoints.storeCheckpointMetadata(content, new DataOutputStream(out));
        }
        Files.setLastModifiedTime(metadata(), completed);
        return this;
    }

    /** Flips bits of one byte of a file; its length and time stay. */
    static void flip(Path file, int at, int bits) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        byte[] content = Files.readAllBytes(file);
        content[at] ^= (byte) bits;
        Files.write(file, content);
        Files.setLastModifiedTime(file, time);
    }

    /** Its folder. */
    Path folder() {
        return folder;
    }

    /** Its file of state. */
    Path state() {
        return state;
    }

    /** Its metadata. */
    Path metadata() {
        return folder.resolve("_metadata");
    }

    private static LeftBehind write(
            Path folder,
            Path state,
            String group,
            long id,
            Instant completed,
            CheckpointProperties properties)
            throws IOException {
        Files.createDirectories(folder);
        Files.createDirectories(state.getParent());
        byte[] content = "adapters".getBytes(UTF_8);
        Files.write(state, content);
        OperatorState operator =
                new OperatorState("predictions", "predictions", new OperatorID(), 1, 128);
        operator.putState(
                0,
                OperatorSubtaskState.builder()
                        .setManagedOperatorState(writer(group + "-predictions"))
                        .setManagedKeyedState(
                                new KeyGroupsStateHandle(
                                        new KeyGroupRangeOffsets(0, 127),
                                        handle(folder, state, content.length)))
                        .build());
        LeftBehind left = new LeftBehind(folder, state);
        DigestedMetadata.write(
                new CheckpointMetadata(id, List.of(operator), List.of(), properties),
                new org.apache.flink.core.fs.Path(folder.toUri()),
                () -> Files.newOutputStream(left.metadata()));
        Files.setLastModifiedTime(left.metadata(), FileTime.from(completed));
        return left;
    }

    /** A file in the folder itself is named without it, so that the folder may be moved. */
    private static FileStateHandle handle(Path folder, Path state, int length) {
        org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(state.toUri());
        return state.getParent().equals(folder)
                ? new RelativeFileStateHandle(path, path.getName(), length)
                : new FileStateHandle(path, length);
    }

    /** As a Kafka sink keeps it: behind something else, in a list of byte arrays. */
    private static OperatorStreamStateHandle writer(String prefix) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(0);
        long offset = out.size();
        out.writeInt(2 * Integer.BYTES + Short.BYTES + prefix.length());
        out.writeInt(3);
        out.writeInt(Short.BYTES + prefix.length());
        out.writeUTF(prefix);
        return new OperatorStreamStateHandle(
                Map.of(
                        "writer_raw_states",
                        new StateMetaInfo(new long[] {offset}, Mode.SPLIT_DISTRIBUTE)),
                new ByteStreamStateHandle("writer", bytes.toByteArray()));
    }
}
