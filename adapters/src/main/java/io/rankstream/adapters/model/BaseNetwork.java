package io.rankstream.adapters.model;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.Optional;

/**
 * A base model's network on a device, with frozen weights; every linear layer of it can carry an
 * update. It is free of state, so threads may share it.
 */
public interface BaseNetwork {

    /** What a model makes of the vectors of first tokens for its own classification head. */
    @FunctionalInterface
    interface Pooler {

        /**
         * Pools.
         *
         * @param first vectors of the texts' first tokens, (texts, hidden); they own the result
         * @return (texts, hidden)
         */
        PtNDArray forward(PtNDArray first);
    }

    /**
     * Token vectors of the last layer.
     *
     * @param batch token ids; its tensors' scope owns the result
     * @param update what adapters add
     * @return (tokens, hidden)
     */
    PtNDArray forward(TokenBatch batch, LinearUpdate update);

    /** The pooler, if the model has one. */
    Optional<Pooler> pooler();
}
