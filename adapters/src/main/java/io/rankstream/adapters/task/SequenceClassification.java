package io.rankstream.adapters.task;

import static ai.djl.pytorch.jni.JniUtils.div;
import static ai.djl.pytorch.jni.JniUtils.gather;
import static ai.djl.pytorch.jni.JniUtils.linear;
import static ai.djl.pytorch.jni.JniUtils.logSoftmax;
import static ai.djl.pytorch.jni.JniUtils.mean;
import static ai.djl.pytorch.jni.JniUtils.mul;
import static ai.djl.pytorch.jni.JniUtils.neg;
import static ai.djl.pytorch.jni.JniUtils.slice;
import static ai.djl.pytorch.jni.JniUtils.squeeze;
import static ai.djl.pytorch.jni.JniUtils.sum;
import static io.rankstream.adapters.tensor.Tensors.longs;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.model.TokenBatch;

/** Sequence classification: pooled token vectors, a linear head, cross entropy. */
public final class SequenceClassification {

    private final Pooling pooling;

    public SequenceClassification(Pooling pooling) {
        this.pooling = pooling;
    }

    /**
     * Logits of the labels.
     *
     * @param tokens token vectors, (size, length, hidden)
     * @param weight head's W, (labels, hidden)
     * @param bias head's b, (labels)
     * @return (size, labels)
     */
    public PtNDArray logits(PtNDArray tokens, TokenBatch batch, PtNDArray weight, PtNDArray bias) {
        return linear(pool(tokens, batch), weight, bias);
    }

    /**
     * Log probabilities of the labels.
     *
     * @param tokens token vectors, (size, length, hidden)
     * @param weight head's W, (labels, hidden)
     * @param bias head's b, (labels)
     * @return (size, labels)
     */
    public PtNDArray logProbabilities(
            PtNDArray tokens, TokenBatch batch, PtNDArray weight, PtNDArray bias) {
        return logSoftmax(logits(tokens, batch, weight, bias), 1, DataType.FLOAT32);
    }

    /** Cross entropy of each text, (size), in nats. */
    public static PtNDArray losses(PtNDArray logProbabilities, int[] labels) {
        long[] index = new long[labels.length];
        for (int i = 0; i < labels.length; i++) {
            index[i] = labels[i];
        }
        PtNDArray chosen = longs(logProbabilities.getManager(), index, labels.length, 1);
        return neg(squeeze(gather(logProbabilities, chosen, 1), 1));
    }

    private PtNDArray pool(PtNDArray tokens, TokenBatch batch) {
        return switch (pooling) {
            case CLS -> squeeze(slice(tokens, 1, 0, 1, 1), 1);
            case MEAN -> meanOverTokens(tokens, batch);
        };
    }

    private static PtNDArray meanOverTokens(PtNDArray tokens, TokenBatch batch) {
        if (batch.real() == null) {
            return mean(tokens, 1, false);
        }
        long[] overTokens = {1};
        return div(
                sum(mul(tokens, batch.real()), overTokens, false),
                sum(batch.real(), overTokens, false));
    }
}
