package io.rankstream.adapters.state;

import io.rankstream.adapters.weights.Sizes;
import java.util.List;

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
 * @param head its head
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
        Sizes.require("moments of the head", moments.headFirst().length, head.shape().size());
        if (!meta.score().fits(head.labels().rows().size())) {
            throw new IllegalArgumentException(
                    "the score of a %s with %d labels is that of other labels"
                            .formatted(head.task().id(), head.labels().rows().size()));
        }
    }

    /**
     * The same state with other labels: rows of the head, moments and counts of the labels that it
     * has already stay bit for bit, and so does everything else. A new label's moments are zero and
     * its row is one that is outvoted, see {@link HeadState#withLabels}. A state whose task has no
     * labels stays as it is.
     *
     * @param labels labels whose rows begin with those of this state
     */
    public AdapterState withLabels(LabelSet labels) {
        if (!head.task().hasLabels()) {
            return this;
        }
        HeadState grown = head.withLabels(labels, meta.score().examples());
        return new AdapterState(
                meta.withScore(meta.score().withLabels(labels.rows().size())),
                triplets,
                moments.grown(head.shape(), grown.shape()),
                importance,
                budget,
                grown);
    }

    /**
     * The same state with the labels of {@code present} in use or retired as they are there: of
     * those that this state does not know, the rows are new.
     */
    public AdapterState keepingLabelsOf(LabelSet present) {
        return withLabels(head.labels().keeping(present, meta.step()));
    }

    /** The same state for a new adapter, with exactly the labels of its configuration in use. */
    public AdapterState withExactly(List<String> configuration) {
        return withLabels(head.labels().exactly(configuration, meta.step()));
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
