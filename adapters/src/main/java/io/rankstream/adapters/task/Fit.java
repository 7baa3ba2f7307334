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
        /** It is none of the adapter's labels, or one that is no longer in use. */
        UNKNOWN_LABEL,
        /** It is NaN or infinite, or no float. */
        NOT_FINITE,
        /** It is of another kind than what the task learns. */
        OTHER_KIND
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
