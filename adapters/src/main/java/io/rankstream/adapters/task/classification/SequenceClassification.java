package io.rankstream.adapters.task.classification;

import static io.rankstream.adapters.engine.Operations.gather;
import static io.rankstream.adapters.engine.Operations.linear;
import static io.rankstream.adapters.engine.Operations.logSoftmax;
import static io.rankstream.adapters.engine.Operations.mean;
import static io.rankstream.adapters.engine.Operations.neg;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Operations.squeeze;
import static io.rankstream.adapters.engine.Tensors.longs;
import static io.rankstream.adapters.engine.Tensors.rows;
import static io.rankstream.adapters.engine.Tensors.split;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.model.BaseNetwork;
import java.util.List;
import java.util.Optional;

/** Sequence classification: pooled token vectors, a linear head, cross entropy. */
public final class SequenceClassification {

    private final Pooling pooling;
    private final Optional<BaseNetwork.Pooler> pooler;

    /**
     * @param pooler the base model's, if it has one
     * @throws IllegalArgumentException if pooling takes a pooler and there is none
     */
    public SequenceClassification(Pooling pooling, Optional<BaseNetwork.Pooler> pooler) {
        if (pooling == Pooling.POOLER && pooler.isEmpty()) {
            throw new IllegalArgumentException(
                    "the pooling is POOLER, but the base model has no pooler");
        }
        this.pooling = pooling;
        this.pooler = pooler;
    }

    /**
     * Logits of the labels.
     *
     * @param tokens token vectors, text after text, (tokens, hidden)
     * @param lengths tokens of each text
     * @param weight head's W, (labels, hidden)
     * @param bias head's b, (labels)
     * @return (texts, labels)
     */
    public PtNDArray logits(
            PtNDArray tokens, List<Integer> lengths, PtNDArray weight, PtNDArray bias) {
        return linear(pool(tokens, lengths), weight, bias);
    }

    /**
     * Log probabilities of the labels.
     *
     * @param tokens token vectors, text after text, (tokens, hidden)
     * @param lengths tokens of each text
     * @param weight head's W, (labels, hidden)
     * @param bias head's b, (labels)
     * @return (texts, labels)
     */
    public PtNDArray logProbabilities(
            PtNDArray tokens, List<Integer> lengths, PtNDArray weight, PtNDArray bias) {
        return logSoftmax(logits(tokens, lengths, weight, bias), 1);
    }

    /** Cross entropy of each text, (texts), in nats. */
    public static PtNDArray losses(PtNDArray logProbabilities, int[] labels) {
        long[] index = new long[labels.length];
        for (int i = 0; i < labels.length; i++) {
            index[i] = labels[i];
        }
        PtNDArray chosen = longs(logProbabilities.getManager(), index, labels.length, 1);
        return neg(squeeze(gather(logProbabilities, chosen, 1), 1));
    }

    /** A row for each text. */
    private PtNDArray pool(PtNDArray tokens, List<Integer> lengths) {
        PtNDArray vectors = rows(split(tokens, lengths).stream().map(this::pooled).toList());
        return pooling == Pooling.POOLER ? pooler.orElseThrow().forward(vectors) : vectors;
    }

    private PtNDArray pooled(PtNDArray text) {
        return switch (pooling) {
            case CLS, POOLER -> slice(text, 0, 0, 1);
            case MEAN -> mean(text, 0, true);
        };
    }
}
