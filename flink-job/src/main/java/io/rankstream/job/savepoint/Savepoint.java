package io.rankstream.job.savepoint;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.Uids;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.AdapterWorkSerializer;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.batch.PendingExamples;
import io.rankstream.job.state.AdapterMetaSerializer;
import io.rankstream.job.state.AdapterStateSerializer;
import io.rankstream.job.state.StateReader;
import io.rankstream.job.state.UnreadableState;
import io.rankstream.job.state.ValueTypeInfo;
import io.rankstream.job.train.AdaptersOfSettings;
import io.rankstream.job.train.AdaptersOfSettingsSerializer;
import io.rankstream.job.train.NotedSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.collect.CollectSinkOperatorFactory;
import org.apache.flink.types.Either;
import org.apache.flink.util.CloseableIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A savepoint or retained checkpoint of a job, read without that job: by a small cluster in this
 * process. Which backend and which of Flink's formats it was written with makes no difference.
 *
 * <p>Every failure is a {@link SavepointException} with a sentence for the user.
 */
public final class Savepoint {

    static final ValueTypeInfo<AdapterState> ADAPTER =
            new ValueTypeInfo<>(AdapterState.class, AdapterStateSerializer.INSTANCE);
    private static final Logger LOGGER = LoggerFactory.getLogger(Savepoint.class);

    private static final String LOOPBACK = "127.0.0.1";

    private final String path;
    private final Metadata metadata;
    private final OperatorState train;

    private Savepoint(String path, Metadata metadata, OperatorState train) {
        this.path = path;
        this.metadata = metadata;
        this.train = train;
    }

    /**
     * Finds a savepoint; its state is not read yet.
     *
     * @param path path, or URI of a Flink file system
     */
    public static Savepoint at(String path) throws SavepointException {
        Metadata metadata = Metadata.of(path);
        return new Savepoint(path, metadata, metadata.train(path));
    }

    /**
     * Every adapter, by id. One adapter after the other is in memory while they are read.
     *
     * @throws SavepointException if the state cannot be read
     */
    public List<AdapterSummary> adapters() throws SavepointException {
        List<AdapterSummary> summaries =
                new ArrayList<>(
                        collect(
                                adapters(environment(1))
                                        .map(Savepoint::summary)
                                        .returns(orReason(AdapterSummarySerializer.TYPE))));
        summaries.sort(Comparator.comparing(summary -> summary.meta().adapterId()));
        return summaries;
    }

    /**
     * Number of examples that wait for their micro-batch to close or to be trained in a bundle, by
     * adapter; adapters without any are absent.
     *
     * @throws SavepointException if the state cannot be read
     */
    public SortedMap<String, Integer> pendingExamples() throws SavepointException {
        SortedMap<String, Integer> pending = new TreeMap<>();
        if (metadata.operator(Uids.MICRO_BATCH).isPresent()) {
            collect(
                            read(
                                    environment(1),
                                    metadata.operator(Uids.MICRO_BATCH).get(),
                                    Uids.MICRO_BATCH,
                                    new PendingExamples(),
                                    Types.TUPLE(Types.STRING, Types.INT)))
                    .forEach(entry -> pending.put(entry.f0, entry.f1));
        }
        for (AdapterWork work : collect(waitingWork(environment(1)))) {
            if (work instanceof MicroBatch batch) {
                pending.merge(batch.adapterId(), batch.examples().size(), Integer::sum);
            }
        }
        return pending;
    }

    /**
     * One adapter.
     *
     * @throws SavepointException if there is none of that id, or the state cannot be read
     */
    public AdapterState adapter(String adapterId) throws SavepointException {
        List<AdapterState> found =
                collect(
                        adapters(environment(1))
                                .filter(
                                        read ->
                                                read.isRight()
                                                        || read.left()
                                                                .meta()
                                                                .adapterId()
                                                                .equals(adapterId)));
        if (found.isEmpty()) {
            List<String> ids = metas().keySet().stream().toList();
            throw new SavepointException(
                    "%s has no adapter '%s': %s"
                            .formatted(
                                    path,
                                    adapterId,
                                    ids.isEmpty()
                                            ? "it has none at all"
                                            : "its adapters are " + Metadata.firstOf(ids)));
        }
        return found.get(0);
    }

    /**
     * Writes a new savepoint that differs from this one in one adapter. This one stays as it is.
     * What is written is complete once it has its {@code _metadata}.
     *
     * <p>Versions of an adapter that is replaced are counted on, since a published version is never
     * written again.
     *
     * @param adapter the adapter that is added
     * @param replace whether it may take the place of one with the same id
     * @param target folder of the new savepoint: a path, or URI of a Flink file system, where
     *     nothing is yet
     * @return the adapter as it was written
     * @throws SavepointException if the adapter is there and may not be replaced, something is at
     *     {@code target}, the adapter was made for another base model than those that are there,
     *     this is no savepoint but a checkpoint, or reading or writing fails
     */
    public AdapterState with(AdapterState adapter, boolean replace, String target)
            throws SavepointException {
        SavepointCopy copy = new SavepointCopy(this, target);
        Map<String, AdapterMeta> metas = metas();
        AdapterMeta replaced = metas.get(adapter.meta().adapterId());
        if (replaced != null && !replace) {
            throw new SavepointException(
                    "%s has an adapter '%s' already, at step %d: choose another id, or replace it with --replace"
                            .formatted(path, replaced.adapterId(), replaced.step()));
        }
        requireSameModel(adapter.meta(), metas.values());
        AdapterState written =
                replaced == null ? adapter : adapter.withVersionAfter(replaced.version());
        copy.write(written);
        return written;
    }

