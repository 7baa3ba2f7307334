package io.rankstream.benchmarks.part;

import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.scalar;
import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.view;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.RankAllocator;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.Kernels;
import io.rankstream.adapters.method.Importance;
import io.rankstream.adapters.method.TripletMask;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.optimizer.AdamW;
import io.rankstream.adapters.training.optimizer.Gradient;
import java.util.Random;

/**
 * What a resident adapter does after a backward pass, operation by operation, on tensors of an
 * adapter's layout. Gradients are random, and their norm is above the limit, so that they are
 * clipped. Confined to one thread.
 */
final class StepTail implements AutoCloseable {

    /** Standard deviation of the gradients. */
    private static final double DEVIATION = 0.01;

    private final TrainingTemplate template;
    private final TripletLayout layout;
    private final int size;
    private final PtNDManager manager;
    private final Kernels kernels;
    private final PtNDArray parameters;
    private final PtNDArray first;
    private final PtNDArray second;
    private final PtNDArray sensitivity;
    private final PtNDArray uncertainty;
    private final PtNDArray[] gradients;
    private final int budget;

    private PtNDManager scope;
    private Gradient gradient;
    private int step;

    /**
     * @param parent scope that the tensors live in
     * @param state whose layout is taken
     */
    StepTail(PtNDManager parent, AdapterState state, TrainingTemplate template) {
        this.template = template;
        this.layout = state.triplets().layout();
        this.size = layout.size() + state.head().weight().length + state.head().bias().length;
        this.manager = scope(parent);
        this.kernels = new Kernels(manager);
        Random random = new Random(template.seed());
        this.parameters = random(random, size);
        this.first = floats(manager, new float[size], size);
        this.second = floats(manager, new float[size], size);
        this.sensitivity = floats(manager, new float[layout.size()], layout.size());
        this.uncertainty = floats(manager, new float[layout.size()], layout.size());
        // More than one: under a steady gradient the deviation of Ī fades to denormal numbers.
        this.gradients = new PtNDArray[] {random(random, size), random(random, size)};
        this.budget = layout.triplets() * 2 / 3;
    }

    private PtNDArray random(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (DEVIATION * random.nextGaussian());
        }
        return floats(manager, values, count);
    }

    /** Begins a step with another gradient, as a backward pass would leave it. */
    void begin() {
        scope = scope(manager);
        PtNDArray copy = mul(scalar(scope, 1), gradients[step % gradients.length]);
        gradient =
                new Gradient(
                        view(scope, copy, 0, layout.size()),
                        view(scope, copy, layout.size(), size - layout.size()));
        step++;
    }

    void addOrthogonality() {
        template.orthogonality().addGradient(layout, parameters, gradient.triplets()).getFloat();
    }

    void clip() {
        gradient.clip(gradient.norm(), template.optimizer().maxGradientNorm());
    }

    void updateParameters() {
        OptimizerSettings optimizer = template.optimizer();
        update(0, gradient.triplets(), optimizer.learningRate());
        update(layout.size(), gradient.head(), optimizer.headLearningRate());
    }

    private void update(int offset, PtNDArray part, double learningRate) {
        long count = part.size();
        new AdamW(template.optimizer(), kernels)
                .update(
                        view(scope, parameters, offset, count),
                        part,
                        view(scope, first, offset, count),
                        view(scope, second, offset, count),
                        learningRate,
                        step);
    }

    void updateImportance() {
        new Importance(template.sensitivityDecay(), template.uncertaintyDecay())
                .update(
                        kernels,
                        view(scope, parameters, 0, layout.size()),
                        gradient.triplets(),
                        sensitivity,
                        uncertainty);
    }

    void allocate() {
        float[] scores =
                RankAllocator.scores(
                        layout, sensitivity.toFloatArray(), uncertainty.toFloatArray());
        TripletMask.apply(scope, layout, parameters, RankAllocator.keep(scores, budget));
    }

    /** Ends the step and frees what it made. */
    void end() {
        scope.close();
    }

    @Override
    public void close() {
        manager.close();
    }
}
