package io.rankstream.job.savepoint;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.state.api.OperatorIdentifier;

/**
 * The metadata of a savepoint or retained checkpoint: which operator has which state where.
 *
 * @param folder where it is
 * @param content what Flink knows of it
 */
record Metadata(Path folder, CheckpointMetadata content) {

    static final String FILE = AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME;

    private static final String EXPECTED =
            "expected the folder of a savepoint or of a retained checkpoint (chk-…)";

    /**
     * Reads the metadata.
     *
     * @param path path, or URI of a Flink file system
     * @throws SavepointException if there is none, or it cannot be read
     */
    static Metadata of(String path) throws SavepointException {
        try {
            Path given = new Path(path);
            FileSystem files = given.getFileSystem();
            Path folder = given.makeQualified(files);
            if (!files.exists(folder)) {
                throw new SavepointException(path + " does not exist, " + EXPECTED);
            }
            Path file = new Path(folder, FILE);
            if (!files.exists(file)) {
                throw new SavepointException(path + " has no " + FILE + ", " + EXPECTED);
            }
            try (DataInputStream in = new DataInputStream(files.open(file))) {
                return new Metadata(
                        folder,
                        Checkpoints.loadCheckpointMetadata(
                                in, Metadata.class.getClassLoader(), folder.toString()));
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new SavepointException(
                    "the %s of %s cannot be read (%s): is it damaged, or written by a newer release of Flink?"
                            .formatted(FILE, path, e.getMessage()),
                    e);
        }
    }

    Optional<OperatorState> operator(String uid) {
        return content.getOperatorStates().stream().filter(state -> isOf(state, uid)).findFirst();
    }

    /** Metadata of earlier releases of Flink has ids alone. */
    private static boolean isOf(OperatorState state, String uid) {
        return state.getOperatorUid()
                .map(uid::equals)
                .orElseGet(
                        () ->
                                state.getOperatorID()
                                        .equals(OperatorIdentifier.forUid(uid).getOperatorId()));
    }

    /** Names of an operator's states that are not keyed. */
    Set<String> operatorStates(String uid) {
        return operator(uid).stream()
                .flatMap(operator -> operator.getStates().stream())
                .flatMap(subtask -> subtask.getManagedOperatorState().stream())
                .flatMap(handle -> handle.getStateNameToPartitionOffsets().keySet().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Uids of the operators, or their ids where no uid is known. */
    List<String> operators() {
        return content.getOperatorStates().stream()
                .map(state -> state.getOperatorUid().orElse(state.getOperatorID().toString()))
                .sorted()
                .toList();
    }

    /** Whether it says that it is a checkpoint, whose files may belong to others as well. */
    boolean isCheckpoint() {
        CheckpointProperties properties = content.getCheckpointProperties();
        return properties != null && !properties.isSavepoint();
    }

    /** The same with another state of one operator. */
    CheckpointMetadata with(OperatorState replaced) {
        List<OperatorState> operators =
                content.getOperatorStates().stream()
                        .map(
                                state ->
                                        state.getOperatorID().equals(replaced.getOperatorID())
                                                ? replaced
                                                : state)
                        .toList();
        // The id stays: what a sink has prepared to commit is filed under it.
        return new CheckpointMetadata(
                content.getCheckpointId(),
                operators,
                content.getMasterStates(),
                content.getCheckpointProperties());
    }
}
