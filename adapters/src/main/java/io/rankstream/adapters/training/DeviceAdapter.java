package io.rankstream.adapters.training;

import static ai.djl.pytorch.jni.JniUtils.muli;
import static io.rankstream.adapters.engine.Tensors.leaf;
import static io.rankstream.adapters.engine.Tensors.scalar;
import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.stored;
import static io.rankstream.adapters.engine.Tensors.values;
import static io.rankstream.adapters.engine.Tensors.view;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.Importance;
import io.rankstream.adapters.adalora.Progress;
import io.rankstream.adapters.adalora.RankAllocator;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.Tensors;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.method.TripletBank;
import io.rankstream.adapters.method.TripletMask;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.Label;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.Seeds;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.Head;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.task.classification.SequenceClassification;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One adapter's tensors and its training step. Parameters and moments are flat tensors: the
 * triplets as {@link TripletLayout} says, then the head's weight and bias. For one thread at a
 * time.
 */
final class DeviceAdapter implements AutoCloseable {

    private final EngineRuntime.LoadedModel model;
    private final AdapterTemplate template;
    private final SequenceClassification task;
    private final TripletLayout layout;
    private final double alpha;
    private final double scale;
    private final PtNDManager manager;
    private final PtNDArray parameters;
    private final PtNDArray first;
    private final PtNDArray second;
    private final PtNDArray sensitivity;
    private final PtNDArray uncertainty;
    private volatile LabelSet labels;
    private final long firstStep;
    private final int headSize;
    private volatile AdapterMeta meta;
    private BudgetState budget;

    DeviceAdapter(EngineRuntime.LoadedModel model, AdapterState state, AdapterTemplate template) {
        this.model = model;
        this.template = template;
        this.task = new SequenceClassification(state.head().pooling(), model.network().pooler());
        this.layout = state.triplets().layout();
        this.alpha = state.triplets().alpha();
        this.manager = scope(model.manager());
        HeadState head = state.head();
        MomentState moments = state.moments();
        this.labels = head.labels();
        this.firstStep = state.meta().step();
        this.headSize = head.weight().length + head.bias().length;
        this.parameters = flat(state.triplets().values(), concat(head.weight(), head.bias()));
        this.first = flat(moments.tripletFirst(), moments.headFirst());
        this.second = flat(moments.tripletSecond(), moments.headSecond());
        this.sensitivity = flat(state.importance().sensitivity(), new float[0]);
        this.uncertainty = flat(state.importance().uncertainty(), new float[0]);
        this.scale = state.triplets().scale();
        this.meta = state.meta();
        this.budget = state.budget();
    }

    private PtNDArray flat(float[] triplets, float[] head) {
        return stored(manager, concat(triplets, head));
    }

