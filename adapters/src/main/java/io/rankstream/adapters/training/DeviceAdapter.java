package io.rankstream.adapters.training;

import static io.rankstream.adapters.engine.Tensors.leaf;
import static io.rankstream.adapters.engine.Tensors.scope;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.Progress;
import io.rankstream.adapters.drift.DriftMode;
import io.rankstream.adapters.drift.DriftStanding;
import io.rankstream.adapters.drift.DriftWatch;
import io.rankstream.adapters.engine.Autograd;
import io.rankstream.adapters.engine.Operations;
import io.rankstream.adapters.engine.Tensors;
import io.rankstream.adapters.method.TripletBank;
import io.rankstream.adapters.mixture.Evidence;
import io.rankstream.adapters.mixture.Mixture;
import io.rankstream.adapters.probe.Forgetting;
import io.rankstream.adapters.probe.Probe;
import io.rankstream.adapters.probe.Probes;
import io.rankstream.adapters.replay.KeptExample;
import io.rankstream.adapters.replay.ReplayBuffer;
import io.rankstream.adapters.replay.ReplayDraw;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HostState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.Seeds;
import io.rankstream.adapters.task.Answers;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.Head;
import io.rankstream.adapters.task.PooledHead;
import io.rankstream.adapters.task.Scale;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.optimizer.AdapterTensors;
import io.rankstream.adapters.training.optimizer.Gradient;
import io.rankstream.adapters.training.optimizer.OptimizerStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/** One adapter on the device: its tensors, its progress and its steps. For one thread at a time. */
final class DeviceAdapter implements Speaker, AutoCloseable {

    private final EngineRuntime.LoadedModel model;
    private final TrainingTemplate template;
    private final Task<?> task;
    private final Speech speech;
    private final AdapterTensors tensors;
    private final OptimizerStep step;
    private final Optional<Mixture> mixture;
    private final Optional<DriftWatch> drift;
    private final Optional<Probes> probes;
    private final Optional<ReplayBuffer> replay;
    private final long firstStep;
    private final boolean unlearned;
    private volatile LabelSet labels;
    private volatile AdapterMeta meta;
    private BudgetState budget;

    DeviceAdapter(EngineRuntime.LoadedModel model, AdapterState state, TrainingTemplate template) {
        this.model = model;
        this.template = template;
        this.task = state.head().task();
        this.tensors = new AdapterTensors(model.manager(), state);
        this.step = new OptimizerStep(template, model.kernels(), tensors);
        this.mixture = state.host().mixture().map(Mixture::new);
        this.speech =
                new Speech(model, state.triplets(), state.head(), tensors.parameters(), mixture);
        this.drift = state.host().drift().map(known -> new DriftWatch(known, template.drift()));
        this.probes = state.host().probes().map(known -> new Probes(known, template.probes()));
        this.replay =
                state.host()
                        .replay()
                        .map(
                                kept ->
                                        new ReplayBuffer(
                                                kept,
                                                template.replay(),
                                                task.hasLabels(),
                                                draws(state.meta().seed())));
        this.firstStep = state.meta().step();
        this.unlearned = firstStep == 0 && isZero(state.head().bias());
        this.labels = state.head().labels();
        this.meta = state.meta();
        this.budget = state.budget();
    }

    /** What the number of an example draws for its place among those that are kept. */
    private static LongUnaryOperator draws(long seed) {
        long own = Seeds.derive(seed, "replay");
        return number -> Seeds.derive(own, number);
    }

    private static boolean isZero(float[] bias) {
        return Arrays.equals(bias, new float[bias.length]);
    }

    @Override
    public Speech speech() {
        return speech;
    }

    AdapterMeta meta() {
        return meta;
    }

    long bytes() {
        return tensors.bytes();
    }

