package io.rankstream.adapters.training;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.BertEncoder;
import io.rankstream.adapters.model.ModelLoadException;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.PrequentialScore;
import io.rankstream.adapters.state.TripletState;
import java.util.Arrays;
import java.util.List;
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

    /** The base model. */
    public BaseModel baseModel() {
        return model.identity();
    }

    /** Features of a token vector. */
    public int hiddenSize() {
        return model.config().hiddenSize();
    }

    /**
     * A new adapter at step 0, which changes nothing yet. AdaLoRA's E is zero, and its A and B are
     * drawn from N(0, 0.02²); plain LoRA's B is zero, its E one, and its A uniform within ±1/√in,
     * as in PEFT. The head's weight is from N(0, 0.02²). The seed is derived from the template's
     * and the adapter's id.
     */
    public AdapterState create(String adapterId, AdapterTemplate template) {
        long seed = Seeds.derive(template.seed(), adapterId);
        TripletLayout layout = layout(template);
        Random random = new Random(seed);
        float[] triplets = gaussian(random, layout.size());
        for (int k = 0; k < layout.modules().size(); k++) {
            boolean pruned = template.method() == Method.ADALORA;
            Arrays.fill(
                    triplets,
                    layout.offsetE(k),
                    layout.offsetE(k) + layout.rank(),
                    pruned ? 0f : 1f);
            if (!pruned) {
                startPlain(triplets, layout, k, random);
            }
        }
        int labels = template.labels().size();
        float[] headWeight = gaussian(random, labels * hiddenSize());
        int headSize = headWeight.length + labels;
        boolean[] live = new boolean[layout.triplets()];
        Arrays.fill(live, true);
        return new AdapterState(
                new AdapterMeta(
                        adapterId, baseModel(), seed, 0, 0, 0, 0, PrequentialScore.empty(labels)),
                new TripletState(layout, template.alpha(), triplets),
                new MomentState(
                        new float[layout.size()],
                        new float[layout.size()],
                        new float[headSize],
                        new float[headSize]),
                new ImportanceState(new float[layout.size()], new float[layout.size()]),
                new BudgetState(layout.triplets(), live),
                new HeadState(
                        template.labels(),
                        template.pooling(),
                        hiddenSize(),
                        headWeight,
                        new float[labels]));
    }

    private TripletLayout layout(AdapterTemplate template) {
        return new TripletLayout(
                template.method() == Method.HEAD
                        ? List.of()
                        : BertEncoder.linearLayers(model.config(), template.targetModules()),
                template.initRank());
    }

    private static void startPlain(
            float[] triplets, TripletLayout layout, int module, Random random) {
        ModuleShape shape = layout.modules().get(module);
        double bound = 1 / Math.sqrt(shape.in());
        for (int i = 0; i < layout.rank() * shape.in(); i++) {
            triplets[layout.offsetA(module) + i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        Arrays.fill(
                triplets,
                layout.offsetB(module),
                layout.offsetB(module) + layout.rank() * shape.out(),
                0f);
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
     * @throws AdapterMismatchException if the state belongs to another base model, or to other
     *     settings of those that an adapter keeps for its life
     */
    public ResidentAdapter admit(AdapterState state, AdapterTemplate template) {
        BaseModel own = state.meta().baseModel();
        if (!own.sha256().equals(baseModel().sha256())) {
            throw new AdapterMismatchException(state, "base model", own, baseModel());
        }
        TripletLayout layout = state.triplets().layout();
        TripletLayout expected = layout(template);
        requireSame(state, "adapted modules", layout.modules(), expected.modules());
        requireSame(state, "initial rank", layout.rank(), expected.rank());
        requireSame(state, "alpha", state.triplets().alpha(), template.alpha());
        requireSame(state, "labels", state.head().labels(), template.labels());
        requireSame(state, "pooling", state.head().pooling(), template.pooling());
        return new ResidentAdapter(
                runtime, runtime.call(() -> new DeviceAdapter(model, state, template)));
    }

    private static void requireSame(
            AdapterState state, String what, Object found, Object expected) {
        if (!found.equals(expected)) {
            throw new AdapterMismatchException(state, what, found, expected);
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
