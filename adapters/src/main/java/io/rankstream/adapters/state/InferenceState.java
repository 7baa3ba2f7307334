package io.rankstream.adapters.state;

import io.rankstream.adapters.mixture.MixtureState;
import java.util.Optional;

/**
 * What an adapter says things by, as a value on the host: an {@link AdapterState} without what it
 * takes to learn on.
 *
 * @param meta identity and progress
 * @param triplets values of (P, Λ, Q)
 * @param head its head
 * @param mixture what speaks beside the head
 */
public record InferenceState(
        AdapterMeta meta, TripletState triplets, HeadState head, Optional<MixtureState> mixture) {

    /** That of a whole state. */
    public static InferenceState of(AdapterState state) {
        return new InferenceState(
                state.meta(), state.triplets(), state.head(), state.host().mixture());
    }
}
