package io.rankstream.adapters.model.bert;

import static ai.djl.pytorch.jni.JniUtils.linear;
import static ai.djl.pytorch.jni.JniUtils.tanh;
import static io.rankstream.adapters.engine.Tensors.floats;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.weights.HostTensor;
import java.util.Map;
import java.util.Optional;

/** BERT's pooler with frozen weights. They live in the manager that it was made with. */
public final class BertPooler {

    private final PtNDArray weight;
    private final PtNDArray bias;

    private BertPooler(PtNDArray weight, PtNDArray bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /** Copies the pooler of {@code model}, if it has one, to the device of {@code manager}. */
    public static Optional<BertPooler> of(PretrainedModel model, PtNDManager manager) {
        if (!model.hasPooler()) {
            return Optional.empty();
        }
        Map<String, HostTensor> pooler = model.pooler();
        int hidden = model.config().hiddenSize();
        return Optional.of(
                new BertPooler(
                        floats(
                                manager,
                                pooler.get(BertTensors.POOLER_WEIGHT).values(),
                                hidden,
                                hidden),
                        floats(manager, pooler.get(BertTensors.POOLER_BIAS).values(), hidden)));
    }

    /**
     * {@code tanh(x Wᵀ + b)}.
     *
     * @param first vectors of the texts' first tokens, (texts, hidden); they own the result
     * @return (texts, hidden)
     */
    public PtNDArray forward(PtNDArray first) {
        return tanh(linear(first, weight, bias));
    }
}
