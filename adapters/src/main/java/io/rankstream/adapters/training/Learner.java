package io.rankstream.adapters.training;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.BertEncoder;
import io.rankstream.adapters.model.ModelLoadException;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.PrequentialScore;
import io.rankstream.adapters.state.TripletState;
import java.util.Arrays;
import java.util.Random;

/**
 * Trains adapters over one frozen base model. All learners of a process share one copy of the model
 * and one training thread. Thread-safe.
 */
public final class Learner implements AutoCloseable {

    /** Standard deviation of A, B and the head's weight at the start, as in the paper's code. */
    private static final double INITIAL_DEVIATION = 0.02;

    private final ModelSource source;
    private final EngineRuntime runtime;
    private final EngineRuntime.LoadedModel model;
    private boolean closed;

    private Learner(ModelSource source, EngineRuntime runtime) {
        this.source = source;
        this.runtime = runtime;
        this.model = runtime.model(source);
    }

    /**
     * A learner over the base model of {@code source}, which is loaded unless the process has it.
     *
     * @param threads threads of the tensor library, a setting of the whole process; 0 takes every
     *     core
     * @throws ModelLoadException if the model's files are missing or not what was expected
     * @throws IllegalStateException if the engine was loaded by a job's own class loader
     */
    public static Learner open(ModelSource source, int threads) throws ModelLoadException {
        return new Learner(source, EngineRuntime.acquire(source, threads));
    }

    /** Name of the base model. */
    public String baseModel() {
        return model.name();
    }

    /** Features of a token vector. */
    public int hiddenSize() {
        return model.config().hiddenSize();
    }

    /**
     * A new adapter at step 0: E is zero, so it changes nothing yet; A, B and the head's weight are
     * drawn from N(0, 0.02²) with a seed derived from the template's and the adapter's id.
     */
    public AdapterState create(String adapterId, AdapterTemplate template) {
        long seed = Seeds.derive(template.seed(), adapterId.hashCode());
        TripletLayout layout =
                new TripletLayout(BertEncoder.adaptedModules(model.config()), template.initRank());
        Random random = new Random(seed);
        float[] triplets = gaussian(random, layout.size());
        for (int k = 0; k < layout.modules().size(); k++) {
            Arrays.fill(triplets, layout.offsetE(k), layout.offsetE(k) + layout.rank(), 0f);
        }
        int labels = template.labels().size();
        float[] headWeight = gaussian(random, labels * hiddenSize());
        int headSize = headWeight.length + labels;
        boolean[] live = new boolean[layout.triplets()];
        Arrays.fill(live, true);
        return new AdapterState(
                new AdapterMeta(adapterId, seed, 0, 0, 0, 0, PrequentialScore.empty(labels)),
                new TripletState(layout, triplets),
                new MomentState(
                        new float[layout.size()],
                        new float[layout.size()],
                        new float[headSize],
                        new float[headSize]),
                new ImportanceState(new float[layout.size()], new float[layout.size()]),
                new BudgetState(layout.triplets(), live),
                new HeadState(template.labels(), hiddenSize(), headWeight, new float[labels]));
    }

    private static float[] gaussian(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (INITIAL_DEVIATION * random.nextGaussian());
        }
        return values;
    }

    /**
     * Copies {@code state} to the device, ready to train.
     *
     * @throws IllegalArgumentException if the state belongs to another base model, or its labels
     *     are not the template's
     */
    public ResidentAdapter admit(AdapterState state, AdapterTemplate template) {
        requireSame(
                state,
                "adapted modules",
                state.triplets().layout().modules(),
                BertEncoder.adaptedModules(model.config()));
        requireSame(state, "initial rank", state.triplets().layout().rank(), template.initRank());
        requireSame(state, "labels", state.head().labels(), template.labels());
        return new ResidentAdapter(
                runtime, runtime.call(() -> new DeviceAdapter(model, state, template)));
    }

    private static void requireSame(
            AdapterState state, String what, Object found, Object expected) {
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(
                    "adapter '%s' has %s %s, but base model and configuration have %s: an adapter keeps what it was created with"
                            .formatted(state.meta().adapterId(), what, found, expected));
        }
    }

    /** Tensors that belong to the base model itself; constant once it is loaded. */
    int tensors() {
        return model.manager().getManagedArrays().size();
    }

    /** Gives back the base model; adapters of this learner must be closed by then. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            runtime.release(source);
        }
    }
}
