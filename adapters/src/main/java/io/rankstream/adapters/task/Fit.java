package io.rankstream.adapters.task;

import java.util.Optional;

/**
 * Whether a target is one that an adapter can learn.
 *
 * @param <T> what the adapter's task learns
 */
public sealed interface Fit<T> {

    /** Why a target does not fit. */
    enum Reason {
        /** It is none of the adapter's labels. */
        UNKNOWN_LABEL,
        /** It is one of the adapter's labels that is no longer in use. */
        RETIRED_LABEL,
        /** It is NaN or infinite, or no float. */
        NOT_FINITE,
        /** It is no number, which the task learns. */
        NO_NUMBER,
        /** It is no label, which the task learns. */
        NO_LABEL,
        /** It is no part of the text, which the task learns. */
        NO_SPAN
    }

    /** The refusal, if it does not fit. */
    default Optional<Refused<T>> refusal() {
        return Optional.empty();
    }

    /**
     * It fits.
     *
     * @param target what the task learns
     */
    record Ready<T>(T target) implements Fit<T> {}

    /**
     * It does not fit.
     *
     * @param reason why
     * @param message what was found and what was expected, in one sentence
     */
    record Refused<T>(Reason reason, String message) implements Fit<T> {

        @Override
        public Optional<Refused<T>> refusal() {
            return Optional.of(this);
        }
    }
}
