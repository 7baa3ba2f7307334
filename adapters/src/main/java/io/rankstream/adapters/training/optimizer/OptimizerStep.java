package io.rankstream.adapters.training.optimizer;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.muli;
import static io.rankstream.adapters.engine.Tensors.scalar;
import static io.rankstream.adapters.engine.Tensors.values;
import static io.rankstream.adapters.engine.Tensors.view;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.Progress;
import io.rankstream.adapters.adalora.RankAllocator;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.Kernels;
import io.rankstream.adapters.fleet.ImportanceHistogram;
import io.rankstream.adapters.method.FlatRange;
import io.rankstream.adapters.method.Importance;
import io.rankstream.adapters.method.TripletMask;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadShape;
import io.rankstream.adapters.state.Label;
import io.rankstream.adapters.task.Scale;
import java.util.List;
import java.util.Optional;

/**
 * How one adapter's tensors change with a gradient: optimizer, importance, allocation, in the order
 * of the published code.
 */
public final class OptimizerStep {

    /**
     * What became of the budget.
     *
     * @param decision what the schedule asked for
     * @param budget what there is from here on
     * @param importance of all triplets, where they competed
     */
    public record Allocation(
            BudgetSchedule.Decision decision,
            BudgetState budget,
            Optional<ImportanceHistogram> importance) {}

    private final TrainingTemplate template;
    private final Kernels kernels;
    private final AdapterTensors tensors;
    private final TripletLayout layout;
    private final List<FlatRange> learned;
    private final List<FlatRange> frozen;

    public OptimizerStep(TrainingTemplate template, Kernels kernels, AdapterTensors tensors) {
        this.template = template;
        this.kernels = kernels;
        this.tensors = tensors;
        this.layout = tensors.layout();
        this.learned = template.method().learned(layout);
        this.frozen = FlatRange.between(learned, layout.size());
    }

    /** Zeroes the gradient of triplets that the method leaves as they are. */
    public void freeze(PtNDManager scope, PtNDArray ofTriplets) {
        for (FlatRange range : frozen) {
            muli(view(scope, ofTriplets, range.from(), range.size()), scalar(scope, 0));
        }
    }

    /**
     * Makes the gradient of a loss that of the loss in the units of {@code scale}, by the head in
     * these units.
     */
    public void rescale(PtNDManager scope, Gradient gradient, Scale scale) {
        gradient.scale(1 / (scale.deviation() * scale.deviation()));
        muli(
                view(scope, gradient.head(), 0, tensors.headShape().denseOffset()),
                scalar(scope, scale.deviation()));
    }

    /** Makes the last layer of the head say the mean of every text. */
    public void start(PtNDManager scope, Scale scale) {
        muli(lastLayer(scope), scalar(scope, 0));
        addi(bias(scope), scalar(scope, scale.mean()));
    }

    /**
     * Puts the last layer of the head into the units of {@code scale}: (W, b) becomes (W, b - mean)
     * / deviation.
     */
    private void enter(PtNDManager scope, Scale scale) {
        addi(bias(scope), scalar(scope, -scale.mean()));
        muli(lastLayer(scope), scalar(scope, 1 / scale.deviation()));
    }

    /** Takes back what {@link #enter} did. */
    private void leave(PtNDManager scope, Scale scale) {
        muli(lastLayer(scope), scalar(scope, scale.deviation()));
        addi(bias(scope), scalar(scope, scale.mean()));
    }

    private PtNDArray lastLayer(PtNDManager scope) {
        return view(scope, tensors.parameters(), layout.size(), tensors.headShape().denseOffset());
    }

    private PtNDArray bias(PtNDManager scope) {
        HeadShape shape = tensors.headShape();
        return view(
                scope, tensors.parameters(), layout.size() + shape.weightSize(), shape.outputs());
    }

    /**
     * Adds the regulariser's gradient.
     *
     * @return the regulariser, a scalar
     */
    public PtNDArray regularise(Gradient gradient) {
        return template.orthogonality()
                .addGradient(layout, tensors.parameters(), gradient.triplets());
    }

    /**
     * Clips the gradient and updates parameters and moments.
     *
     * @param norm global norm of {@code gradient}
     * @param reached what is completed with this step
     * @param rows labels, a row of the head each
     * @param scale the units of {@code gradient}, if it is of a task that has some
     * @return learning rate of the triplets
     */
    public float update(
            PtNDManager scope,
            Gradient gradient,
            float norm,
            Progress reached,
            List<Label> rows,
            Optional<Scale> scale) {
        OptimizerSettings optimizer = template.optimizer();
        gradient.clip(norm, optimizer.maxGradientNorm());
        double factor = optimizer.learningRateSchedule().factor(reached);
        double learningRate = optimizer.learningRate() * factor;
        for (FlatRange range : learned) {
            update(
                    scope,
                    range.from(),
                    view(scope, gradient.triplets(), range.from(), range.size()),
                    learningRate,
                    reached.steps());
        }
        HeadUpdate head =
                new HeadUpdate(
                        gradient.head(), optimizer.headLearningRate() * factor, reached.steps());
        scale.ifPresent(units -> enter(scope, units));
        updateHead(scope, head, rows);
        scale.ifPresent(units -> leave(scope, units));
        return (float) learningRate;
    }