    int tensors() {
        return tensors.count();
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

    void setBudgetTargetOfFleet(int triplets) {
        budget = budget.withTargetOfFleet(triplets);
    }

    /** Triplets that its schedule ends at. */
    int budgetTarget() {
        return budget.target() == BudgetState.OF_SCHEDULE
                ? template.schedule()
                        .at(
                                new Progress(Long.MAX_VALUE, Long.MAX_VALUE),
                                tensors.layout().modules().size(),
                                tensors.layout().rank())
                        .budget()
                : budget.target();
    }

    /** Labels, a row of the head each; the rows stay the same as long as it is on the device. */
    LabelSet labels() {
        return labels.after(meta.step() - firstStep);
    }

    AdapterState capture() {
        return tensors.capture(
                meta,
                budget,
                labels(),
                new HostState(
                        mixture.map(Mixture::state),
                        drift.map(DriftWatch::state),
                        probes.map(Probes::state),
                        replay.map(ReplayBuffer::state)));
    }

    /** What was found of changes in its stream; empty if nobody watches. */
    Optional<DriftStanding> drift() {
        return drift.map(DriftWatch::standing);
    }

    /** Its stream is about to change. */
    void expectDrift() {
        watch().expect(mixture);
        replay.ifPresent(ReplayBuffer::expectChange);
    }

    /** The newest alarm was right. */
    void confirmDrift() {
        watch().confirm();
        replay.ifPresent(ReplayBuffer::confirmChange);
    }

    /** The newest alarm was false. */
    void dismissDrift() {
        watch().dismiss();
        replay.ifPresent(ReplayBuffer::dismissChange);
    }

    private DriftWatch watch() {
        return drift.orElseThrow(
                () -> new IllegalStateException("nobody watches adapter " + meta.adapterId()));
    }

    /** What its probes told when they were asked last; empty without any. */
    Optional<Forgetting.Retained> retained() {
        return probes.flatMap(Probes::retained);
    }

    /** Whether an example is never to be learned from. */
    boolean withholds(TrainingExample example) {
        return probes.isPresent() && probes.get().withholds(draw(example));
    }

    /** Keeps an example that it {@link #withholds}. */
    void withhold(TrainingExample example) {
        probes.orElseThrow().withheld(draw(example), example.tokens(), spelled(task, example));
    }

    private long draw(TrainingExample example) {
        return Seeds.derive(meta.seed(), example.tokenIds());
    }

    private <T> Target spelled(Task<T> ofTask, TrainingExample example) {
        return ofTask.told(learnt(ofTask, example.target(), example.tokens()), labels);
    }

    /**
     * What it says of an example.
     *
     * @param outputs as {@link #logits} has them
     */
    Prediction predicted(float[] outputs, TrainingExample example) {
        List<String> active = labels.active();
        Target truth = spelled(task, example);
        Target said = task.said(outputs, example.tokens(), active);
        return new Prediction(
                said,
                truth,
                said instanceof Target.Label label
                        ? task.probabilities(outputs, active).get(label.name())
                        : Float.NaN,
                task.loss(outputs, example.tokens(), active, truth));
    }

    /**
     * How well it answers a probe; empty if it cannot any more.
     *
     * @param outputs as {@link #logits} has them
     */
    OptionalDouble answer(float[] outputs, Probe probe) {
        if (refusal(probe.target(), probe.tokens()).isPresent()) {
            return OptionalDouble.empty();
        }
        double merit =
                task.merit(task.said(outputs, probe.tokens(), labels.active()), probe.target());
        return Double.isFinite(merit) ? OptionalDouble.of(merit) : OptionalDouble.empty();
    }

    /** What all probes tell, if their period is over. */
    Optional<Forgetting> endProbePeriod(Function<List<Probe>, List<OptionalDouble>> ask) {
        return probes.filter(Probes::isPeriodOver).flatMap(known -> known.endPeriod(ask));
    }

    /** What a step of so many new examples learns from again, as its buffer is now. */
    ReplayDraw replay(int fresh) {
        return replay.map(buffer -> buffer.draw(fresh, classes())).orElse(ReplayDraw.NONE);
    }

    private int[] classes() {
        return task.hasLabels() ? labels.activeRows() : new int[] {0};
    }

    /** A kept example, to learn from. */
    TrainingExample trainingExample(KeptExample kept) {
        return new TrainingExample(
                kept.tokens(),
                task.hasLabels()
                        ? new Target.Label(labels.names().get(kept.row()))
                        : new Target.Numeric(kept.value()));
    }

    /** A kept example is not to be learned from again. */
    void forget(KeptExample kept) {
        replay.orElseThrow().forget(kept);
    }

    EngineRuntime.LoadedModel model() {
        return model;
    }

    /** Why a target is not one that it can learn of a text; empty if it is. */
    Optional<? extends Fit.Refused<?>> refusal(Target target, Tokens text) {
        return task.fitIn(text, target, meta.adapterId(), labels).refusal();
    }

    /**
     * What a pass found for this adapter's examples.
     *
     * @param losses of each, with a graph
     * @param predictions of each, by the head alone
     * @param evidence of each, for the mixture and for the watch over inputs; none without either
     */
    record Answered(PtNDArray losses, List<Prediction> predictions, List<Evidence> evidence) {}

    /**
     * A step that was taken.
     *
     * @param report what it did
     * @param predictions of its examples, from before it
     */
    record Taken(StepReport report, List<Prediction> predictions) {}

    /**
     * What the adapter says of examples, and how far that is from the truth.
     *
     * @param tokens token vectors, text after text, (tokens, hidden)
     * @param learned the head
     */
    Answered answers(PtNDArray tokens, List<TrainingExample> examples, Head learned) {
        List<Tokens> texts = examples.stream().map(TrainingExample::tokens).toList();
        PtNDArray read = speech.read(tokens, texts, learned);
        PtNDArray outputs = PooledHead.outputs(read, learned, learned.maskedBias());
        List<Evidence> evidence =
                mixture.isPresent() || Voices.watchesInputs(drift)
                        ? Voices.evidence(outputs, speech.perText(read, texts), texts)
                        : List.of();
        return answers(task, outputs, examples, evidence);
    }

    private <T> Answered answers(
            Task<T> ofTask,
            PtNDArray outputs,
            List<TrainingExample> examples,
            List<Evidence> evidence) {
        List<T> targets =
                examples.stream()
                        .map(example -> learnt(ofTask, example.target(), example.tokens()))
                        .toList();
        Answers<T> answers =
                ofTask.answers(
                        outputs, examples.stream().map(TrainingExample::tokens).toList(), targets);
        float[] losses = answers.losses().toFloatArray();
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            Answers.Said<T> said = answers.said().get(i);
            predictions.add(
                    new Prediction(
                            ofTask.told(said.value(), labels),
                            ofTask.told(targets.get(i), labels),
                            said.probability(),
                            losses[i]));
        }
        return new Answered(answers.losses(), predictions, evidence);
    }

