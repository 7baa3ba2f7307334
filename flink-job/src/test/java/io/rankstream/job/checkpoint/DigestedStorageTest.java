package io.rankstream.job.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CheckpointMetadataOutputStream;
import org.apache.flink.runtime.state.CheckpointStateOutputStream;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.CheckpointStorageLocation;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateHandleStreamImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints as Flink's coordinator and tasks write them. */
class DigestedStorageTest {

    private static final JobID START = new JobID();

    @TempDir java.nio.file.Path folder;

    private final Configuration config = new Configuration();
    private CheckpointStorageAccess storage;

    @BeforeEach
    void open() throws IOException {
        storage = opened();
    }

    /** As a JobManager does at its start. */
    private CheckpointStorageAccess opened() throws IOException {
        config.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
        CheckpointStorageAccess access =
                new DigestedStorage.Factory()
                        .createFromConfig(config, getClass().getClassLoader())
                        .createCheckpointStorage(START);
        access.initializeBaseLocationsForCheckpoint();
        return access;
    }

    @Test
    void aCheckpointIsWholeAsSoonAsItIsComplete() throws Exception {
        CheckpointStorageLocation location = storage.initializeLocationForCheckpoint(1);

        StoredSnapshot stored =
                complete(location, file(location, CheckpointedStateScope.EXCLUSIVE));

        assertThat(stored.hasDigests()).isTrue();
        assertThat(stored.files()).hasSize(1);
        assertThatCode(stored::requireUnchanged).doesNotThrowAnyException();
    }

    @Test
    void soIsASavepointWhoseFilesAreNamedWithoutTheirFolder() throws Exception {
        CheckpointStorageLocation location =
                storage.initializeLocationForSavepoint(
                        1, folder.resolve("mine").toUri().toString());
        Path at =
                completed(
                        location,
                        file(location, CheckpointedStateScope.EXCLUSIVE),
                        CheckpointProperties.forSavepoint(true, SavepointFormatType.CANONICAL));
        java.nio.file.Path moved = folder.resolve("moved");
        Files.move(java.nio.file.Path.of(at.getPath()), moved);

        StoredSnapshot stored = StoredSnapshot.read(new Path(moved.toUri()));

        assertThat(stored.files().keySet())
                .singleElement()
                .satisfies(file -> assertThat(file.getPath()).startsWith(moved.toString()));
        assertThatCode(stored::requireUnchanged).doesNotThrowAnyException();
        flip(stored.files().keySet().iterator().next());
        assertThatThrownBy(stored::requireUnchanged).isInstanceOf(DamagedSnapshotException.class);
    }

    /** Nothing is digested anew after it has changed, in this JobManager or the next one. */
    @Test
    void aFileThatCheckpointsShareKeepsTheDigestOfWhenItWasWritten() throws Exception {
        CheckpointStorageLocation first = storage.initializeLocationForCheckpoint(1);
        StreamStateHandle shared = file(first, CheckpointedStateScope.SHARED);
        complete(first, shared);
        CheckpointStorageAccess next = opened();
        flip(shared.maybeGetPath().orElseThrow());

        StoredSnapshot second = complete(storage.initializeLocationForCheckpoint(2), shared);
        StoredSnapshot third = complete(next.initializeLocationForCheckpoint(3), shared);

        for (StoredSnapshot stored : List.of(second, third)) {
            assertThatThrownBy(stored::requireUnchanged)
                    .isInstanceOf(DamagedSnapshotException.class)
                    .hasMessageContaining(shared.maybeGetPath().orElseThrow().toString());
        }
    }

    @ParameterizedTest
    @EnumSource(CheckpointedStateScope.class)
    void aJobManagerThatComesBackDoesNotGoOnFromBytesThatHaveChanged(CheckpointedStateScope scope)
            throws Exception {
        completeOneAfterAnother(scope);
        assertThatCode(this::opened).doesNotThrowAnyException();

        flip(fileOf(10));

        assertThatThrownBy(this::opened)
                .isInstanceOf(DamagedSnapshotException.class)
                .hasMessageContainingAll(
                        "/chk-10: bytes of its file", "start the job with --resume");
    }

    /** It goes on from the newest one, and Flink knows which are complete. */
    @Test
    void aJobManagerThatComesBackPassesByWhatItDoesNotGoOnFrom() throws Exception {
        completeOneAfterAnother(CheckpointedStateScope.EXCLUSIVE);
        flip(fileOf(9));
        java.nio.file.Path begun = Files.createDirectory(checkpoint(11));
        Files.write(begun.resolve("_metadata"), new byte[] {1, 2, 3});
        Files.createDirectory(begun.resolveSibling("chk-x"));
        Files.createDirectory(begun.resolveSibling("chk-99999999999999999999"));

        assertThatCode(this::opened).doesNotThrowAnyException();
    }