    /**
     * An update of the head.
     *
     * @param gradient flat, as the head lies
     * @param step number of this step, from 1
     */
    private record HeadUpdate(PtNDArray gradient, double learningRate, long step) {}

    /** Rows that have taken part in equally many steps together; those of retired labels rest. */
    private void updateHead(PtNDManager scope, HeadUpdate head, List<Label> rows) {
        HeadShape shape = tensors.headShape();
        if (rows.stream().noneMatch(row -> row.retired() || row.idle() > 0)) {
            updateHead(scope, head, 0, shape.size(), 0);
            return;
        }
        if (shape.denseSize() > 0) {
            updateHead(scope, head, shape.denseOffset(), shape.size(), 0);
        }
        int weights = shape.weightSize();
        int width = shape.hidden();
        int from = 0;
        while (from < rows.size()) {
            Label first = rows.get(from);
            int to = from + 1;
            while (to < rows.size()
                    && rows.get(to).retired() == first.retired()
                    && rows.get(to).idle() == first.idle()) {
                to++;
            }
            if (to - from == rows.size()) {
                updateHead(scope, head, 0, shape.denseOffset(), first.idle());
            } else if (!first.retired()) {
                updateHead(scope, head, from * width, to * width, first.idle());
                updateHead(scope, head, weights + from, weights + to, first.idle());
            }
            from = to;
        }
    }

    private void updateHead(PtNDManager scope, HeadUpdate head, int from, int to, long idle) {
        update(
                scope,
                layout.size() + from,
                view(scope, head.gradient(), from, to - from),
                head.learningRate(),
                head.step() - idle);
    }

    /** Updates the parameters from {@code offset} on, as many as {@code gradient} has. */
    private void update(
            PtNDManager scope, int offset, PtNDArray gradient, double learningRate, long number) {
        long size = gradient.size();
        new AdamW(template.optimizer(), kernels)
                .update(
                        view(scope, tensors.parameters(), offset, size),
                        gradient,
                        view(scope, tensors.first(), offset, size),
                        view(scope, tensors.second(), offset, size),
                        learningRate,
                        number);
    }

    /**
     * Updates the importance and sets the mask anew where the schedule says so.
     *
     * @param gradient what {@link #update} used; overwritten
     * @param done what was completed before this step
     * @param budget the budget until now
     */
    public Allocation allocate(
            PtNDManager scope, Gradient gradient, Progress done, BudgetState budget) {
        BudgetSchedule.Decision decision = decision(done, budget);
        if (!decision.frozen()) {
            new Importance(template.sensitivityDecay(), template.uncertaintyDecay())
                    .update(
                            kernels,
                            tensors.triplets(scope),
                            gradient.triplets(),
                            tensors.sensitivity(),
                            tensors.uncertainty());
        }
        return decision.mask()
                ? compete(scope, decision, budget)
                : new Allocation(decision, unmasked(decision, budget), Optional.empty());
    }

    private BudgetSchedule.Decision decision(Progress done, BudgetState budget) {
        int modules = layout.modules().size();
        return budget.target() == BudgetState.OF_SCHEDULE
                ? template.schedule().at(done, modules, layout.rank())
                : template.schedule().towards(budget.target(), done, modules, layout.rank());
    }

    /** Where all triplets live again, they do so at once; otherwise the next mask decides. */
    private BudgetState unmasked(BudgetSchedule.Decision decision, BudgetState budget) {
        return decision.budget() == layout.triplets()
                ? budget.next(decision.budget(), BudgetState.full(layout.triplets()).live())
                : budget.next(decision.budget(), budget.live());
    }

    private Allocation compete(
            PtNDManager scope, BudgetSchedule.Decision decision, BudgetState budget) {
        float[] scores =
                RankAllocator.scores(
                        layout, values(tensors.sensitivity()), values(tensors.uncertainty()));
        boolean[] live = RankAllocator.keep(scores, decision.budget());
        if (decision.budget() < layout.triplets()) {
            TripletMask.apply(scope, layout, tensors.parameters(), live);
        }
        return new Allocation(
                decision,
                budget.next(decision.budget(), live),
                Optional.of(ImportanceHistogram.of(scores)));
    }
}
