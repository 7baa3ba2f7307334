package io.rankstream.job.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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
                                        new FileStateHandle(
                                                new org.apache.flink.core.fs.Path(state.toUri()),
                                                content.length)))
                        .build());
        LeftBehind left = new LeftBehind(folder, state);
        try (OutputStream out = Files.newOutputStream(left.metadata())) {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(id, List.of(operator), List.of(), properties),
                    new DataOutputStream(out));
        }
        Files.setLastModifiedTime(left.metadata(), FileTime.from(completed));
        return left;
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
