package io.rankstream.adapters.task;

import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.tokens.Reading;

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
    POOLER,
    /** None: the head reads the vector of every token. */
    NONE;

    /** Whether a head of this form can read what it makes of a text. */
    public boolean fits(Reading reading, HeadForm form) {
        if (reading != Reading.WHOLE) {
            return this == NONE;
        }
        return form == HeadForm.OWN ? this == CLS || this == MEAN : this != NONE;
    }

    /** The one where none is chosen. */
    public static Pooling usual(Reading reading, HeadForm form) {
        if (reading != Reading.WHOLE) {
            return NONE;
        }
        return form == HeadForm.OWN ? CLS : MEAN;
    }

    /** What a head of two layers reads. */
    public static Pooling of(OwnHead head) {
        return head.readsMean() ? MEAN : CLS;
    }
}
