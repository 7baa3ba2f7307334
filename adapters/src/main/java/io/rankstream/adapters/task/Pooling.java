package io.rankstream.adapters.task;

import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.tokens.Reading;
import java.util.Optional;

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

    /** What a head reads by it, in words. */
    public String vectors() {
        return switch (this) {
            case MEAN -> "the mean of the token vectors";
            case CLS -> "the first token's vector";
            case POOLER -> "the output of the base model's pooler";
            case NONE -> "the vector of every token";
        };
    }

    /** The one where none is chosen. */
    public static Pooling usual(Reading reading, HeadForm form) {
        if (reading != Reading.WHOLE) {
            return NONE;
        }
        return form == HeadForm.OWN ? CLS : MEAN;
    }

    /**
     * What the head of two layers reads that is a base model's own.
     *
     * @param own what the base model has, if it has one
     * @return empty where transformers' class for such a reading has one layer
     */
    public static Optional<Pooling> of(Optional<OwnHead> own, Reading reading) {
        return reading == Reading.WHOLE
                ? own.map(head -> head.readsMean() ? MEAN : CLS)
                : own.filter(OwnHead::isOfTokens).map(head -> NONE);
    }
}
