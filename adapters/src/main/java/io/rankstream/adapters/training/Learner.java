package io.rankstream.adapters.training;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.method.InitialState;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.FixedSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.InferenceState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Trains adapters over one frozen base model. All learners of a process on one device share one
 * copy of the model, and all learners the training threads, one after the other. Thread-safe.
 */
public final class Learner implements AutoCloseable {

    private final EngineRuntime.Placement placement;
    private final EngineRuntime runtime;
    private final EngineRuntime.LoadedModel model;
    private boolean closed;

    private Learner(EngineRuntime.Placement placement, EngineRuntime runtime, int threads) {
        this.placement = placement;
        this.runtime = runtime;
        this.model = runtime.model(placement, threads);
    }

    /**
     * A learner on the CPU; the rest is as {@link #open(ModelSource, int, ComputeDevice)} has it.
     */
    public static Learner open(ModelSource source, int threads) throws ModelLoadException {
        return open(source, threads, new ComputeDevice.Cpu());
    }

    /**
     * A learner over the base model of {@code source}, which is loaded unless the process has it on
     * {@code device}.
     *
     * @param threads threads that compute at once for this learner; those of other learners have
     *     their own number. 0 takes every core
     * @param device where the base model and the adapters live
     * @throws io.rankstream.adapters.engine.EngineUnavailableException if the engine cannot be
     *     loaded or does not have the device
     * @throws ModelLoadException if the model's files are missing or not what was expected
     * @throws IllegalStateException if the engine was loaded by a job's own class loader
     */
    public static Learner open(ModelSource source, int threads, ComputeDevice device)
            throws ModelLoadException {
        EngineRuntime.Placement placement = new EngineRuntime.Placement(source, device);
        return new Learner(placement, EngineRuntime.acquire(placement), threads);
    }

    /** The base model, as adapters know it that read its encoder alone. */
    public BaseModel baseModel() {
        return model.identity();
    }

    /** The base model as an adapter of {@code pooling} knows it. */
    private BaseModel baseModel(Pooling pooling) {
        return pooling == Pooling.POOLER
                ? model.identityWithPooler().orElse(baseModel())
                : baseModel();
    }

    /** Threads that share a step of this learner. */
    int threads() {
        return model.sharingThreads();
    }

    /** The base model's build. */
    public Architecture architecture() {
        return model.architecture();
    }

    /** Features of a token vector. */
    public int hiddenSize() {
        return model.architecture().hiddenSize();
    }

    /**
     * A new adapter at step 0, which changes nothing yet: AdaLoRA's E is zero, or plain LoRA's B.
     * The seed is derived from the template's and the adapter's id.
     */
    public AdapterState create(String adapterId, TrainingTemplate template) {
        InitialState initial =
                new InitialState(
                        adapterId,
                        baseModel(template.pooling()),
                        new TripletLayout(
                                FixedSettings.of(baseModel(), model.architecture(), template)
                                        .modules(),
                                template.initRank()),
                        template.alpha(),
                        template.labels(),
                        template.head(),
                        hiddenSize());
        return initial.of(template.method(), template.seed())
                .mixing(template.mixture())
                .watched(template.drift())
                .probed(template.probes())
                .replaying(template.replay());
    }

    /**
     * What an adapter would keep for its life if it were created now.
     *
     * @param pooling of an adapter that is compared with it: it says which of the base model's
     *     weights are the adapter's concern
     */
    public FixedSettings fixedSettings(Pooling pooling, TrainingTemplate template) {
        return FixedSettings.of(baseModel(pooling), model.architecture(), template);
    }

    /**
     * What keeps {@code state} from being trained with this base model and {@code template}, each
     * as the end of "it has"; empty if nothing does.
     */
    public List<String> differences(AdapterState state, TrainingTemplate template) {
        List<String> differences =
                new ArrayList<>(
                        FixedSettings.of(state)
                                .differences(fixedSettings(state.head().pooling(), template)));
        if (template.pooling() == Pooling.POOLER && model.identityWithPooler().isEmpty()) {
            differences.add(
                    "pooling POOLER, but the base model %s has no pooler"
                            .formatted(baseModel().name()));
        }
        if (template.head().form() == HeadForm.OWN) {
            ownHeadDifference(template.head()).ifPresent(differences::add);
        }
        if (!state.host().texts().allMatch(this::canRead)) {
            differences.add(
                    "a kept text that the base model %s cannot read, expected %d tokens at most and ids below %d"
                            .formatted(
                                    baseModel().name(),
                                    model.architecture().maxTokens(),
                                    model.architecture().vocabSize()));
        }
        return differences;
    }

    private Optional<String> ownHeadDifference(HeadKind head) {
        Reading reading = head.task().reading();
        Optional<Pooling> expected = Pooling.of(model.architecture().ownHead(), reading);
        if (expected.isEmpty()) {
            return Optional.of(
                    "head OWN, but a %s's own has one layer, on %s"
                            .formatted(
                                    model.architecture().family().name(),
                                    reading == Reading.WHOLE
                                            ? "its pooler: take the head LINEAR and the pooling POOLER"
                                            : "every token: take the head LINEAR"));
        }
        return head.pooling() == expected.get()
                ? Optional.empty()
                : Optional.of(
                        "head OWN and pooling %s, but that of the base model %s reads %s: take the pooling %s"
                                .formatted(
                                        head.pooling(),
                                        baseModel().name(),
                                        expected.get(),
                                        expected.get()));
    }