    /** A job has one base model: an adapter of another would never be trained. */
    private void requireSameModel(AdapterMeta added, Collection<AdapterMeta> present)
            throws SavepointException {
        for (AdapterMeta other : present) {
            boolean stays = !other.adapterId().equals(added.adapterId());
            if (stays && !other.baseModel().sha256().equals(added.baseModel().sha256())) {
                throw new SavepointException(
                        "adapter '%s' was made for base model %s (%s), but adapter '%s' of %s for %s (%s): import one of the same base model"
                                .formatted(
                                        added.adapterId(),
                                        added.baseModel().name(),
                                        added.baseModel().sha256(),
                                        other.adapterId(),
                                        path,
                                        other.baseModel().name(),
                                        other.baseModel().sha256()));
            }
        }
    }

    /**
     * What a job would note of its adapters, by id, as far as the adapters themselves tell it.
     *
     * @throws SavepointException if the state cannot be read
     */
    public SortedMap<String, NotedSettings> settings() throws SavepointException {
        return SavepointNotes.byAdapter(
                collect(
                        adapters(environment(1))
                                .map(Savepoint::settings)
                                .returns(orReason(AdaptersOfSettingsSerializer.TYPE))));
    }

    private static Either<AdaptersOfSettings, String> settings(Either<AdapterState, String> read) {
        return read.isLeft()
                ? Either.Left(
                        new AdaptersOfSettings(
                                NotedSettings.of(read.left(), Optional.empty()),
                                List.of(read.left().meta().adapterId())))
                : Either.Right(read.right());
    }

    String path() {
        return path;
    }

    Metadata metadata() {
        return metadata;
    }

    OperatorState train() {
        return train;
    }

    /** Every adapter, as a stream in a cluster that is still to run. */
    DataStream<Either<AdapterState, String>> adapters(StreamExecutionEnvironment environment)
            throws SavepointException {
        return read(environment, train, Uids.TRAIN, new AdapterReader(), ADAPTER);
    }

    /** All work that waits in a bundle, as a stream in a cluster that is still to run. */
    DataStream<Either<AdapterWork, String>> waitingWork(StreamExecutionEnvironment environment)
            throws SavepointException {
        return read(
                environment,
                train,
                Uids.TRAIN,
                new WaitingWorkReader(),
                AdapterWorkSerializer.TYPE);
    }

    /** A cluster of this process. */
    static StreamExecutionEnvironment environment(int parallelism) {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        configuration.set(JobManagerOptions.BIND_HOST, LOOPBACK);
        configuration.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
        // One adapter has to fit: the default is smaller than an adapter of most models.
        configuration.set(CollectSinkOperatorFactory.MAX_BATCH_SIZE, MemorySize.parse("1 gb"));
        return StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
    }

    /** Why reading or writing failed, as far as the user can do something about it. */
    SavepointException failure(Exception e) {
        LOGGER.error("The savepoint {} cannot be read.", path, e);
        if (metadata.isGone()) {
            return new SavepointException(
                    "%s was removed while it was read%s"
                            .formatted(path, Metadata.replaced(metadata.folder())),
                    e);
        }
        return new SavepointException(path + " " + UnreadableState.reason(e), e);
    }

    private static Either<AdapterSummary, String> summary(Either<AdapterState, String> read)
            throws IOException {
        return read.isLeft()
                ? Either.Left(AdapterSummary.of(read.left()))
                : Either.Right(read.right());
    }

    /** Type of what a {@link StateReader} gives. */
    private static <T> TypeInformation<Either<T, String>> orReason(TypeInformation<T> type) {
        return Types.EITHER(type, Types.STRING);
    }

    private Map<String, AdapterMeta> metas() throws SavepointException {
        SortedMap<String, AdapterMeta> metas = new TreeMap<>();
        collect(
                        read(
                                environment(1),
                                train,
                                Uids.TRAIN,
                                new MetaReader(),
                                new ValueTypeInfo<>(
                                        AdapterMeta.class, AdapterMetaSerializer.INSTANCE)))
                .forEach(meta -> metas.put(meta.adapterId(), meta));
        return metas;
    }

    private <T> DataStream<Either<T, String>> read(
            StreamExecutionEnvironment environment,
            OperatorState operator,
            String uid,
            StateReader<T> reader,
            TypeInformation<T> type)
            throws SavepointException {
        try {
            return SavepointReader.read(
                            environment,
                            metadata.folder().toString(),
                            new StoredState(operator).backend())
                    .readKeyedState(
                            OperatorIdentifier.forUid(uid), reader, Types.STRING, orReason(type));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @SuppressWarnings("try") // Flink's iterator declares that closing throws any exception
    private <T> List<T> collect(DataStream<Either<T, String>> stream) throws SavepointException {
        try (CloseableIterator<Either<T, String>> found = stream.collectAsync()) {
            CompletableFuture<JobExecutionResult> end =
                    stream.getExecutionEnvironment()
                            .executeAsync("read a savepoint")
                            .getJobExecutionResult();
            return all(found, end);
        } catch (SavepointException e) {
            throw e;
        } catch (Exception e) {
            throw failure(e);
        }
    }

    private <T> List<T> all(
            CloseableIterator<Either<T, String>> found, CompletableFuture<JobExecutionResult> end)
            throws Exception {
        List<T> values = new ArrayList<>();
        try {
            while (found.hasNext()) {
                Either<T, String> read = found.next();
                if (read.isRight()) {
                    throw new SavepointException(path + " " + read.right());
                }
                values.add(read.left());
            }
        } catch (RuntimeException e) {
            end.get(); // throws why the job failed, where the iterator only knows that it did
            throw e;
        }
        return values;
    }
}