    private static float[] concat(float[] left, float[] right) {
        float[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    AdapterMeta meta() {
        return meta;
    }

    long bytes() {
        long parametersAndMoments = 3L * (layout.size() + headSize);
        long importance = 2L * layout.size();
        return (parametersAndMoments + importance) * Float.BYTES;
    }

    int tensors() {
        return manager.getManagedArrays().size();
    }

    void countVersion() {
        meta = meta.afterVersion();
        labels = labels.afterVersion();
    }

    BudgetState budget() {
        return budget;
    }

    void setBudgetTarget(int triplets) {
        budget = budget.withTarget(triplets);
    }

    /** Labels, a row of the head each; the rows stay the same as long as it is on the device. */
    LabelSet labels() {
        return labels.after(meta.step() - firstStep);
    }

    AdapterState capture() {
        float[] values = values(parameters);
        float[] firsts = values(first);
        float[] seconds = values(second);
        int triplets = layout.size();
        int weightEnd = triplets + headSize - labels.rows().size();
        return new AdapterState(
                meta,
                new TripletState(layout, alpha, Arrays.copyOf(values, triplets)),
                new MomentState(
                        Arrays.copyOf(firsts, triplets),
                        Arrays.copyOf(seconds, triplets),
                        Arrays.copyOfRange(firsts, triplets, firsts.length),
                        Arrays.copyOfRange(seconds, triplets, seconds.length)),
                new ImportanceState(values(sensitivity), values(uncertainty)),
                budget,
                new HeadState(
                        labels(),
                        template.pooling(),
                        model.architecture().hiddenSize(),
                        Arrays.copyOfRange(values, triplets, weightEnd),
                        Arrays.copyOfRange(values, weightEnd, values.length)));
    }

    EngineRuntime.LoadedModel model() {
        return model;
    }

    SequenceClassification task() {
        return task;
    }

    /** Most examples of a forward and backward pass. */
    int examplesPerPass() {
        return template.examplesPerPass() == 0 ? Integer.MAX_VALUE : template.examplesPerPass();
    }

    /** Whether one pass can serve both. Dropout draws from an adapter's own seed, so it cannot. */
    boolean sharesPassesWith(DeviceAdapter other) {
        return !usesDropout() && !other.usesDropout() && layout.equals(other.layout);
    }

    /** Whether passes draw random numbers, so that their order matters. */
    boolean usesDropout() {
        return template.dropout() > 0;
    }

    /** Makes the next passes draw what this step draws, whatever was drawn before. */
    void seedDropout() {
        if (usesDropout()) {
            JniUtils.setSeed(Seeds.derive(meta.seed(), meta.step()));
        }
    }

    /** This adapter in a pass, with {@code rows} tokens. */
    TripletBank.Part inPass(int rows) {
        return new TripletBank.Part(parameters, scale, rows);
    }

    /** Triplets of adapters that share a pass, this one the first of them. */
    TripletBank bank(PtNDManager scope, List<TripletBank.Part> adapters) {
        return bank(scope, adapters, template.dropout());
    }

    private TripletBank bank(PtNDManager scope, List<TripletBank.Part> adapters, double dropout) {
        return new TripletBank(
                scope, layout, model.architecture().linearLayers(), adapters, dropout);
    }

    /** The head, to learn. Of retired labels no text has a probability, nor they a gradient. */
    Head head(PtNDManager scope) {
        int rows = labels.rows().size();
        int weights = headSize - rows;
        return new Head(
                leaf(scope, parameters, layout.size(), rows, weights / rows),
                leaf(scope, parameters, layout.size() + weights, rows),
                mask(scope));
    }

    private Optional<PtNDArray> mask(PtNDManager scope) {
        if (labels.retired().isEmpty()) {
            return Optional.empty();
        }
        float[] mask = new float[labels.rows().size()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = labels.rows().get(i).retired() ? Float.NEGATIVE_INFINITY : 0;
        }
        return Optional.of(stored(scope, mask));
    }

    /**
     * Gradient of a pass.
     *
     * @param ofTriplets flat
     * @param head what the pass learned the head as
     */
    Gradient gradient(PtNDArray ofTriplets, Head head, PtNDManager scope) {
        if (template.method() == Method.LORA) {
            layout.stacks().forEach(stack -> freezeE(scope, ofTriplets, stack));
        }
        PtNDArray[] ofHead = {
            JniUtils.reshape(Tensors.gradient(head.weight(), scope), new long[] {-1}),
            Tensors.gradient(head.bias(), scope)
        };
        return new Gradient(ofTriplets, JniUtils.cat(ofHead, 0));
    }

    private void freezeE(PtNDManager scope, PtNDArray gradient, TripletLayout.Stack stack) {
        int count = layout.offsetB(stack) - layout.offsetE(stack);
        muli(view(scope, gradient, layout.offsetE(stack), count), scalar(scope, 0));
    }

    /** Logits without a graph; see {@link ResidentAdapter#logits}. */
    float[][] logits(List<int[]> texts) {
        try (PtNDManager scope = scope(manager)) {
            TokenBatch batch = TokenBatch.of(scope, texts);
            TripletBank bank = bank(scope, List.of(inPass(batch.tokens())), 0);
            PtNDArray tokens = model.network().forward(batch, bank);
            Head head = head(scope);
            float[] flat =
                    task.logits(tokens, batch.lengths(), head.weight(), head.bias()).toFloatArray();
            int all = flat.length / texts.size();
            int[] active = labels.activeRows();
            float[][] rows = new float[texts.size()][active.length];
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < active.length; j++) {
                    rows[i][j] = flat[i * all + active[j]];
                }
            }
            return rows;
        }
    }

    /**
     * Everything after the backward pass, in the order of the published code.
     *
     * @return empty if the gradient is not finite; nothing has changed then
     */
    Optional<StepReport> apply(PtNDManager scope, Accumulation passes) {
        PtNDArray penalty =
                template.orthogonality()
                        .addGradient(layout, parameters, passes.gradient().triplets());
        float norm = passes.gradient().norm();
        return Float.isFinite(norm)
                ? Optional.of(apply(scope, passes, norm, penalty.getFloat()))
                : Optional.empty();
    }

