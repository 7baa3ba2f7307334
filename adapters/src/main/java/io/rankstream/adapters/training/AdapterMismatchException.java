package io.rankstream.adapters.training;

import io.rankstream.adapters.state.AdapterState;

/** An adapter cannot be trained with a base model or settings that it was not created with. */
public final class AdapterMismatchException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    AdapterMismatchException(AdapterState state, String what, Object found, Object expected) {
        super(
                "adapter '%s' has %s %s, but base model and configuration have %s: an adapter keeps what it was created with; set it back, or give the new one another id"
                        .formatted(state.meta().adapterId(), what, found, expected));
    }

    static void requireSame(AdapterState state, String what, Object found, Object expected) {
        if (!found.equals(expected)) {
            throw new AdapterMismatchException(state, what, found, expected);
        }
    }
}
