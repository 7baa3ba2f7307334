package io.rankstream.adapters.training;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;

/** An adapter cannot be trained with a base model or settings that it was not created with. */
public final class AdapterMismatchException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String difference;

    AdapterMismatchException(AdapterState state, String what, Object found, Object expected) {
        this(
                state.meta().adapterId(),
                "%s %s, but base model and configuration have %s".formatted(what, found, expected));
    }

    private AdapterMismatchException(String adapterId, String difference) {
        super(
                "adapter '%s' has %s: an adapter keeps what it was created with; set it back, or give the new one another id"
                        .formatted(adapterId, difference));
        this.difference = difference;
    }

    static AdapterMismatchException withoutPooler(String adapterId, BaseModel model) {
        return new AdapterMismatchException(
                adapterId,
                "pooling POOLER, but the base model %s has no pooler".formatted(model.name()));
    }

    /** What the adapter has and what it was expected to have, as the end of "it has". */
    public String difference() {
        return difference;
    }

    static void requireSame(AdapterState state, String what, Object found, Object expected) {
        if (!found.equals(expected)) {
            throw new AdapterMismatchException(state, what, found, expected);
        }
    }
}