    private <T> T learnt(Task<T> ofTask, Target target, Tokens text) {
        Fit<T> fit = ofTask.fitIn(text, target, meta.adapterId(), labels);
        if (fit instanceof Fit.Ready<T> ready) {
            return ready.target();
        }
        throw new IllegalArgumentException(fit.refusal().orElseThrow().message());
    }

    /** Most examples of a forward and backward pass. */
    int examplesPerPass() {
        return template.examplesPerPass() == 0 ? Integer.MAX_VALUE : template.examplesPerPass();
    }

    /** Whether one pass can serve both. Dropout draws from an adapter's own seed, so it cannot. */
    boolean sharesPassesWith(DeviceAdapter other) {
        return !usesDropout() && !other.usesDropout() && isLaidOutAs(other);
    }

    /** Whether both have equal modules and rank. */
    boolean isLaidOutAs(DeviceAdapter other) {
        return tensors.layout().equals(other.tensors.layout());
    }

    /** Whether passes draw random numbers, so that their order matters. */
    boolean usesDropout() {
        return template.dropout() > 0;
    }

    /** Makes the next passes draw what this step draws, whatever was drawn before. */
    void seedDropout() {
        if (usesDropout()) {
            Autograd.seed(Seeds.derive(meta.seed(), meta.step()));
        }
    }

