package io.rankstream.adapters.task;

/** The layers of a head. */
public enum HeadForm {
    /** One linear layer on the pooled vector. */
    LINEAR,
    /**
     * What transformers' sequence classification of the base model's family has: a linear layer of
     * the width of the vector, the family's activation, in some a LayerNorm, and a linear layer, on
     * the first token's vector or the mean. All are the adapter's.
     */
    OWN
}
