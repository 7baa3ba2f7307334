package io.rankstream.adapters.training;

import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Tensors.empty;
import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.values;
import static io.rankstream.adapters.training.Voices.isFinite;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.BlockCopy;
import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.engine.Kernels;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.engine.TrainingThreads;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.weights.FloatSink;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What all learners of a process share: the threads that drive libtorch and one copy of each base
 * model on each device. Both live as long as a learner uses them.
 */
public final class EngineRuntime {

    /** A base model and the device that it is on. */
    public record Placement(ModelSource source, ComputeDevice device) {}

    /** A base model on its device. */
    public record LoadedModel(
            BaseModel identity,
            Optional<BaseModel> identityWithPooler,
            Architecture architecture,
            BaseNetwork network,
            Products products,
            Kernels kernels,
            PtNDManager manager,
            TrainingThreads threads,
            int count) {

        /** The same model for a user of so many threads. */
        private LoadedModel forThreads(int ofUser) {
            return new LoadedModel(
                    identity,
                    identityWithPooler,
                    architecture,
                    network,
                    products,
                    kernels,
                    manager,
                    threads,
                    ofUser);
        }

        /** Threads that can share a step; a GPU is kept busy by one. */
        int sharingThreads() {
            return manager.getDevice().equals(Device.cpu()) ? count : 1;
        }

        /** Does {@code work}, which does not fall into portions, with all threads. */
        <T> T whole(Supplier<T> work) {
            return threads.whole(count, work);
        }
    }

    private static final Object LOCK = new Object();

    /** Process-wide on purpose: libtorch's thread settings and memory are, too. */
    private static EngineRuntime shared;

    /** Tokens of the text that a base model is tried with. */
    private static final int PROBE_TOKENS = 4;

    /** Floats of a base model that go to its device at once. */
    private static final int BLOCK_FLOATS = 256 * 1024;

    private final TrainingThreads threads = new TrainingThreads();
    private final BlockCopy blocks = new BlockCopy(BLOCK_FLOATS);
    private final Map<Placement, LoadedModel> models = new HashMap<>();
    private final Map<Placement, Integer> users = new HashMap<>();

    private EngineRuntime() {}

    /** The runtime with the model of {@code placement}; every call wants a {@link #release}. */
    public static EngineRuntime acquire(Placement placement) throws ModelLoadException {
        requireSharedEngine();
        synchronized (LOCK) {
            EngineRuntime runtime = shared == null ? new EngineRuntime() : shared;
            try {
                if (!runtime.models.containsKey(placement)) {
                    runtime.load(placement);
                }
                runtime.users.merge(placement, 1, Integer::sum);
                shared = runtime;
                return runtime;
            } finally {
                if (shared == null) {
                    runtime.threads.shutdown();
                }
            }
        }
    }

    private void load(Placement placement) throws ModelLoadException {
        threads.run(placement.device()::requireAvailable);
        PtNDManager manager =
                threads.call(
                        () -> {
                            PtNDManager fresh = placement.device().newManager();
                            TrainingThreads.prepare();
                            return fresh;
                        });
        try {
            Map<String, PtNDArray> tensors = new LinkedHashMap<>();
            PretrainedModel model =
                    PretrainedModel.load(
                            placement.source(),
                            (name, shape) -> onDevice(tensors, name, manager, shape));
            LoadedModel loaded =
                    threads.call(() -> loaded(model, tensors, manager, placement.device()));
            if (!threads.call(() -> isFinite(vectorsOfAProbe(loaded)))) {
                throw new ModelLoadException(
                        "the base model %s answers a text of a few tokens with numbers that are not finite, expected finite ones, since no text could be learned from: its weights are too large for 32-bit floats; download the model again, or save it again from where it was trained"
                                .formatted(model.name()));
            }
            models.put(placement, loaded);
        } catch (ModelLoadException | RuntimeException e) {
            threads.run(manager::close);
            throw e;
        }
    }

    private LoadedModel loaded(
            PretrainedModel model,
            Map<String, PtNDArray> tensors,
            PtNDManager manager,
            ComputeDevice device) {
        Architecture architecture = model.architecture();
        Products products = Products.of(device);
        return new LoadedModel(
                BaseModel.of(model, model.sha256()),
                model.sha256WithPooler().map(sha256 -> BaseModel.of(model, sha256)),
                architecture,
                architecture.network(tensors, products),
                products,
                new Kernels(manager),
                manager,
                threads,
                1);
    }

    /** Of finite weights alone, since the model's files were read. */
    private static float[] vectorsOfAProbe(LoadedModel model) {
        Architecture architecture = model.architecture();
        int tokens =
                Math.min(
                        PROBE_TOKENS, Math.min(architecture.maxTokens(), architecture.vocabSize()));
        try (PtNDManager scope = scope(model.manager())) {
            TokenBatch text = TokenBatch.of(scope, List.of(IntStream.range(0, tokens).toArray()));
            return values(reshape(model.network().forward(text, LinearUpdate.NONE), -1));
        }
    }

    /** Copies a tensor to the device while it is read. */
    private FloatSink onDevice(
            Map<String, PtNDArray> tensors, String name, PtNDManager manager, int[] shape) {
        PtNDArray flat =
                threads.call(
                        () -> {
                            long[] dimensions = Arrays.stream(shape).asLongStream().toArray();
                            PtNDArray tensor = empty(manager, dimensions);
                            tensors.put(name, tensor);
                            return reshape(tensor, -1);
                        });
        long size = flat.size();
        long[] filled = {0};
        return (values, count) ->
                threads.run(
                        () -> {
                            blocks.copy(values, 0, count, flat, filled[0]);
                            filled[0] += count;
                            if (filled[0] == size) {
                                flat.close();
                            }
                        });
    }

    /**
     * A job's class loader is new at every restart, but native libraries can be loaded by one
     * loader of a process alone.
     */
    private static void requireSharedEngine() {
        ClassLoader engine = Engine.class.getClassLoader();
        if (engine == EngineRuntime.class.getClassLoader()
                && engine != ClassLoader.getSystemClassLoader()) {
            throw new IllegalStateException(
                    "DJL was loaded by the job's class loader "
                            + engine
                            + ", and its native libraries can be loaded once in a process: put the"
                            + " ai.djl jars and JNA into Flink's lib/ folder and leave them out of"
                            + " the job jar");
        }
    }

    /** The threads that drive libtorch. */
    public TrainingThreads threads() {
        return threads;
    }

    /**
     * The loaded model of a placement that the caller has acquired.
     *
     * @param threads that compute at once for the caller; 0 takes every core
     */
    public LoadedModel model(Placement placement, int threads) {
        synchronized (LOCK) {
            return models.get(placement)
                    .forThreads(
                            threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
        }
    }

    /** Gives one use of {@code placement} back; the last one frees it. */
    public void release(Placement placement) {
        synchronized (LOCK) {
            if (users.merge(placement, -1, Integer::sum) > 0) {
                return;
            }
            users.remove(placement);
            LoadedModel model = models.remove(placement);
            threads.run(() -> model.manager().close());
            if (models.isEmpty()) {
                threads.shutdown();
                shared = null;
            }
        }
    }
}
