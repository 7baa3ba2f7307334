package io.rankstream.adapters.task;

import static ai.djl.pytorch.jni.JniUtils.gather;
import static ai.djl.pytorch.jni.JniUtils.linear;
import static ai.djl.pytorch.jni.JniUtils.logSoftmax;
import static ai.djl.pytorch.jni.JniUtils.mean;
import static ai.djl.pytorch.jni.JniUtils.neg;
import static ai.djl.pytorch.jni.JniUtils.slice;
import static ai.djl.pytorch.jni.JniUtils.squeeze;
import static io.rankstream.adapters.tensor.Tensors.longs;
import static io.rankstream.adapters.tensor.Tensors.rows;
import static io.rankstream.adapters.tensor.Tensors.split;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;

/** Sequence classification: pooled token vectors, a linear head, cross entropy. */
public final class SequenceClassification {

    private final Pooling pooling;

    public SequenceClassification(Pooling pooling) {
        this.pooling = pooling;
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
        return logSoftmax(logits(tokens, lengths, weight, bias), 1, DataType.FLOAT32);
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
        return rows(split(tokens, lengths).stream().map(this::pooled).toList());
    }

    private PtNDArray pooled(PtNDArray text) {
        return switch (pooling) {
            case CLS -> slice(text, 0, 0, 1, 1);
            case MEAN -> mean(text, 0, true);
        };
    }
}
