package io.rankstream.adapters.task;

/** How the token vectors of a text become the one vector that the head reads. */
public enum Pooling {
    /** Mean over the text's tokens, padding left out. */
    MEAN,
    /** Vector of the first token. */
    CLS,
    /**
     * Output of BERT's pooler, {@code tanh(W x + b)} of the first token: what the head of a {@code
     * BertForSequenceClassification} reads. The pooler is the base model's and stays as it is.
     */
    POOLER
}
