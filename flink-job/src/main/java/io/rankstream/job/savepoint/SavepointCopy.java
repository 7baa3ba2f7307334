package io.rankstream.job.savepoint;

import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.Uids;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.AdapterWorkSerializer;
import io.rankstream.job.batch.MicroBatchFunction;
import io.rankstream.job.checkpoint.DigestedMetadata;
import io.rankstream.job.files.FileSystems;
import io.rankstream.job.train.AdapterStates;
import io.rankstream.job.train.WaitingWork;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.OperatorTransformation;
import org.apache.flink.state.api.SavepointWriter;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.types.Either;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.IOUtils;

/**
 * A new savepoint with one more adapter. The train operator's state is written anew, in the
 * canonical format; the state of every other operator is copied file by file, and its checkpoint id
 * stays. So Kafka's offsets, pending examples and what the sinks were about to commit are the old
 * savepoint's.
 *
 * <p>Flink's own copying of a savepoint does not do: it loses the id, and with it what sinks have
 * filed under it, and the files of native savepoints.
 */
final class SavepointCopy {

    private static final TypeInformation<Either<AdapterState, AdapterWork>> TRAINED_OR_WAITING =
            Types.EITHER(Savepoint.ADAPTER, AdapterWorkSerializer.TYPE);

    private final Savepoint original;
    private final FileSystem files;
    private final Path target;

    /**
     * @param target path, or URI of a Flink file system
     * @throws SavepointException if the original cannot be copied, or something is at {@code
     *     target}
     */
    SavepointCopy(Savepoint original, String target) throws SavepointException {
        this.original = original;
        requireCopyable();
        try {
            Path given = new Path(target);
            this.files = FileSystems.of(given);
            this.target = given.makeQualified(files);
            requireFree(target);
        } catch (IOException e) {
            throw cannotWrite(target, e);
        }
    }

    private void requireCopyable() throws SavepointException {
        if (original.metadata().isCheckpoint()) {
            throw new SavepointException(
                    "%s is a checkpoint, whose files other checkpoints may share, expected a savepoint: start the job from it and take one"
                            .formatted(original.path()));
        }
        try {
            for (String state : new StoredState(original.train()).names()) {
                if (!AdapterStates.NAMES.contains(state) && !WaitingWork.NAMES.contains(state)) {
                    throw new SavepointException(
                            "operator '%s' of %s has state '%s', which this release does not know and would lose: use the release that wrote the savepoint"
                                    .formatted(Uids.TRAIN, original.path(), state));
                }
            }
        } catch (IOException e) {
            throw original.failure(e);
        }
    }

    private void requireFree(String named) throws IOException, SavepointException {
        if (!files.exists(target)) {
            return;
        }
        FileStatus[] content = files.listStatus(target);
        if (!files.getFileStatus(target).isDir() || content.length > 0) {
            throw new SavepointException(
                    named
                            + " is there already, and nothing is overwritten: choose another folder for the new savepoint");
        }
    }

    /** Writes the savepoint with {@code adapter} in the place of any of the same id. */
    void write(AdapterState adapter) throws SavepointException {
        try {
            java.nio.file.Path part = Files.createTempDirectory("rankstream-savepoint");
            try {
                writeTraining(adapter, new Path(part.toUri()).toString());
                writeTarget(Metadata.of(part.toUri().toString()));
            } finally {
                FileUtils.deleteDirectoryQuietly(part.toFile());
            }
        } catch (IOException e) {
            throw cannotWrite(target.toString(), e);
        }
    }

    /** The train operator alone, as a savepoint at its parallelism. */
    private void writeTraining(AdapterState adapter, String part) throws SavepointException {
        String adapterId = adapter.meta().adapterId();
        StreamExecutionEnvironment environment =
                Savepoint.environment(original.train().getParallelism());
        DataStream<Either<AdapterState, AdapterWork>> adapters =
                original.adapters(environment)
                        .map(SavepointCopy::orFail)
                        .returns(Savepoint.ADAPTER)
                        .filter(state -> !state.meta().adapterId().equals(adapterId))
                        .union(environment.fromData(List.of(adapter), Savepoint.ADAPTER))
                        .map(Either::<AdapterState, AdapterWork>Left)
                        .returns(TRAINED_OR_WAITING);
        DataStream<Either<AdapterState, AdapterWork>> bundled =
                original.waitingWork(environment)
                        .map(SavepointCopy::orFail)
                        .returns(AdapterWorkSerializer.TYPE)
                        .map(Either::<AdapterState, AdapterWork>Right)
                        .returns(TRAINED_OR_WAITING);
        SavepointWriter.newSavepoint(
                        environment,
                        new EmbeddedRocksDBStateBackend(true),
                        original.train().getMaxParallelism())
                .withOperator(
                        OperatorIdentifier.forUid(Uids.TRAIN),
                        OperatorTransformation.bootstrapWith(adapters.union(bundled))
                                .keyBy(TrainingWriter::adapterId, Types.STRING)
                                .transform(new TrainingWriter(methods(adapterId))))
                .write(part);
        try {
            environment.execute("write adapters");
        } catch (Exception e) {
            throw original.failure(e);
        }
    }