    private StepReport apply(PtNDManager scope, Accumulation passes, float norm, float penalty) {
        List<TrainingExample> examples = passes.examples();
        Gradient gradient = passes.gradient();
        OptimizerSettings optimizer = template.optimizer();
        gradient.clip(norm, optimizer.maxGradientNorm());
        double factor = optimizer.learningRateSchedule().factor(progress(examples.size()));
        update(scope, gradient, factor);
        BudgetSchedule.Decision decision = decision();
        if (!decision.frozen()) {
            new Importance(template.sensitivityDecay(), template.uncertaintyDecay())
                    .update(
                            model.kernels(),
                            view(scope, parameters, 0, layout.size()),
                            gradient.triplets(),
                            sensitivity,
                            uncertainty);
        }
        allocate(scope, decision);
        PrequentialScore score = score(examples, passes.predictions());
        meta = meta.afterStep(examples.stream().filter(TrainingExample::truncated).count(), score);
        return new StepReport(
                meta.step(),
                examples.size(),
                passes.tokens(),
                passes.paddedTokens(),
                passes.meanLoss(),
                penalty,
                norm,
                (float) (optimizer.learningRate() * factor),
                decision.budget(),
                budget.liveRanks(layout.rank()),
                decision.mask(),
                score);
    }

    private Progress progress() {
        return new Progress(meta.step(), meta.score().examples());
    }

    /** The progress with a step on so many examples. */
    private Progress progress(int examples) {
        return new Progress(meta.step() + 1, meta.score().examples() + examples);
    }

    private BudgetSchedule.Decision decision() {
        if (template.schedule() instanceof StreamingBudgetSchedule streaming
                && budget.target() != BudgetState.OF_SCHEDULE) {
            return streaming.towards(progress(), layout.triplets(), budget.target());
        }
        return template.schedule().at(progress(), layout.modules().size(), layout.rank());
    }

    private void update(PtNDManager scope, Gradient gradient, double factor) {
        OptimizerSettings optimizer = template.optimizer();
        double learningRate = optimizer.learningRate() * factor;
        if (template.method() == Method.LORA) {
            for (TripletLayout.Stack stack : layout.stacks()) {
                int e = layout.offsetE(stack);
                int b = layout.offsetB(stack);
                int end = b + stack.members().size() * layout.rank() * stack.shape().out();
                updateTriplets(scope, gradient, stack.offset(), e, learningRate);
                updateTriplets(scope, gradient, b, end, learningRate);
            }
        } else {
            updateTriplets(scope, gradient, 0, layout.size(), learningRate);
        }
        updateHead(scope, gradient.head(), optimizer.headLearningRate() * factor);
    }

    /** Rows that have taken part in equally many steps together; those of retired labels rest. */
    private void updateHead(PtNDManager scope, PtNDArray gradient, double learningRate) {
        List<Label> rows = labels.rows();
        int weights = headSize - rows.size();
        int width = weights / rows.size();
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
                updateHead(scope, gradient, 0, headSize, learningRate, first);
            } else if (!first.retired()) {
                updateHead(scope, gradient, from * width, to * width, learningRate, first);
                updateHead(scope, gradient, weights + from, weights + to, learningRate, first);
            }
            from = to;
        }
    }

    private void updateHead(
            PtNDManager scope,
            PtNDArray gradient,
            int from,
            int to,
            double learningRate,
            Label label) {
        update(
                scope,
                layout.size() + from,
                view(scope, gradient, from, to - from),
                learningRate,
                meta.step() + 1 - label.idle());
    }

    private void updateTriplets(
            PtNDManager scope, Gradient gradient, int from, int to, double learningRate) {
        update(
                scope,
                from,
                view(scope, gradient.triplets(), from, to - from),
                learningRate,
                meta.step() + 1);
    }

    /** Updates the parameters from {@code offset} on, as many as {@code gradient} has. */
    private void update(
            PtNDManager scope, int offset, PtNDArray gradient, double learningRate, long number) {
        long size = gradient.size();
        new AdamW(template.optimizer(), model.kernels())
                .update(
                        view(scope, parameters, offset, size),
                        gradient,
                        view(scope, first, offset, size),
                        view(scope, second, offset, size),
                        learningRate,
                        number);
    }

    private void allocate(PtNDManager scope, BudgetSchedule.Decision decision) {
        if (decision.budget() == layout.triplets()) {
            budget = BudgetState.full(layout.triplets()).withTarget(budget.target());
            return;
        }
        boolean[] live = budget.live();
        if (decision.mask()) {
            float[] scores = RankAllocator.scores(layout, values(sensitivity), values(uncertainty));
            live = RankAllocator.keep(scores, decision.budget());
            TripletMask.apply(scope, layout, parameters, live);
        }
        budget = new BudgetState(decision.budget(), live, budget.target());
    }

    private PrequentialScore score(List<TrainingExample> examples, List<Prediction> predictions) {
        return meta.score()
                .plus(
                        examples.stream().mapToInt(TrainingExample::label).toArray(),
                        predictions.stream().mapToInt(Prediction::label).toArray());
    }

    @Override
    public void close() {
        manager.close();
    }
}