    /** Whether the base model has an id for each token, and a place and a type. */
    private boolean canRead(Tokens tokens) {
        return tokens.windows().stream().allMatch(this::canReadWindow);
    }

    private boolean canReadWindow(Tokens window) {
        int[] ids = window.ids();
        Architecture architecture = model.architecture();
        return ids.length <= architecture.maxTokens()
                && Arrays.stream(ids).allMatch(id -> id < architecture.vocabSize())
                && (window.second() == ids.length || architecture.tokenTypes() > 1);
    }

    /**
     * Copies {@code state} to the device, ready to train. Its labels stay as they are, whatever the
     * template's are: see {@link TrainingTemplate#relabeled}. It calls its base model what it did
     * before, unless the source of the model gives a name.
     *
     * @throws AdapterMismatchException if there are {@link #differences}
     */
    public ResidentAdapter admit(AdapterState state, TrainingTemplate template) {
        List<String> differences = differences(state, template);
        if (!differences.isEmpty()) {
            throw new AdapterMismatchException(state.meta().adapterId(), differences);
        }
        AdapterState named =
                placement
                        .source()
                        .givenName()
                        .map(state::withBaseModelName)
                        .orElse(state)
                        .by(template.head().task())
                        .mixing(template.mixture())
                        .watched(template.drift())
                        .probed(template.probes())
                        .replaying(template.replay());
        return new ResidentAdapter(
                model.threads(),
                model.threads().call(() -> new DeviceAdapter(model, named, template)));
    }

    /**
     * An adapter that says things by {@code state}, and never learns.
     *
     * @throws AdapterMismatchException if there are {@link #differences(InferenceState)}
     */
    public FrozenAdapter freeze(InferenceState state) {
        List<String> differences = differences(state);
        if (!differences.isEmpty()) {
            throw new AdapterMismatchException(state.meta().adapterId(), differences);
        }
        return new FrozenAdapter(model, state);
    }

    /**
     * What keeps {@code state} from saying things with this base model, each as the end of "it
     * has"; empty if nothing does.
     */
    public List<String> differences(InferenceState state) {
        BaseModel expected = baseModel(state.head().pooling());
        if (!state.meta().baseModel().sha256().equals(expected.sha256())) {
            return List.of(
                    "base model %s, expected %s".formatted(state.meta().baseModel(), expected));
        }
        return model.architecture().linearLayers().containsAll(state.triplets().layout().modules())
                ? List.of()
                : List.of("modules that the base model %s lacks".formatted(expected.name()));
    }

    /**
     * Logits of texts of several frozen adapters, as {@link ResidentAdapter#logits} gives them.
     * They share passes and differ by rounding as those of {@link #logits} do.
     *
     * @param batches of different adapters
     * @return a row a text for each batch, in their order
     */
    public List<float[][]> answer(List<FrozenAdapter.Texts> batches) {
        return model.threads().call(() -> FrozenPass.answer(model, batches));
    }

    /**
     * One optimizer step of each of several adapters, as {@link ResidentAdapter#train} takes it.
     * Adapters of equal modules and rank share the passes through the base model, unless they use
     * dropout; a step differs from the one that an adapter would take alone by rounding.
     *
     * @param bundle micro-batches of different adapters
     * @return one outcome a micro-batch, in their order
     */
    public List<StepOutcome> train(List<AdapterBatch> bundle) {
        if (bundle.stream().map(AdapterBatch::adapter).distinct().count() < bundle.size()) {
            throw new IllegalArgumentException(
                    "a bundle has several micro-batches of one adapter, expected one at most");
        }
        List<PendingStep> steps =
                bundle.stream()
                        .map(batch -> new PendingStep(batch.adapter().device(), batch.examples()))
                        .toList();
        model.threads().run(() -> Bundle.take(model, steps));
        return steps.stream().map(PendingStep::outcome).toList();
    }

    /**
     * Logits of texts of several adapters, as {@link ResidentAdapter#logits} gives them. Adapters
     * of equal modules and rank share the passes through the base model; logits differ from those
     * that an adapter would give alone by rounding.
     *
     * @param batches of different adapters
     * @return a row a text for each batch, in their order
     */
    public List<float[][]> logits(List<TextBatch> batches) {
        return read(batches, DeviceAdapter::logits);
    }

    /**
     * As {@link #logits}; and adapters whose {@link ResidentAdapter#watchesInputs inputs are
     * watched} take notice of the texts, which changes nothing of what they learn or say.
     */
    public List<Predicted> predict(List<TextBatch> batches) {
        return read(batches, DeviceAdapter::predict);
    }

    private <T> List<T> read(List<TextBatch> batches, ForwardPass.Reader<DeviceAdapter, T> reader) {
        List<ForwardPass.Part<DeviceAdapter>> parts =
                batches.stream()
                        .map(
                                batch ->
                                        new ForwardPass.Part<>(
                                                batch.adapter().device(), batch.texts()))
                        .toList();
        return model.threads()
                .call(() -> model.whole(() -> ForwardPass.read(model, parts, reader)));
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
            runtime.release(placement);
        }
    }
}
