package io.rankstream.adapters.task;

/** The layers of a head. */
public enum HeadForm {
    /** One linear layer on the pooled vector. */
    LINEAR,
    /**
     * RoBERTa's and XLM-R's own, as {@code RobertaForSequenceClassification} has it: a linear layer
     * of the width of the vector, tanh, and a linear layer, on the first token's vector. Both are
     * the adapter's.
     */
    OWN
}
