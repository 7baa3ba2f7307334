package io.rankstream.adapters.state;

import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.weights.Sizes;
import java.util.List;
import java.util.Optional;

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
 * @param mixture what it knows beside its model; empty of one whose head speaks alone
 * @param drift what is known of changes in its stream; empty of one that nobody watches
 */
public record AdapterState(
        AdapterMeta meta,
        TripletState triplets,
        MomentState moments,
        ImportanceState importance,
        BudgetState budget,
        HeadState head,
        Optional<MixtureState> mixture,
        Optional<DriftState> drift) {

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
        mixture.ifPresent(
                known -> {
                    Sizes.require("labels of the mixture", known.labels(), head.bias().length);
                    Sizes.require("features of the mixture", known.features(), head.hidden());
                });
        drift.ifPresent(known -> known.requireFit(head.labels().rows().size(), head.hidden()));
    }

    /** One whose head speaks alone, and that nobody watches. */
    public AdapterState(
            AdapterMeta meta,
            TripletState triplets,
            MomentState moments,
            ImportanceState importance,
            BudgetState budget,
            HeadState head) {
        this(meta, triplets, moments, importance, budget, head, Optional.empty(), Optional.empty());
    }

    /**
     * The same state with a mixture, which begins anew where there is none, or without one.
     *
     * @param mixes whether it has one; a task without labels never does
     */
    public AdapterState mixing(boolean mixes) {
        Optional<MixtureState> next =
                mixes && head.task().hasLabels()
                        ? Optional.of(mixture.orElseGet(this::emptyMixture))
                        : Optional.empty();
        return new AdapterState(meta, triplets, moments, importance, budget, head, next, drift);
    }

    /** The same state, watched for changes as {@code settings} say, or not. */
    public AdapterState watched(DriftSettings settings) {
        Optional<DriftState> next =
                settings.watches()
                        ? Optional.of(
                                drift.orElseGet(() -> DriftState.after(meta.score().examples()))
                                        .under(settings))
                        : Optional.empty();
        return new AdapterState(meta, triplets, moments, importance, budget, head, mixture, next);
    }

    private MixtureState emptyMixture() {
        return MixtureState.empty(head.labels().rows().size(), head.hidden());
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
                grown,
                mixture.map(known -> known.withLabels(labels.rows().size())),
                drift);
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
                meta.withVersionAfter(published),
                triplets,
                moments,
                importance,
                budget,
                head,
                mixture,
                drift);
    }

    /**
     * The head as it is published for others: the adapter's own, or both of a mixture's as the one
     * that they are together. Words are not in it.
     */
    public HeadState jointHead() {
        return mixture.map(known -> known.joined(head.weight(), head.bias()))
                .map(
                        joint ->
                                new HeadState(
                                        head.task(),
                                        head.labels(),
                                        head.pooling(),
                                        head.hidden(),
                                        joint.weight(),
                                        joint.bias(),
                                        head.dense()))
                .orElse(head);
    }

    /** The same state, whose base model is called otherwise. */
    public AdapterState withBaseModelName(String name) {
        return new AdapterState(
                meta.withBaseModelName(name),
                triplets,
                moments,
                importance,
                budget,
                head,
                mixture,
                drift);
    }

    /** The same state under another id. */
    public AdapterState withId(String adapterId) {
        return new AdapterState(
                meta.withId(adapterId),
                triplets,
                moments,
                importance,
                budget,
                head,
                mixture,
                drift);
    }
}