    /** This adapter in a pass, with {@code rows} tokens. */
    TripletBank.Part inPass(int rows) {
        return speech.inPass(rows);
    }

    /** Triplets of adapters that share a pass, this one the first of them. */
    TripletBank bank(PtNDManager scope, List<TripletBank.Part> adapters) {
        return speech.bank(scope, adapters, template.dropout());
    }

    /** The head, to learn. Of retired labels no text has a probability, nor they a gradient. */
    Head head(PtNDManager scope) {
        return speech.head(scope, labels);
    }

    /**
     * Gradient of a pass.
     *
     * @param ofTriplets flat
     * @param learned what the pass learned the head as
     */
    Gradient gradient(PtNDArray ofTriplets, Head learned, PtNDManager scope) {
        step.freeze(scope, ofTriplets);
        PtNDArray[] ofHead =
                learned.leaves().stream()
                        .map(leaf -> Operations.reshape(Tensors.gradient(leaf, scope), -1))
                        .toArray(PtNDArray[]::new);
        return new Gradient(ofTriplets, Operations.cat(ofHead, 0));
    }

    /**
     * Logits without a graph, a row a text, as {@link Speech#spoken} has them.
     *
     * @param tokens token vectors, text after text, (tokens, hidden)
     */
    float[][] logits(PtNDManager scope, PtNDArray tokens, List<Tokens> texts) {
        return speech.spoken(scope, tokens, texts, labels).logits();
    }

    /** As {@link #logits}, but where inputs are watched, notice is taken of the texts. */
    Predicted predict(PtNDManager scope, PtNDArray tokens, List<Tokens> texts) {
        Speech.Spoken spoken = speech.spoken(scope, tokens, texts, labels);
        List<StepInputAlarm> alarms = new ArrayList<>();
        float[][] vectors = Voices.rows(spoken.vectors(), texts.size());
        if (watchesInputs()) {
            for (int i = 0; i < vectors.length; i++) {
                float[] logits = spoken.logits()[i];
                if (Voices.isFinite(logits)) {
                    double sure = task.saysOneLabel() ? Voices.largestShare(logits) : Double.NaN;
                    alarms.addAll(Voices.saw(drift, i, sure, vectors[i]));
                }
            }
        }
        return new Predicted(spoken.logits(), Voices.norms(vectors), alarms);
    }

    /** Whether texts that it predicts change what it knows. */
    boolean watchesInputs() {
        return Voices.watchesInputs(drift);
    }

    /**
     * Everything after the backward pass.
     *
     * @param fresh the new examples of all passes
     * @param replayed the kept ones, which the passes have after them
     * @return empty if the gradient is not finite; nothing has changed then
     */
    Optional<Taken> apply(
            PtNDManager scope,
            List<TrainingExample> fresh,
            ReplayDraw replayed,
            Accumulation passes) {
        Optional<Scale> scale = scale(task, fresh);
        scale.ifPresent(
                units -> {
                    if (starts()) {
                        passes.gradient().scale(0);
                    } else {
                        step.rescale(scope, passes.gradient(), units);
                    }
                });
        PtNDArray penalty = step.regularise(passes.gradient());
        float norm = passes.gradient().norm();
        return Float.isFinite(norm)
                ? Optional.of(
                        apply(scope, fresh, replayed, passes, scale, norm, penalty.getFloat()))
                : Optional.empty();
    }

    /** Whether the step begins its head, which has learned nothing: then no gradient is of use. */
    private boolean starts() {
        return unlearned && meta.step() == firstStep;
    }

    private <T> Optional<Scale> scale(Task<T> ofTask, List<TrainingExample> examples) {
        return ofTask.scale(
                ofTask.own(meta.score()),
                learnt(ofTask, examples.stream().map(TrainingExample::target).toList(), examples));
    }

