package io.rankstream.adapters.task;

import static io.rankstream.adapters.engine.Operations.linear;
import static io.rankstream.adapters.engine.Operations.mean;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Tensors.rows;
import static io.rankstream.adapters.engine.Tensors.split;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.OwnHead;
import java.util.List;
import java.util.Optional;

/** Pooled token vectors and a head of one layer or two. */
public final class PooledHead {

    private final Pooling pooling;
    private final Optional<BaseNetwork.Pooler> pooler;
    private final Optional<OwnHead> own;

    /**
     * @param pooler the base model's, if it has one
     * @param own what a head of two layers is for the base model
     * @throws IllegalArgumentException if pooling takes a pooler and there is none
     */
    public PooledHead(Pooling pooling, Optional<BaseNetwork.Pooler> pooler, Optional<OwnHead> own) {
        if (pooling == Pooling.POOLER && pooler.isEmpty()) {
            throw new IllegalArgumentException(
                    "the pooling is POOLER, but the base model has no pooler");
        }
        this.pooling = pooling;
        this.pooler = pooler;
        this.own = own;
    }

    /**
     * What the head's last layer reads.
     *
     * @param tokens token vectors, text after text, (tokens, hidden)
     * @param lengths tokens of each text
     * @return (texts, hidden), or (tokens, hidden) without pooling
     */
    public PtNDArray read(PtNDArray tokens, List<Integer> lengths, Head head) {
        PtNDArray pooled = pool(tokens, lengths);
        return head.dense()
                .map(layer -> own.orElseThrow().forward(pooled, layer.weight(), layer.ofFeatures()))
                .orElse(pooled);
    }

    /**
     * What the head gives.
     *
     * @param read what its last layer reads, (rows, hidden)
     * @param bias that of the head, masked or not, (outputs)
     * @return (rows, outputs)
     */
    public static PtNDArray outputs(PtNDArray read, Head head, PtNDArray bias) {
        return linear(read, head.weight(), bias);
    }

    /**
     * One vector a text of what the head's last layer reads: without pooling, their mean.
     *
     * @param read as {@link #read} gives it
     * @param lengths tokens of each text, all of its windows together
     * @return (texts, hidden)
     */
    public PtNDArray perText(PtNDArray read, List<Integer> lengths) {
        return pooling == Pooling.NONE
                ? rows(split(read, lengths).stream().map(this::pooled).toList())
                : read;
    }

    /** A row for each text. */
    private PtNDArray pool(PtNDArray tokens, List<Integer> lengths) {
        if (pooling == Pooling.NONE) {
            return tokens;
        }
        PtNDArray vectors = rows(split(tokens, lengths).stream().map(this::pooled).toList());
        return pooling == Pooling.POOLER ? pooler.orElseThrow().forward(vectors) : vectors;
    }

    private PtNDArray pooled(PtNDArray text) {
        return switch (pooling) {
            case CLS, POOLER -> slice(text, 0, 0, 1);
            case MEAN, NONE -> mean(text, 0, true);
        };
    }
}