    @Test
    void aFolderThatStartsShareIsNotCompared() throws Exception {
        config.set(CheckpointingOptions.CREATE_CHECKPOINT_SUB_DIR, false);
        CheckpointStorageLocation location = opened().initializeLocationForCheckpoint(1);
        StreamStateHandle file = file(location, CheckpointedStateScope.EXCLUSIVE);
        complete(location, file);
        flip(file.maybeGetPath().orElseThrow());

        assertThatCode(this::opened).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void filesOfAChangelogAreComparedToo(boolean materialized) throws Exception {
        CheckpointStorageLocation location = storage.initializeLocationForCheckpoint(1);
        StreamStateHandle state = file(location, CheckpointedStateScope.EXCLUSIVE);
        StreamStateHandle changes = file(location, CheckpointedStateScope.SHARED);
        KeyGroupRange range = new KeyGroupRange(0, 127);
        KeyedStateHandle changelog =
                new ChangelogStateBackendHandle.ChangelogStateBackendHandleImpl(
                        List.of(keyed(state)),
                        List.of(
                                new ChangelogStateHandleStreamImpl(
                                        List.of(Tuple2.of(changes, 0L)),
                                        range,
                                        1,
                                        1,
                                        "filesystem")),
                        range,
                        1,
                        1,
                        1);

        StoredSnapshot stored =
                StoredSnapshot.read(
                        new Path(write(location, changelog, checkpoint()).getExternalPointer()));

        assertThat(stored.files()).hasSize(2);
        assertThatCode(stored::requireUnchanged).doesNotThrowAnyException();
        flip((materialized ? state : changes).maybeGetPath().orElseThrow());
        assertThatThrownBy(stored::requireUnchanged).isInstanceOf(DamagedSnapshotException.class);
    }

    /** By number, not by name. */
    private void completeOneAfterAnother(CheckpointedStateScope scope) throws IOException {
        for (int number : new int[] {9, 10}) {
            CheckpointStorageLocation location = storage.initializeLocationForCheckpoint(number);
            complete(location, file(location, scope));
        }
    }

    private java.nio.file.Path checkpoint(int number) {
        return folder.resolve(START.toHexString()).resolve("chk-" + number);
    }

    private Path fileOf(int number) throws IOException {
        return StoredSnapshot.read(new Path(checkpoint(number).toUri()))
                .files()
                .keySet()
                .iterator()
                .next();
    }

    @Test
    void aCheckpointWhoseFilesCannotBeReadBackIsNotCompleted() throws Exception {
        CheckpointStorageLocation location = storage.initializeLocationForCheckpoint(1);
        StreamStateHandle file = file(location, CheckpointedStateScope.EXCLUSIVE);
        file.discardState();

        assertThatThrownBy(() -> complete(location, file)).isInstanceOf(IOException.class);
        assertThat(folder.resolve(START.toHexString()).resolve("chk-1").resolve("_metadata"))
                .doesNotExist();
    }

    /** Flink deletes the files that it knows, and then a folder that must be empty. */
    @Test
    void flinkDeletesACheckpointAsEver() throws Exception {
        CheckpointStorageLocation location = storage.initializeLocationForCheckpoint(1);
        StreamStateHandle file = file(location, CheckpointedStateScope.EXCLUSIVE);
        CompletedCheckpointStorageLocation completed = write(location, file, checkpoint());

        file.discardState();
        completed.getMetadataHandle().discardState();
        completed.disposeStorageLocation();

        assertThat(folder.resolve(START.toHexString()).resolve("chk-1")).doesNotExist();
    }

    @Test
    void withoutAFolderCheckpointsStayInMemory() throws Exception {
        assertThat(
                        new DigestedStorage.Factory()
                                .createFromConfig(new Configuration(), getClass().getClassLoader()))
                .isNotInstanceOf(DigestedStorage.class);
    }

    private static CheckpointProperties checkpoint() {
        return CheckpointProperties.forCheckpoint(CheckpointRetentionPolicy.RETAIN_ON_CANCELLATION);
    }

    /** More than Flink keeps within the metadata. */
    private static StreamStateHandle file(
            CheckpointStorageLocation location, CheckpointedStateScope scope) throws IOException {
        byte[] content = new byte[100_000];
        try (CheckpointStateOutputStream out = location.createCheckpointStateOutputStream(scope)) {
            out.write(content);
            return out.closeAndGetHandle();
        }
    }

    private static StoredSnapshot complete(
            CheckpointStorageLocation location, StreamStateHandle file) throws IOException {
        return StoredSnapshot.read(completed(location, file, checkpoint()));
    }

    private static Path completed(
            CheckpointStorageLocation location,
            StreamStateHandle file,
            CheckpointProperties properties)
            throws IOException {
        return new Path(write(location, file, properties).getExternalPointer());
    }

    private static KeyedStateHandle keyed(StreamStateHandle file) {
        return new KeyGroupsStateHandle(new KeyGroupRangeOffsets(0, 127), file);
    }

    private static CompletedCheckpointStorageLocation write(
            CheckpointStorageLocation location,
            StreamStateHandle file,
            CheckpointProperties properties)
            throws IOException {
        return write(location, keyed(file), properties);
    }

    private static CompletedCheckpointStorageLocation write(
            CheckpointStorageLocation location,
            KeyedStateHandle state,
            CheckpointProperties properties)
            throws IOException {
        OperatorState operator = new OperatorState("train", "train", new OperatorID(), 1, 128);
        operator.putState(0, OperatorSubtaskState.builder().setManagedKeyedState(state).build());
        try (CheckpointMetadataOutputStream out = location.createMetadataOutputStream()) {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(1, List.of(operator), List.of(), properties),
                    new DataOutputStream(out));
            return out.closeAndFinalizeCheckpoint();
        }
    }

    private static void flip(Path file) throws IOException {
        java.nio.file.Path local = java.nio.file.Path.of(file.getPath());
        byte[] content = Files.readAllBytes(local);
        content[content.length / 2] ^= 4;
        Files.write(local, content);
    }
}
