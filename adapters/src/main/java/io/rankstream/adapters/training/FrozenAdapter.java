package io.rankstream.adapters.training;

import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.stored;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.mixture.Mixture;
import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.InferenceState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.tokens.Tokens;
import java.util.Arrays;
import java.util.List;

/**
 * An adapter on the device that says things and never learns: its parameters alone are there, a
 * fifth of what a {@link ResidentAdapter} has. {@link Learner#answer} asks it. Thread-safe, but it
 * must not be closed while it is asked.
 */
public final class FrozenAdapter implements AutoCloseable {

    /**
     * Texts that an adapter says something of.
     *
     * @param texts texts and pairs, at least one
     */
    public record Texts(FrozenAdapter adapter, List<Tokens> texts) {

        public Texts {
            texts = List.copyOf(texts);
        }
    }

    /** For the training threads. */
    static final class OnDevice implements Speaker {

        private final PtNDManager manager;
        private final Speech speech;
        private final LabelSet labels;

        private OnDevice(EngineRuntime.LoadedModel model, InferenceState state) {
            float[] triplets = state.triplets().values();
            float[] ofHead = state.head().values();
            float[] both = Arrays.copyOf(triplets, triplets.length + ofHead.length);
            System.arraycopy(ofHead, 0, both, triplets.length, ofHead.length);
            this.manager = scope(model.manager());
            this.labels = state.head().labels();
            this.speech =
                    new Speech(
                            model,
                            state.triplets(),
                            state.head(),
                            stored(manager, both),
                            state.mixture().map(Mixture::new));
        }

        @Override
        public Speech speech() {
            return speech;
        }

        /** A row a text, as {@link DeviceAdapter#logits} has it. */
        float[][] logits(PtNDManager scope, PtNDArray tokens, List<Tokens> texts) {
            return speech.spoken(scope, tokens, texts, labels).logits();
        }
    }

    private final EngineRuntime.LoadedModel model;
    private final AdapterMeta meta;
    private final List<String> labels;
    private final Task<?> task;
    private final long bytes;

    /** Null once it is on the device, or closed. Used by the training thread. */
    private InferenceState state;

    /** Null before it is asked the first time. Used by the training threads. */
    private OnDevice device;

    /** It goes to the device when it is asked first, so that nobody waits for a pass to make it. */
    FrozenAdapter(EngineRuntime.LoadedModel model, InferenceState state) {
        this.model = model;
        this.meta = state.meta();
        this.labels = state.head().labels().active();
        this.task = state.head().task();
        this.bytes =
                (long) Float.BYTES
                                * (state.triplets().layout().size() + state.head().shape().size())
                        + state.mixture().map(MixtureState::bytes).orElse(0L);
        this.state = state;
    }

    /** Identity and progress. */
    public AdapterMeta meta() {
        return meta;
    }

    /** Labels in use, in the order of its logits; none where the task has no labels. */
    public List<String> labels() {
        return labels;
    }

    /** What its logits mean. */
    public Task<?> task() {
        return task;
    }

    /** Bytes that it takes on the device and beside it. */
    public long bytes() {
        return bytes;
    }

    /** Makes sure that it is on the device; by the training thread. */
    void place() {
        if (device == null) {
            device = new OnDevice(model, state);
            state = null;
        }
    }

    OnDevice device() {
        return device;
    }

    /** Frees its memory. */
    @Override
    public void close() {
        model.threads()
                .run(
                        () -> {
                            state = null;
                            if (device != null) {
                                device.manager.close();
                            }
                        });
    }
}
