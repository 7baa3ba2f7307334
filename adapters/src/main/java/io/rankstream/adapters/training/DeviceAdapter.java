package io.rankstream.adapters.training;

import static ai.djl.pytorch.jni.JniUtils.muli;
import static io.rankstream.adapters.tensor.Tensors.leaf;
import static io.rankstream.adapters.tensor.Tensors.scalar;
import static io.rankstream.adapters.tensor.Tensors.scope;
import static io.rankstream.adapters.tensor.Tensors.stored;
import static io.rankstream.adapters.tensor.Tensors.view;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.Importance;
import io.rankstream.adapters.adalora.RankAllocator;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.adalora.TripletBank;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.BertEncoder;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.PrequentialScore;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.SequenceClassification;
import io.rankstream.adapters.training.StepOutcome.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One adapter's tensors and its training step. Parameters and moments are flat tensors: the
 * triplets as {@link TripletLayout} says, then the head's weight and bias. Confined to the training
 * thread.
 */
final class DeviceAdapter implements AutoCloseable {

    private final EngineRuntime.LoadedModel model;
    private final AdapterTemplate template;
    private final SequenceClassification task;
    private final TripletLayout layout;
    private final double alpha;
    private final PtNDManager manager;
    private final PtNDArray parameters;
    private final PtNDArray first;
    private final PtNDArray second;
    private final PtNDArray sensitivity;
    private final PtNDArray uncertainty;
    private final TripletBank bank;
    private final PtNDArray headWeight;
    private final PtNDArray headBias;
    private final int headSize;
    private volatile AdapterMeta meta;
    private BudgetState budget;

    DeviceAdapter(EngineRuntime.LoadedModel model, AdapterState state, AdapterTemplate template) {
        this.model = model;
        this.template = template;
        this.task = new SequenceClassification(state.head().pooling());
        this.layout = state.triplets().layout();
        this.alpha = state.triplets().alpha();
        this.manager = scope(model.manager());
        HeadState head = state.head();
        MomentState moments = state.moments();
        this.headSize = head.weight().length + head.bias().length;
        this.parameters = flat(state.triplets().values(), concat(head.weight(), head.bias()));
        this.first = flat(moments.tripletFirst(), moments.headFirst());
        this.second = flat(moments.tripletSecond(), moments.headSecond());
        this.sensitivity = flat(state.importance().sensitivity(), new float[0]);
        this.uncertainty = flat(state.importance().uncertainty(), new float[0]);
        this.bank =
                new TripletBank(
                        manager,
                        layout,
                        BertEncoder.linearLayers(model.config()),
                        parameters,
                        state.triplets().scale(),
                        template.dropout());
        int labels = head.labels().size();
        this.headWeight = leaf(manager, parameters, layout.size(), labels, head.hidden());
        this.headBias = leaf(manager, parameters, layout.size() + head.weight().length, labels);
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
        long parametersGradientsAndMoments = 4L * (layout.size() + headSize);
        long importance = 2L * layout.size();
        return (parametersGradientsAndMoments + importance) * Float.BYTES;
    }

    int tensors() {
        return manager.getManagedArrays().size();
    }

    void countVersion() {
        meta = meta.afterVersion();
    }

    BudgetState budget() {
        return budget;
    }

    void setBudgetTarget(int triplets) {
        budget = budget.withTarget(triplets);
    }

    AdapterState capture() {
        float[] values = parameters.toFloatArray();
        float[] firsts = first.toFloatArray();
        float[] seconds = second.toFloatArray();
        int triplets = layout.size();
        int weightEnd = triplets + headSize - template.labels().size();
        return new AdapterState(
                meta,
                new TripletState(layout, alpha, Arrays.copyOf(values, triplets)),
                new MomentState(
                        Arrays.copyOf(firsts, triplets),
                        Arrays.copyOf(seconds, triplets),
                        Arrays.copyOfRange(firsts, triplets, firsts.length),
                        Arrays.copyOfRange(seconds, triplets, seconds.length)),
                new ImportanceState(sensitivity.toFloatArray(), uncertainty.toFloatArray()),
                budget,
                new HeadState(
                        template.labels(),
                        template.pooling(),
                        model.config().hiddenSize(),
                        Arrays.copyOfRange(values, triplets, weightEnd),
                        Arrays.copyOfRange(values, weightEnd, values.length)));
    }

