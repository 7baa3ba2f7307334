package io.rankstream.job.savepoint;

import io.rankstream.adapters.text.Program;
import io.rankstream.job.Uids;
import io.rankstream.job.files.FileSystems;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.shaded.guava33.com.google.common.hash.Hashing;

/**
 * The metadata of a savepoint or retained checkpoint: which operator has which state where.
 *
 * @param folder where it is
 * @param content what Flink knows of it
 */
record Metadata(Path folder, CheckpointMetadata content) {

    static final String FILE = AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME;

    private static final int IDS_IN_A_MESSAGE = 20;

    private static final String EXPECTED =
            "expected the folder of a savepoint or of a retained checkpoint (chk-…)";

    /**
     * Reads the metadata.
     *
     * @param path path, or URI of a Flink file system
     * @throws SavepointException if there is none, or it cannot be read
     */
    static Metadata of(String path) throws SavepointException {
        Path given;
        FileSystem files;
        try {
            given = new Path(path);
            files = FileSystems.of(given);
        } catch (IOException | IllegalArgumentException e) {
            throw new SavepointException("%s: %s".formatted(path, e.getMessage()), e);
        }
        try {
            Path folder = given.makeQualified(files);
            if (!files.exists(folder)) {
                throw new SavepointException(
                        path + " does not exist, " + EXPECTED + replaced(folder));
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

    /** What to do about a checkpoint that is gone; empty for anything else. */
    static String replaced(Path folder) {
        return folder.getName().startsWith(AbstractFsCheckpointStorageAccess.CHECKPOINT_DIR_PREFIX)
                ? "; a running job replaces its checkpoints: '%s' writes a savepoint that stays"
                        .formatted(Program.commandOfJob("savepoint take"))
                : "";
    }

    /** Whether a running job has removed it since it was read. */
    boolean isGone() {
        try {
            return !FileSystems.of(folder).exists(new Path(folder, FILE));
        } catch (IOException e) {
            return false; // nobody knows
        }
    }

    Optional<OperatorState> operator(String uid) {
        return content.getOperatorStates().stream().filter(state -> isOf(state, uid)).findFirst();
    }

    /**
     * The train operator.
     *
     * @param path where the metadata is, as the user named it
     * @throws SavepointException if there is none
     */
    OperatorState train(String path) throws SavepointException {
        return operator(Uids.TRAIN)
                .orElseThrow(
                        () ->
                                new SavepointException(
                                        "%s has no operator '%s', expected a savepoint of Rankstream's job: its operators are %s"
                                                .formatted(
                                                        path, Uids.TRAIN, firstOf(operators()))));
    }

    /** Metadata of earlier releases of Flink has ids alone. */
    private static boolean isOf(OperatorState state, String uid) {
        return state.getOperatorUid()
                .map(uid::equals)
                .orElseGet(() -> state.getOperatorID().equals(id(uid)));
    }

    /** The id that Flink's graph gives to the operator of a uid. */
    private static OperatorID id(String uid) {
        return new OperatorID(
                Hashing.murmur3_128(0).hashString(uid, StandardCharsets.UTF_8).asBytes());
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

    /** The same with other states of some operators. */
    CheckpointMetadata with(List<OperatorState> replaced) {
        Map<OperatorID, OperatorState> others =
                replaced.stream()
                        .collect(Collectors.toMap(OperatorState::getOperatorID, state -> state));
        List<OperatorState> operators =
                content.getOperatorStates().stream()
                        .map(state -> others.getOrDefault(state.getOperatorID(), state))
                        .toList();
        // The id stays: what a sink has prepared to commit is filed under it.
        return new CheckpointMetadata(
                content.getCheckpointId(),
                operators,
                content.getMasterStates(),
                content.getCheckpointProperties());
    }

    /** Names in a message. */
    static String firstOf(List<String> names) {
        String first = String.join(", ", names.stream().limit(IDS_IN_A_MESSAGE).toList());
        return names.size() <= IDS_IN_A_MESSAGE
                ? first
                : "%s (the first %d of %d)".formatted(first, IDS_IN_A_MESSAGE, names.size());
    }
}
