package io.rankstream.job.train;

import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.probe.ProbeState;
import io.rankstream.adapters.replay.ReplayState;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.HostState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.job.state.AdapterMetaSerializer;
import io.rankstream.job.state.BudgetStateSerializer;
import io.rankstream.job.state.DriftStateSerializer;
import io.rankstream.job.state.HeadStateSerializer;
import io.rankstream.job.state.ImportanceStateSerializer;
import io.rankstream.job.state.MixtureStateSerializer;
import io.rankstream.job.state.MomentStateSerializer;
import io.rankstream.job.state.ProbeStateSerializer;
import io.rankstream.job.state.ReplayStateSerializer;
import io.rankstream.job.state.TripletStateSerializer;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * The named keyed states that one adapter is made of. Every call is about the adapter that is the
 * current key. The states keep the arrays they were given; nobody modifies them afterwards.
 */
public final class AdapterStates {

    /** Whatever gives access to the keyed state of a descriptor. */
    @FunctionalInterface
    public interface Store {
        <T> ValueState<T> getState(ValueStateDescriptor<T> descriptor);
    }

    /** State that tells which adapters exist and how far they are. */
    public static final ValueStateDescriptor<AdapterMeta> META =
            new ValueStateDescriptor<>("meta", AdapterMetaSerializer.INSTANCE);

    private static final ValueStateDescriptor<TripletState> TRIPLETS =
            new ValueStateDescriptor<>("triplets", TripletStateSerializer.INSTANCE);
    private static final ValueStateDescriptor<MomentState> MOMENTS =
            new ValueStateDescriptor<>("moments", MomentStateSerializer.INSTANCE);
    private static final ValueStateDescriptor<ImportanceState> IMPORTANCE =
            new ValueStateDescriptor<>("importance", ImportanceStateSerializer.INSTANCE);
    private static final ValueStateDescriptor<BudgetState> BUDGET =
            new ValueStateDescriptor<>("budget", BudgetStateSerializer.INSTANCE);
    private static final ValueStateDescriptor<HeadState> HEAD =
            new ValueStateDescriptor<>("head", HeadStateSerializer.INSTANCE);
    private static final ValueStateDescriptor<MixtureState> MIXTURE =
            new ValueStateDescriptor<>("mixture", MixtureStateSerializer.INSTANCE);
    private static final ValueStateDescriptor<DriftState> DRIFT =
            new ValueStateDescriptor<>("drift", DriftStateSerializer.INSTANCE);
    private static final ValueStateDescriptor<ProbeState> PROBES =
            new ValueStateDescriptor<>("probes", ProbeStateSerializer.INSTANCE);
    private static final ValueStateDescriptor<ReplayState> REPLAY =
            new ValueStateDescriptor<>("replay", ReplayStateSerializer.INSTANCE);

    /** Names of the states. */
    public static final Set<String> NAMES =
            Stream.of(
                            META,
                            TRIPLETS,
                            MOMENTS,
                            IMPORTANCE,
                            BUDGET,
                            HEAD,
                            MIXTURE,
                            DRIFT,
                            PROBES,
                            REPLAY)
                    .map(StateDescriptor::getName)
                    .collect(Collectors.toUnmodifiableSet());

    private final ValueState<AdapterMeta> meta;
    private final ValueState<TripletState> triplets;
    private final ValueState<MomentState> moments;
    private final ValueState<ImportanceState> importance;
    private final ValueState<BudgetState> budget;
    private final ValueState<HeadState> head;
    private final ValueState<MixtureState> mixture;
    private final ValueState<DriftState> drift;
    private final ValueState<ProbeState> probes;
    private final ValueState<ReplayState> replay;

    AdapterStates(KeyedStateStore store) {
        this(store::getState);
    }

    /**
     * The states of an operator or of a savepoint.
     *
     * @param store gives each of them by its descriptor
     */
    public AdapterStates(Store store) {
        meta = store.getState(META);
        triplets = store.getState(TRIPLETS);
        moments = store.getState(MOMENTS);
        importance = store.getState(IMPORTANCE);
        budget = store.getState(BUDGET);
        head = store.getState(HEAD);
        mixture = store.getState(MIXTURE);
        drift = store.getState(DRIFT);
        probes = store.getState(PROBES);
        replay = store.getState(REPLAY);
    }

    /** Progress of the adapter as it was last written; empty before its first example. */
    Optional<AdapterMeta> meta() throws IOException {
        return Optional.ofNullable(meta.value());
    }

    /** Budget of the adapter as it was last written; only of one that is there. */
    BudgetState budget() throws IOException {
        return budget.value();
    }

    /** What is known of changes in its stream as it was last written; empty if nobody watches. */
    Optional<DriftState> drift() throws IOException {
        return Optional.ofNullable(drift.value());
    }

    /** Its probes as they were last written; empty if it learns from all its examples. */
    Optional<ProbeState> probes() throws IOException {
        return Optional.ofNullable(probes.value());
    }

    /** Labels of the adapter as they were last written; empty before its first example. */
    Optional<LabelSet> labels() throws IOException {
        return Optional.ofNullable(head.value()).map(HeadState::labels);
    }

    /** The adapter as it was last written; empty before its first example. */
    public Optional<AdapterState> read() throws IOException {
        AdapterMeta found = meta.value();
        if (found == null) {
            return Optional.empty();
        }
        return Optional.of(
                new AdapterState(
                        found,
                        triplets.value(),
                        moments.value(),
                        importance.value(),
                        budget.value(),
                        head.value(),
                        new HostState(
                                Optional.ofNullable(mixture.value()),
                                Optional.ofNullable(drift.value()),
                                Optional.ofNullable(probes.value()),
                                Optional.ofNullable(replay.value()))));
    }

    /** Replaces the adapter of the current key. */
    public void write(AdapterState state) throws IOException {
        meta.update(state.meta());
        triplets.update(state.triplets());
        moments.update(state.moments());
        importance.update(state.importance());
        budget.update(state.budget());
        head.update(state.head());
        mixture.update(state.host().mixture().orElse(null));
        drift.update(state.host().drift().orElse(null));
        probes.update(state.host().probes().orElse(null));
        replay.update(state.host().replay().orElse(null));
    }
}