    /** Logits without a graph; see {@link ResidentAdapter#logits}. */
    float[][] logits(List<int[]> texts) {
        try (PtNDManager scope = scope(manager)) {
            TokenBatch batch = TokenBatch.of(scope, texts);
            PtNDArray tokens = model.encoder().forward(batch, bank.withoutDropout());
            float[] flat = task.logits(tokens, batch, headWeight, headBias).toFloatArray();
            int labels = flat.length / texts.size();
            float[][] rows = new float[texts.size()][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Arrays.copyOfRange(flat, i * labels, (i + 1) * labels);
            }
            return rows;
        }
    }

    /** One training step; see {@link ResidentAdapter#train}. */
    StepOutcome train(List<TrainingExample> microBatch) {
        List<Refusal> refusals = new ArrayList<>();
        List<Integer> accepted =
                new ArrayList<>(IntStream.range(0, microBatch.size()).boxed().toList());
        while (!accepted.isEmpty()) {
            List<TrainingExample> examples = accepted.stream().map(microBatch::get).toList();
            try (PtNDManager scope = scope(manager)) {
                Accumulation passes = accumulate(scope, examples);
                List<Integer> poison = passes.notFinite();
                if (poison.isEmpty()) {
                    PtNDArray gradient = passes.gradient();
                    PtNDArray penalty =
                            template.orthogonality().addGradient(layout, parameters, gradient);
                    float norm = Gradients.norm(gradient);
                    if (Float.isFinite(norm)) {
                        StepReport report =
                                apply(scope, examples, passes, norm, penalty.getFloat());
                        refusals.sort(Comparator.comparingInt(Refusal::index));
                        return new StepOutcome(
                                accepted, passes.predictions(), refusals, Optional.of(report));
                    }
                    poison = withoutFiniteGradient(examples);
                }
                refuse(poison, accepted, refusals);
            }
        }
        return new StepOutcome(List.of(), List.of(), refusals, Optional.empty());
    }

    private static void refuse(
            List<Integer> poison, List<Integer> accepted, List<Refusal> refusals) {
        for (int position : poison) {
            refusals.add(
                    new Refusal(
                            accepted.get(position),
                            "the example's loss or gradient is not finite; the adapter was left as"
                                    + " it was"));
        }
        accepted.removeAll(poison.stream().map(accepted::get).toList());
    }

    /** The examples whose own gradient is not finite; all of them if only their sum is not. */
    private List<Integer> withoutFiniteGradient(List<TrainingExample> examples) {
        List<Integer> everyone = IntStream.range(0, examples.size()).boxed().toList();
        List<Integer> found = everyone.stream().filter(i -> !finite(examples.get(i))).toList();
        return found.isEmpty() ? everyone : found;
    }

    private boolean finite(TrainingExample example) {
        try (PtNDManager scope = scope(manager)) {
            Accumulation pass = accumulate(scope, List.of(example));
            return Float.isFinite(Gradients.norm(pass.gradient()));
        }
    }

    /** Forward and backward passes of a micro-batch, each of at most the template's examples. */
    private Accumulation accumulate(PtNDManager scope, List<TrainingExample> examples) {
        if (template.dropout() > 0) {
            JniUtils.setSeed(Seeds.derive(meta.seed(), meta.step()));
        }
        int limit = template.examplesPerPass() == 0 ? examples.size() : template.examplesPerPass();
        Accumulation passes = new Accumulation(scope, examples.size());
        for (int from = 0; from < examples.size(); from += limit) {
            int to = Math.min(from + limit, examples.size());
            try (PtNDManager inner = scope(scope)) {
                ForwardPass pass = forward(inner, examples.subList(from, to));
                passes.add(pass);
                if (passes.notFinite().isEmpty()) {
                    passes.addGradient(gradient(inner, pass.meanLoss()), to - from);
                }
            }
        }
        return passes;
    }