    /** How all adapters but one are trained, as far as the original tells it. */
    private Map<String, Method> methods(String except) throws SavepointException {
        Map<String, Method> methods = new HashMap<>();
        SavepointNotes.at(original.path())
                .settings()
                .ifPresent(
                        noted ->
                                noted.forEach(
                                        (adapterId, settings) -> {
                                            if (!adapterId.equals(except)) {
                                                settings.method()
                                                        .ifPresent(
                                                                method ->
                                                                        methods.put(
                                                                                adapterId, method));
                                            }
                                        }));
        return methods;
    }

    private static <T> T orFail(Either<T, String> read) throws IOException {
        if (read.isRight()) {
            throw new IOException(read.right());
        }
        return read.left();
    }

    private void writeTarget(Metadata adapters) throws IOException {
        OperatorState train = adapters.operator(Uids.TRAIN).orElseThrow();
        try {
            files.mkdirs(target);
            copyFiles(original.metadata(), new StoredState(original.train()).files());
            copyFiles(adapters, Set.of());
            DigestedMetadata.write(
                    with(train),
                    target,
                    () -> files.create(new Path(target, Metadata.FILE), WriteMode.NO_OVERWRITE));
        } catch (IOException e) {
            files.delete(target, true);
            throw e;
        }
    }

    private void copyFiles(Metadata from, Set<String> except) throws IOException {
        FileSystem source = FileSystems.of(from.folder());
        for (FileStatus file : source.listStatus(from.folder())) {
            String name = file.getPath().getName();
            if (!file.isDir() && !name.equals(Metadata.FILE) && !except.contains(name)) {
                IOUtils.copyBytes(
                        source.open(file.getPath()),
                        files.create(new Path(target, name), WriteMode.NO_OVERWRITE));
            }
        }
    }

    /** The original's metadata; the train operator's state is {@code written}'s. */
    private CheckpointMetadata with(OperatorState written) {
        OperatorState before = original.train();
        OperatorState merged =
                new OperatorState(
                        before.getOperatorName().orElse(null),
                        before.getOperatorUid().orElse(null),
                        before.getOperatorID(),
                        before.getParallelism(),
                        before.getMaxParallelism());
        merged.setCoordinatorState(before.getCoordinatorState());
        for (int i = 0; i < before.getParallelism(); i++) {
            merged.putState(i, merged(before.getState(i), written.getState(i)));
        }
        List<OperatorState> replaced = new ArrayList<>(List.of(merged));
        original.metadata()
                .operator(Uids.MICRO_BATCH)
                .map(SavepointCopy::withoutMarker)
                .ifPresent(replaced::add);
        return original.metadata().with(replaced);
    }

    /** The operator that batches is not told of the adapter, and must not claim to know all. */
    private static OperatorState withoutMarker(OperatorState batching) {
        OperatorState changed =
                batching.copyWithNewIDs(
                        batching.getOperatorUid().orElse(null), batching.getOperatorID());
        batching.getSubtaskStates()
                .forEach(
                        (subtask, state) ->
                                changed.putState(
                                        subtask,
                                        state.toBuilder()
                                                .setManagedOperatorState(
                                                        new StateObjectCollection<>(
                                                                state
                                                                        .getManagedOperatorState()
                                                                        .stream()
                                                                        .map(
                                                                                SavepointCopy
                                                                                        ::withoutMarker)
                                                                        .toList()))
                                                .build()));
        return changed;
    }

    private static OperatorStateHandle withoutMarker(OperatorStateHandle handle) {
        Map<String, OperatorStateHandle.StateMetaInfo> states =
                new HashMap<>(handle.getStateNameToPartitionOffsets());
        states.remove(MicroBatchFunction.KNOWS_ADAPTERS.getName());
        return new OperatorStreamStateHandle(states, handle.getDelegateStateHandle());
    }

    private static OperatorSubtaskState merged(
            OperatorSubtaskState before, OperatorSubtaskState written) {
        OperatorSubtaskState.Builder builder =
                before == null ? OperatorSubtaskState.builder() : before.toBuilder();
        return builder.setManagedKeyedState(
                        written == null
                                ? StateObjectCollection.empty()
                                : written.getManagedKeyedState())
                .setManagedOperatorState(
                        written == null
                                ? StateObjectCollection.empty()
                                : written.getManagedOperatorState())
                .build();
    }

    private static SavepointException cannotWrite(String path, IOException e) {
        return new SavepointException(
                "%s cannot be written (%s): choose another place for the new savepoint"
                        .formatted(path, e),
                e);
    }
}
