package io.rankstream.adapters.state;

import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.probe.Probe;
import io.rankstream.adapters.probe.ProbeSettings;
import io.rankstream.adapters.probe.ProbeState;
import io.rankstream.adapters.replay.KeptExample;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.replay.ReplayState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.Sizes;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an adapter knows beside its model: nothing of it is ever on a device. Each part is empty
 * where its settings want none.
 *
 * @param mixture what speaks beside the head
 * @param drift what is known of changes in its stream
 * @param probes examples that are asked, and never learned from
 * @param replay what it learns from again
 */
public record HostState(
        Optional<MixtureState> mixture,
        Optional<DriftState> drift,
        Optional<ProbeState> probes,
        Optional<ReplayState> replay) {

    /**
     * That of an adapter whose head speaks alone, that nobody watches, and that learns all once.
     */
    public static final HostState EMPTY =
            new HostState(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The same with another mixture. */
    public HostState with(MixtureState other) {
        return new HostState(Optional.of(other), drift, probes, replay);
    }

    /** The same with another watch. */
    public HostState with(DriftState other) {
        return new HostState(mixture, Optional.of(other), probes, replay);
    }

    /** The same with other probes. */
    public HostState with(ProbeState other) {
        return new HostState(mixture, drift, Optional.of(other), replay);
    }

    /** The same with other kept examples. */
    public HostState with(ReplayState other) {
        return new HostState(mixture, drift, probes, Optional.of(other));
    }

    /** Texts that it keeps. */
    public Stream<Tokens> texts() {
        return Stream.concat(
                replay.stream()
                        .flatMap(known -> known.examples().stream())
                        .map(KeptExample::tokens),
                probes.stream()
                        .flatMap(known -> known.periods().stream())
                        .flatMap(period -> period.probes().stream())
                        .map(Probe::tokens));
    }

    /**
     * Requires that it can be of an adapter with this head.
     *
     * @param examples examples that it has learned from
     * @throws IllegalArgumentException if it cannot
     */
    void requireFit(HeadState head, long examples) {
        int labels = head.labels().rows().size();
        mixture.ifPresent(
                known -> {
                    Sizes.require("labels of the mixture", known.labels(), head.bias().length);
                    Sizes.require("features of the mixture", known.features(), head.hidden());
                });
        drift.ifPresent(known -> known.requireFit(labels, head.hidden()));
        replay.ifPresent(known -> known.requireFit(labels, examples));
    }

    /** The same with a mixture, which begins anew where there is none, or without one. */
    HostState mixing(boolean mixes, HeadState head) {
        return new HostState(
                mixes && head.task().saysOneLabel()
                        ? mixture.or(
                                () ->
                                        Optional.of(
                                                MixtureState.empty(
                                                        head.labels().rows().size(),
                                                        head.hidden())))
                        : Optional.empty(),
                drift,
                probes,
                replay);
    }

    /** The same, watched as {@code settings} say, or not, after so many examples. */
    HostState watched(DriftSettings settings, long examples) {
        return new HostState(
                mixture,
                settings.watches()
                        ? Optional.of(
                                drift.orElseGet(() -> DriftState.after(examples)).under(settings))
                        : Optional.empty(),
                probes,
                replay);
    }

    /** The same, probed as {@code settings} say, or not, after so many examples. */
    HostState probed(ProbeSettings settings, long examples) {
        return new HostState(
                mixture,
                drift,
                settings.probes()
                        ? probes.or(() -> Optional.of(ProbeState.after(examples)))
                        : Optional.empty(),
                replay);
    }

    /** The same, with kept examples as {@code settings} say, or none, after so many examples. */
    HostState replaying(ReplaySettings settings, HeadState head, long examples) {
        return new HostState(
                mixture,
                drift,
                probes,
                settings.replays()
                        ? replay.or(
                                () ->
                                        Optional.of(
                                                ReplayState.after(
                                                        examples, head.labels().rows().size())))
                        : Optional.empty());
    }

    /** The same with other labels, of which the new ones were never seen. */
    HostState withLabels(LabelSet labels) {
        return new HostState(
                mixture.map(known -> known.withLabels(labels.rows().size())),
                drift,
                probes.map(known -> known.spelled(target -> spelled(target, labels))),
                replay.map(known -> known.withLabels(labels.rows().size())));
    }

    private static Target spelled(Target target, LabelSet labels) {
        int row = labels.indexOf(target.shown());
        return target instanceof Target.Label && row >= 0
                ? new Target.Label(labels.names().get(row))
                : target;
    }
}
