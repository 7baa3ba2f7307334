package io.rankstream.adapters.training;

import static io.rankstream.adapters.engine.Tensors.leaf;
import static io.rankstream.adapters.engine.Tensors.stored;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.TripletBank;
import io.rankstream.adapters.mixture.Mixture;
import io.rankstream.adapters.state.HeadShape;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.Head;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.PooledHead;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What one adapter on the device says things by; nothing changes when it does. */
final class Speech {

    private final EngineRuntime.LoadedModel model;
    private final TripletLayout layout;
    private final double scale;
    private final HeadShape shape;
    private final Task<?> task;
    private final PooledHead head;
    private final PtNDArray parameters;
    private final Optional<Mixture> mixture;

    /**
     * @param parameters flat: the triplets as {@code triplets} lays them out, then the head
     * @param mixture what speaks beside the head
     */
    Speech(
            EngineRuntime.LoadedModel model,
            TripletState triplets,
            HeadState head,
            PtNDArray parameters,
            Optional<Mixture> mixture) {
        this.model = model;
        this.layout = triplets.layout();
        this.scale = triplets.scale();
        this.shape = head.shape();
        this.task = head.task();
        this.head =
                new PooledHead(
                        head.pooling(), model.network().pooler(), model.architecture().ownHead());
        this.parameters = parameters;
        this.mixture = mixture;
    }

    TripletLayout layout() {
        return layout;
    }

    Task<?> task() {
        return task;
    }

    /** The adapter in a pass, with {@code rows} tokens. */
    TripletBank.Part inPass(int rows) {
        return new TripletBank.Part(parameters, scale, rows);
    }

    /** Triplets of adapters that share a pass, this one the first of them. */
    TripletBank bank(PtNDManager scope, List<TripletBank.Part> adapters, double dropout) {
        return new TripletBank(
                scope,
                layout,
                model.architecture().linearLayers(),
                adapters,
                dropout,
                model.products());
    }

    /** The head, to learn. Of retired labels no text has a probability, nor they a gradient. */
    Head head(PtNDManager scope, LabelSet labels) {
        int offset = layout.size();
        return new Head(
                leaf(scope, parameters, offset, shape.outputs(), shape.hidden()),
                leaf(scope, parameters, offset + shape.weightSize(), shape.outputs()),
                mask(scope, labels),
                shape.form() == HeadForm.OWN
                        ? Optional.of(dense(scope, offset + shape.denseOffset()))
                        : Optional.empty());
    }

    private Head.Dense dense(PtNDManager scope, int offset) {
        int hidden = shape.hidden();
        return new Head.Dense(
                leaf(scope, parameters, offset, hidden, hidden),
                leaf(scope, parameters, offset + shape.denseWeightSize(), hidden));
    }

    private static Optional<PtNDArray> mask(PtNDManager scope, LabelSet labels) {
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
     * What the head's last layer reads of texts; see {@link PooledHead#read}.
     *
     * @param tokens token vectors, window after window and text after text, (tokens, hidden)
     */
    PtNDArray read(PtNDArray tokens, List<Tokens> texts, Head learned) {
        return head.read(
                tokens,
                texts.stream()
                        .flatMap(text -> text.windows().stream())
                        .map(window -> window.ids().length)
                        .toList(),
                learned);
    }

    /** One vector a text of what the head's last layer reads, (texts, features). */
    PtNDArray perText(PtNDArray read, List<Tokens> texts) {
        return head.perText(read, texts.stream().map(Tokens::count).toList());
    }

    /**
     * What was said of texts.
     *
     * @param logits a row a text, in the order of the labels in use: those of the head, or of the
     *     mixture, whose probabilities add up to 1; token after token where texts are not read as a
     *     whole
     * @param vectors what the head's last layer read, one a text, (texts, features)
     */
    record Spoken(float[][] logits, PtNDArray vectors) {}

    /**
     * What is said of texts, without a graph.
     *
     * @param tokens token vectors, text after text, (tokens, hidden)
     */
    Spoken spoken(PtNDManager scope, PtNDArray tokens, List<Tokens> texts, LabelSet labels) {
        Head learned = head(scope, labels);
        PtNDArray read = read(tokens, texts, learned);
        PtNDArray outputs = PooledHead.outputs(read, learned, learned.bias());
        return new Spoken(
                mixture.map(
                                known ->
                                        Voices.logits(
                                                known,
                                                Voices.evidence(outputs, read, texts),
                                                labels))
                        .orElseGet(() -> inUse(outputs.toFloatArray(), texts, labels)),
                perText(read, texts));
    }

    private float[][] inUse(float[] flat, List<Tokens> texts, LabelSet labels) {
        int all = shape.outputs();
        int[] active = task.hasLabels() ? labels.activeRows() : IntStream.range(0, all).toArray();
        float[][] rows = new float[texts.size()][];
        int from = 0;
        for (int i = 0; i < rows.length; i++) {
            int to = from + all * (task.reading() == Reading.WHOLE ? 1 : texts.get(i).count());
            rows[i] = new float[(to - from) / all * active.length];
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = flat[from + j / active.length * all + active[j % active.length]];
            }
            from = to;
        }
        return rows;
    }
}