    private ForwardPass forward(PtNDManager scope, List<TrainingExample> examples) {
        JniUtils.setGradMode(true);
        try {
            return ForwardPass.of(
                    scope, model.encoder(), bank, task, headWeight, headBias, examples);
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    private PtNDArray gradient(PtNDManager scope, PtNDArray loss) {
        List<PtNDArray> leaves = new ArrayList<>(bank.leaves());
        leaves.add(headWeight);
        leaves.add(headBias);
        PtNDArray gradient = Gradients.of(scope, loss, leaves);
        if (template.method() == Method.LORA) {
            layout.stacks().forEach(stack -> freezeE(scope, gradient, stack));
        }
        return gradient;
    }

    private void freezeE(PtNDManager scope, PtNDArray gradient, TripletLayout.Stack stack) {
        int count = layout.offsetB(stack) - layout.offsetE(stack);
        muli(view(scope, gradient, layout.offsetE(stack), count), scalar(scope, 0));
    }

    /** Everything after the backward pass, in the order of the published code. */
    private StepReport apply(
            PtNDManager scope,
            List<TrainingExample> examples,
            Accumulation passes,
            float norm,
            float penalty) {
        PtNDArray gradient = passes.gradient();
        OptimizerSettings optimizer = template.optimizer();
        Gradients.clip(gradient, norm, optimizer.maxGradientNorm());
        double factor = optimizer.learningRateSchedule().factor(meta.step());
        update(scope, gradient, factor);
        BudgetSchedule.Decision decision = decision();
        if (!decision.frozen()) {
            new Importance(template.sensitivityDecay(), template.uncertaintyDecay())
                    .update(
                            view(scope, parameters, 0, layout.size()),
                            view(scope, gradient, 0, layout.size()),
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

    private BudgetSchedule.Decision decision() {
        if (template.schedule() instanceof StreamingBudgetSchedule streaming
                && budget.target() != BudgetState.OF_SCHEDULE) {
            return streaming.towards(meta.step(), layout.triplets(), budget.target());
        }
        return template.schedule().at(meta.step(), layout.modules().size(), layout.rank());
    }

    private void update(PtNDManager scope, PtNDArray gradient, double factor) {
        OptimizerSettings optimizer = template.optimizer();
        double learningRate = optimizer.learningRate() * factor;
        if (template.method() == Method.LORA) {
            for (TripletLayout.Stack stack : layout.stacks()) {
                int e = layout.offsetE(stack);
                int b = layout.offsetB(stack);
                int end = b + stack.members().size() * layout.rank() * stack.shape().out();
                updatePart(scope, gradient, stack.offset(), e - stack.offset(), learningRate);
                updatePart(scope, gradient, b, end - b, learningRate);
            }
        } else {
            updatePart(scope, gradient, 0, layout.size(), learningRate);
        }
        updatePart(scope, gradient, layout.size(), headSize, optimizer.headLearningRate() * factor);
    }

    private void updatePart(
            PtNDManager scope, PtNDArray gradient, int offset, int size, double learningRate) {
        new AdamW(template.optimizer())
                .update(
                        view(scope, parameters, offset, size),
                        view(scope, gradient, offset, size),
                        view(scope, first, offset, size),
                        view(scope, second, offset, size),
                        learningRate,
                        meta.step() + 1);
    }

    private void allocate(PtNDManager scope, BudgetSchedule.Decision decision) {
        if (decision.budget() == layout.triplets()) {
            budget = BudgetState.full(layout.triplets()).withTarget(budget.target());
            return;
        }
        boolean[] live = budget.live();
        if (decision.mask()) {
            float[] scores =
                    RankAllocator.scores(
                            layout, sensitivity.toFloatArray(), uncertainty.toFloatArray());
            live = RankAllocator.keep(scores, decision.budget());
            bank.prune(live, scope);
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
