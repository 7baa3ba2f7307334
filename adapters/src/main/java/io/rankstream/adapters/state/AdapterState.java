package io.rankstream.adapters.state;

/**
 * Everything one adapter is, as a value on the host: what is checkpointed, published, rolled back
 * and compared bit for bit. Free of any engine's or stream processor's types. Equality is equality
 * of every bit.
 *
 * @param meta identity, step, version, prequential score
 * @param triplets values of (P, Λ, Q)
 * @param moments optimizer moments of triplets and head
 * @param importance importance EMAs
 * @param budget rank budget and live triplets
 * @param head classification head
 */
public record AdapterState(
        AdapterMeta meta,
        TripletState triplets,
        MomentState moments,
        ImportanceState importance,
        BudgetState budget,
        HeadState head) {

    public AdapterState {
        int tripletValues = triplets.values().length;
        Sizes.require("moments of the triplets", moments.tripletFirst().length, tripletValues);
        Sizes.require("importance", importance.sensitivity().length, tripletValues);
        Sizes.require("live pattern", budget.live().length, triplets.layout().triplets());
        Sizes.require(
                "moments of the head",
                moments.headFirst().length,
                head.weight().length + head.bias().length);
    }

    /**
     * The same state, whose next version comes after {@code published} too: a published version is
     * never written again.
     */
    public AdapterState withVersionAfter(long published) {
        return new AdapterState(
                meta.withVersionAfter(published), triplets, moments, importance, budget, head);
    }

    /** The same state, whose base model is called otherwise. */
    public AdapterState withBaseModelName(String name) {
        return new AdapterState(
                meta.withBaseModelName(name), triplets, moments, importance, budget, head);
    }

    /** The same state under another id. */
    public AdapterState withId(String adapterId) {
        return new AdapterState(
                meta.withId(adapterId), triplets, moments, importance, budget, head);
    }
}
