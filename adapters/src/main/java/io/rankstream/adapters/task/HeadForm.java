package io.rankstream.adapters.task;

/** The layers of a head. */
public enum HeadForm {
    /** One linear layer on the pooled vector. */
    LINEAR,
    /**
     * What transformers' class for the task has in the base model's family: a linear layer of the
     * width of the vector, the family's activation, in some a LayerNorm, and a linear layer, on the
     * first token's vector or the mean, or on the vector of every token. All are the adapter's.
     */
    OWN
}
