package io.rankstream.adapters.training;

import io.rankstream.adapters.probe.Forgetting;
import io.rankstream.adapters.replay.ReplayDraw;
import io.rankstream.adapters.training.StepOutcome.Refusal;
import io.rankstream.adapters.training.StepOutcome.Withheld;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The optimizer step of one adapter on the way: which examples it will learn from, new ones and
 * then kept ones. A kept one that is refused is not kept any longer.
 */
final class PendingStep {

    private static final String NOT_FINITE =
            "the example's loss or gradient is not finite; the adapter was left as it was";

    private final DeviceAdapter adapter;
    private final List<TrainingExample> microBatch;
    private final List<Integer> accepted;
    private final List<Integer> probes;
    private final List<Withheld> withheld = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private ReplayDraw replayed;
    private Optional<StepReport> report = Optional.empty();
    private List<Prediction> predictions = List.of();
    private Optional<Forgetting> forgetting = Optional.empty();

    PendingStep(DeviceAdapter adapter, List<TrainingExample> microBatch) {
        this.adapter = adapter;
        this.microBatch = microBatch;
        this.accepted = new ArrayList<>();
        this.probes = new ArrayList<>();
        for (int i = 0; i < microBatch.size(); i++) {
            (adapter.withholds(microBatch.get(i)) ? probes : accepted).add(i);
        }
        this.replayed = adapter.replay(accepted.size());
    }

    DeviceAdapter adapter() {
        return adapter;
    }

    /** New examples that nothing speaks against so far. */
    List<TrainingExample> fresh() {
        return accepted.stream().map(microBatch::get).toList();
    }

    /** Examples that are not to be learned from. */
    List<TrainingExample> probes() {
        return probes.stream().map(microBatch::get).toList();
    }

    /**
     * What the adapter says of {@link #probes}, which it keeps.
     *
     * @param outputs of each, as {@link DeviceAdapter#logits} has them
     */
    void withhold(float[][] outputs) {
        for (int i = 0; i < outputs.length; i++) {
            TrainingExample probe = microBatch.get(probes.get(i));
            Prediction prediction = adapter.predicted(outputs[i], probe);
            if (Float.isFinite(prediction.loss())) {
                adapter.withhold(probe);
                withheld.add(new Withheld(probes.get(i), prediction));
            } else {
                refusals.add(new Refusal(probes.get(i), NOT_FINITE));
            }
        }
    }

    /** Whether a step was taken. */
    boolean isTaken() {
        return report.isPresent();
    }

    /** What the adapter's probes tell after the step. */
    void told(Optional<Forgetting> found) {
        forgetting = found;
    }

    /** Kept examples that nothing speaks against so far. */
    ReplayDraw replayed() {
        return replayed;
    }

    /** What the step learns from: {@link #fresh}, and then {@link #replayed}. */
    List<TrainingExample> examples() {
        return Stream.concat(
                        fresh().stream(),
                        replayed.examples().stream().map(adapter::trainingExample))
                .toList();
    }

    /** Whether there is still a step to take. */
    boolean isOpen() {
        return report.isEmpty() && !accepted.isEmpty();
    }

    /** The step is taken. */
    void taken(DeviceAdapter.Taken taken) {
        predictions = taken.predictions();
        report = Optional.of(taken.report());
    }

    /**
     * Refuses some of {@link #examples}.
     *
     * @param positions in that list
     */
    void refuse(List<Integer> positions) {
        int fresh = accepted.size();
        List<Integer> refused = positions.stream().filter(position -> position < fresh).toList();
        for (int position : refused) {
            refusals.add(new Refusal(accepted.get(position), NOT_FINITE));
        }
        positions.stream()
                .filter(position -> position >= fresh)
                .forEach(position -> adapter.forget(replayed.examples().get(position - fresh)));
        accepted.removeAll(refused.stream().map(accepted::get).toList());
        replayed = adapter.replay(accepted.size());
    }

    StepOutcome outcome() {
        return new StepOutcome(
                accepted,
                predictions,
                withheld,
                refusals.stream().sorted(Comparator.comparingInt(Refusal::index)).toList(),
                report,
                forgetting);
    }
}
