package io.rankstream.adapters.method;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadShape;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.Seeds;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.HeadKind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * An adapter at step 0: every triplet live, moments and importance zero. Values are drawn from the
 * adapter's own seed.
 */
public final class InitialState {

    private final String adapterId;
    private final BaseModel baseModel;
    private final TripletLayout layout;
    private final double alpha;
    private final List<String> labels;
    private final HeadKind head;
    private final int hidden;

    /**
     * @param layout adapted modules and initial rank
     * @param alpha numerator of the scale
     * @param labels names of the head's classes; none where the task has no labels
     * @param hidden features of a token vector of the base model
     */
    public InitialState(
            String adapterId,
            BaseModel baseModel,
            TripletLayout layout,
            double alpha,
            List<String> labels,
            HeadKind head,
            int hidden) {
        this.adapterId = adapterId;
        this.baseModel = baseModel;
        this.layout = layout;
        this.alpha = alpha;
        this.labels = List.copyOf(labels);
        this.head = head;
        this.hidden = hidden;
    }

    /**
     * The state for a method; the head's weights are from N(0, 0.02²), its LayerNorm's are 1.
     *
     * @param seed seed of many adapters; that of this one is derived from it and the id
     */
    public AdapterState of(Method method, long seed) {
        long own = Seeds.derive(seed, adapterId);
        Random random = new Random(own);
        return state(own, method.draw(layout, random), random);
    }

    /** Whether the base model's own head has a LayerNorm. */
    private boolean hasNorm() {
        return Family.of(baseModel.family()).ownHead().flatMap(OwnHead::norm).isPresent();
    }

    private AdapterState state(long seed, float[] triplets, Random random) {
        int outputs = head.task().outputs(labels.size());
        HeadShape shape = new HeadShape(outputs, hidden, head.form());
        float[] headWeight = Draws.gaussian(random, shape.weightSize());
        float[] dense =
                Arrays.copyOf(Draws.gaussian(random, shape.denseWeightSize()), shape.denseSize());
        if (shape.denseSize() > 0 && hasNorm()) {
            Arrays.fill(dense, shape.denseWeightSize(), dense.length, 1);
        }
        return new AdapterState(
                new AdapterMeta(
                        adapterId,
                        baseModel,
                        seed,
                        0,
                        0,
                        0,
                        0,
                        head.task().newScore(labels.size())),
                new TripletState(layout, alpha, triplets),
                new MomentState(
                        new float[layout.size()],
                        new float[layout.size()],
                        new float[shape.size()],
                        new float[shape.size()]),
                new ImportanceState(new float[layout.size()], new float[layout.size()]),
                BudgetState.full(layout.triplets()),
                new HeadState(
                        head.task(),
                        LabelSet.of(labels),
                        head.pooling(),
                        hidden,
                        headWeight,
                        new float[outputs],
                        dense));
    }
}
