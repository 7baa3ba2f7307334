package io.rankstream.adapters.training;

import static io.rankstream.adapters.engine.Operations.add;
import static io.rankstream.adapters.engine.Operations.mean;
import static io.rankstream.adapters.engine.Tensors.scalar;
import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.split;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Autograd;
import io.rankstream.adapters.method.TripletBank;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.task.Head;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.optimizer.Gradient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One forward and backward pass through the base model for the examples of one adapter or several.
 * The prequential predictions come with the forward pass.
 */
final class TrainingPass {

    /**
     * An adapter's part of a pass.
     *
     * @param microBatch the examples of the adapter's step
     * @param positions which of them the pass is over, at least one
     */
    record Part(DeviceAdapter adapter, List<TrainingExample> microBatch, List<Integer> positions) {

        private List<TrainingExample> examples() {
            return positions.stream().map(microBatch::get).toList();
        }

        private List<Tokens> windows() {
            return examples().stream()
                    .flatMap(example -> example.tokens().windows().stream())
                    .toList();
        }

        int tokens() {
            return examples().stream().mapToInt(TrainingExample::count).sum();
        }
    }

    private final PtNDManager scope;
    private final EngineRuntime.LoadedModel model;
    private final List<Part> parts;
    private final TripletBank bank;
    private final List<Head> heads;
    private final List<PassResult> results = new ArrayList<>();

    private TrainingPass(PtNDManager scope, EngineRuntime.LoadedModel model, List<Part> parts) {
        this.scope = scope;
        this.model = model;
        this.parts = parts;
        this.bank =
                parts.get(0)
                        .adapter()
                        .bank(
                                scope,
                                parts.stream()
                                        .map(part -> part.adapter().inPass(part.tokens()))
                                        .toList());
        this.heads = parts.stream().map(part -> part.adapter().head(scope)).toList();
    }

    /**
     * Predictions, losses and gradients.
     *
     * @param scope owner of the gradients; every other tensor is freed before this returns
     * @param parts adapters that can {@linkplain DeviceAdapter#sharesPassesWith share a pass}
     * @return one result a part, in their order
     */
    static List<PassResult> run(
            PtNDManager scope, EngineRuntime.LoadedModel model, List<Part> parts) {
        try (PtNDManager inner = scope(scope)) {
            TrainingPass pass = new TrainingPass(inner, model, parts);
            PtNDArray loss = pass.forward();
            if (pass.areLossesFinite()) {
                pass.backward(loss, scope);
            }
            return pass.results;
        }
    }

    /** Of every example: their sum may overflow and still have a gradient. */
    private boolean areLossesFinite() {
        return results.stream()
                .flatMap(result -> result.predictions().stream())
                .allMatch(prediction -> Float.isFinite(prediction.loss()));
    }

    /**
     * Sum of the parts' mean losses. What only the forward pass needs is freed here, so that the
     * backward pass can free the rest while it goes.
     */
    private PtNDArray forward() {
        Autograd.record(true);
        try (PtNDManager inner = scope(scope)) {
            List<Tokens> windows = parts.stream().flatMap(part -> part.windows().stream()).toList();
            TokenBatch batch =
                    TokenBatch.of(
                            inner,
                            windows.stream().map(Tokens::ids).toList(),
                            windows.stream().map(Tokens::second).toList());
            PtNDArray tokens = model.network().forward(batch, bank);
            List<PtNDArray> vectors = split(tokens, parts.stream().map(Part::tokens).toList());
            PtNDArray loss = scalar(inner, 0);
            int firstWindow = 0;
            for (int i = 0; i < parts.size(); i++) {
                int end = firstWindow + parts.get(i).windows().size();
                int padded = total(batch.paddedLengths().subList(firstWindow, end));
                loss = add(loss, forward(parts.get(i), vectors.get(i), heads.get(i), padded));
                firstWindow = end;
            }
            loss.attach(scope);
            return loss;
        } finally {
            Autograd.record(false);
        }
    }

    private static int total(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }

    private PtNDArray forward(Part part, PtNDArray vectors, Head head, int padded) {
        DeviceAdapter.Answered answered = part.adapter().answers(vectors, part.examples(), head);
        PtNDArray meanLoss = mean(answered.losses());
        results.add(
                new PassResult(
                        part.positions(),
                        answered.predictions(),
                        answered.evidence(),
                        meanLoss.getFloat(),
                        part.tokens(),
                        padded,
                        Optional.empty()));
        return meanLoss;
    }

    private void backward(PtNDArray loss, PtNDManager owner) {
        Autograd.backward(loss, scope);
        List<PtNDArray> ofTriplets = bank.gradients();
        for (int i = 0; i < parts.size(); i++) {
            Gradient gradient =
                    parts.get(i).adapter().gradient(ofTriplets.get(i), heads.get(i), scope);
            gradient.attach(owner);
            results.set(i, results.get(i).with(gradient));
        }
    }
}
