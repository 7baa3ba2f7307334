package io.rankstream.adapters.state;

import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.probe.ProbeSettings;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.task.Task;
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
 * @param host what it knows beside its model
 */
public record AdapterState(
        AdapterMeta meta,
        TripletState triplets,
        MomentState moments,
        ImportanceState importance,
        BudgetState budget,
        HeadState head,
        HostState host) {

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
        host.requireFit(head, meta.score().examples());
    }

    /** One that knows nothing beside its model. */
    public AdapterState(
            AdapterMeta meta,
            TripletState triplets,
            MomentState moments,
            ImportanceState importance,
            BudgetState budget,
            HeadState head) {
        this(meta, triplets, moments, importance, budget, head, HostState.EMPTY);
    }

    /**
     * The same state with a mixture, which begins anew where there is none, or without one.
     *
     * @param mixes whether it has one; a task without labels never does
     */
    public AdapterState mixing(boolean mixes) {
        return with(meta, host.mixing(mixes, head));
    }

    /** The same state, watched for changes as {@code settings} say, or not. */
    public AdapterState watched(DriftSettings settings) {
        return with(meta, host.watched(settings, meta.score().examples()));
    }

    /** The same state, probed for what it forgets as {@code settings} say, or not. */
    public AdapterState probed(ProbeSettings settings) {
        return with(meta, host.probed(settings, meta.score().examples()));
    }

    /** The same state, keeping examples to learn from again as {@code settings} say, or none. */
    public AdapterState replaying(ReplaySettings settings) {
        return with(meta, host.replaying(settings, head, meta.score().examples()));
    }

    /** The same state, knowing something else beside its model. */
    public AdapterState with(HostState other) {
        return with(meta, other);
    }

    private AdapterState with(AdapterMeta meta, HostState host) {
        return new AdapterState(meta, triplets, moments, importance, budget, head, host);
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
                host.withLabels(labels));
    }

    /** The same state by a task that differs in {@linkplain Task#settings settings} alone. */
    public AdapterState by(Task<?> task) {
        return task.equals(head.task())
                ? this
                : new AdapterState(
                        meta, triplets, moments, importance, budget, head.by(task), host);
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
        return with(meta.withVersionAfter(published), host);
    }

    /**
     * The head as it is published for others: the adapter's own, or both of a mixture's as the one
     * that they are together. Words are not in it.
     */
    public HeadState jointHead() {
        return host.mixture()
                .map(known -> known.joined(head.weight(), head.bias()))
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
        return with(meta.withBaseModelName(name), host);
    }

    /** The same state under another id. */
    public AdapterState withId(String adapterId) {
        return with(meta.withId(adapterId), host);
    }
}
