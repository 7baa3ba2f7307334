package io.rankstream.adapters.model.bert;

import static io.rankstream.adapters.engine.Operations.linear;
import static io.rankstream.adapters.engine.Operations.tanh;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.model.BaseNetwork;
import java.util.Map;
import java.util.Optional;

/**
 * BERT's pooler with frozen weights, {@code tanh(x Wᵀ + b)}.
 *
 * @param weight W, (hidden, hidden)
 * @param bias b, (hidden)
 */
record BertPooler(PtNDArray weight, PtNDArray bias) implements BaseNetwork.Pooler {

    /** The pooler among a model's tensors, if they have one. */
    static Optional<BaseNetwork.Pooler> of(Map<String, PtNDArray> tensors) {
        PtNDArray weight = tensors.get(BertTensors.POOLER_WEIGHT);
        return weight == null
                ? Optional.empty()
                : Optional.of(new BertPooler(weight, tensors.get(BertTensors.POOLER_BIAS)));
    }

    @Override
    public PtNDArray forward(PtNDArray first) {
        return tanh(linear(first, weight, bias));
    }
}
