package io.rankstream.adapters.method;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.Seeds;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.classification.Pooling;
import io.rankstream.adapters.task.classification.PrequentialScore;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * An adapter at step 0: every triplet live, moments and importance zero. Values are drawn from the
 * adapter's own seed.
 */
public final class InitialState {

    /** Standard deviation of A, B and the head's weight, as in the paper's code. */
    private static final double DEVIATION = 0.02;

    private final String adapterId;
    private final BaseModel baseModel;
    private final TripletLayout layout;
    private final double alpha;
    private final List<String> labels;
    private final Pooling pooling;
    private final int hidden;

    /**
     * @param layout adapted modules and initial rank
     * @param alpha numerator of the scale
     * @param labels names of the head's classes
     * @param hidden features of a token vector of the base model
     */
    public InitialState(
            String adapterId,
            BaseModel baseModel,
            TripletLayout layout,
            double alpha,
            List<String> labels,
            Pooling pooling,
            int hidden) {
        this.adapterId = adapterId;
        this.baseModel = baseModel;
        this.layout = layout;
        this.alpha = alpha;
        this.labels = List.copyOf(labels);
        this.pooling = pooling;
        this.hidden = hidden;
    }

    /**
     * For AdaLoRA: E is zero, A and B are from N(0, 0.02²), as is the head's weight.
     *
     * @param seed seed of many adapters; that of this one is derived from it and the id
     */
    public AdapterState adalora(long seed) {
        long own = Seeds.derive(seed, adapterId);
        Random random = new Random(own);
        float[] triplets = gaussian(random, layout.size());
        for (int k = 0; k < layout.modules().size(); k++) {
            fillE(triplets, k, 0);
        }
        return state(own, triplets, random);
    }

    /**
     * For plain LoRA: B is zero, E one, and A uniform within ±1/√in, as in PEFT.
     *
     * @param seed seed of many adapters; that of this one is derived from it and the id
     */
    public AdapterState lora(long seed) {
        long own = Seeds.derive(seed, adapterId);
        Random random = new Random(own);
        float[] triplets = gaussian(random, layout.size());
        for (int k = 0; k < layout.modules().size(); k++) {
            fillE(triplets, k, 1);
            ModuleShape shape = layout.modules().get(k);
            double bound = 1 / Math.sqrt(shape.in());
            for (int i = 0; i < layout.rank() * shape.in(); i++) {
                triplets[layout.offsetA(k) + i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
            int b = layout.offsetB(k);
            Arrays.fill(triplets, b, b + layout.rank() * shape.out(), 0f);
        }
        return state(own, triplets, random);
    }

    private void fillE(float[] triplets, int module, float value) {
        int e = layout.offsetE(module);
        Arrays.fill(triplets, e, e + layout.rank(), value);
    }

    private AdapterState state(long seed, float[] triplets, Random random) {
        float[] headWeight = gaussian(random, labels.size() * hidden);
        int headSize = headWeight.length + labels.size();
        return new AdapterState(
                new AdapterMeta(
                        adapterId,
                        baseModel,
                        seed,
                        0,
                        0,
                        0,
                        0,
                        PrequentialScore.empty(labels.size())),
                new TripletState(layout, alpha, triplets),
                new MomentState(
                        new float[layout.size()],
                        new float[layout.size()],
                        new float[headSize],
                        new float[headSize]),
                new ImportanceState(new float[layout.size()], new float[layout.size()]),
                BudgetState.full(layout.triplets()),
                new HeadState(labels, pooling, hidden, headWeight, new float[labels.size()]));
    }

    private static float[] gaussian(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (DEVIATION * random.nextGaussian());
        }
        return values;
    }
}