    private Taken apply(
            PtNDManager scope,
            List<TrainingExample> fresh,
            ReplayDraw replayed,
            Accumulation passes,
            Optional<Scale> scale,
            float norm,
            float penalty) {
        Gradient gradient = passes.gradient();
        Progress done = new Progress(meta.step(), meta.score().examples());
        Progress reached = new Progress(done.steps() + 1, done.examples() + fresh.size());
        if (starts()) {
            scale.ifPresent(units -> step.start(scope, units));
        }
        float learningRate = step.update(scope, gradient, norm, reached, labels.rows(), scale);
        OptimizerStep.Allocation allocation = step.allocate(scope, gradient, done, budget);
        budget = allocation.budget();
        Voices.Learned learned =
                mixture.map(known -> Voices.learned(known, passes, fresh, labels, drift))
                        .orElseGet(() -> Voices.told(passes, fresh, task.saysOneLabel(), drift));
        relearn(replayed.examples(), passes);
        replay.ifPresent(buffer -> keep(buffer, fresh, replayed, learned));
        Score<?> score = scored(task, learned, fresh);
        probes.ifPresent(known -> known.learned(fresh.size()));
        int replayedTokens = replayed.tokens();
        meta = meta.afterStep(fresh.stream().filter(TrainingExample::truncated).count(), score);
        return new Taken(
                new StepReport(
                        meta.step(),
                        fresh.size(),
                        passes.tokens() - replayedTokens,
                        passes.paddedTokens(),
                        passes.meanLoss(fresh.size()),
                        penalty,
                        norm,
                        learningRate,
                        allocation.decision().budget(),
                        budget.liveRanks(tensors.layout().rank()),
                        allocation.decision().mask(),
                        score,
                        learned.alarms(),
                        drift.map(known -> known.alarms().raised()).orElse(0L),
                        learned.inputAlarms(),
                        allocation.importance(),
                        new StepReport.Replayed(replayed.examples().size(), replayedTokens)),
                learned.predictions());
    }

    /** The online head learns from the vectors that the passes have found of kept examples. */
    private void relearn(List<KeptExample> replayed, Accumulation passes) {
        if (mixture.isPresent()) {
            List<Evidence> evidence = passes.evidence();
            int fresh = evidence.size() - replayed.size();
            int[] rows = labels.activeRows();
            for (int i = 0; i < replayed.size(); i++) {
                mixture.get()
                        .relearn(evidence.get(fresh + i).vector(), rows, replayed.get(i).row());
            }
        }
    }

    private void keep(
            ReplayBuffer buffer,
            List<TrainingExample> fresh,
            ReplayDraw replayed,
            Voices.Learned learned) {
        buffer.drawn(replayed);
        for (int i = 0; i < fresh.size(); i++) {
            Prediction prediction = learned.predictions().get(i);
            buffer.learned(
                    row(prediction.target()),
                    row(prediction.said()),
                    prediction.target() instanceof Target.Numeric number ? number.value() : 0,
                    fresh.get(i).tokens());
        }
        boolean certain = template.drift().mode() == DriftMode.ANSWER;
        for (StepAlarm raised : learned.alarms()) {
            buffer.changed(raised.alarm().beginning(), certain);
        }
    }

    private int row(Target target) {
        return task.hasLabels() ? labels.indexOf(target.shown()) : 0;
    }

    private <T> Score<T> scored(
            Task<T> ofTask, Voices.Learned learned, List<TrainingExample> examples) {
        Map<String, List<T>> byParts = new LinkedHashMap<>();
        learned.byParts()
                .forEach((part, said) -> byParts.put(part, learnt(ofTask, said, examples)));
        List<Prediction> predictions = learned.predictions();
        return ofTask.own(meta.score())
                .plus(
                        learnt(
                                ofTask,
                                predictions.stream().map(Prediction::target).toList(),
                                examples),
                        learnt(
                                ofTask,
                                predictions.stream().map(Prediction::said).toList(),
                                examples),
                        byParts);
    }

    /** One target an example. */
    private <T> List<T> learnt(
            Task<T> ofTask, List<Target> targets, List<TrainingExample> examples) {
        return IntStream.range(0, targets.size())
                .mapToObj(i -> learnt(ofTask, targets.get(i), examples.get(i).tokens()))
                .toList();
    }

    @Override
    public void close() {
        tensors.close();
    }
}
