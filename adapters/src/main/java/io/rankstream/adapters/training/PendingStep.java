package io.rankstream.adapters.training;

import io.rankstream.adapters.training.StepOutcome.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The optimizer step of one adapter on the way: which examples it will learn from. */
final class PendingStep {

    private final DeviceAdapter adapter;
    private final List<TrainingExample> microBatch;
    private final List<Integer> accepted;
    private final List<Refusal> refusals = new ArrayList<>();
    private Optional<StepReport> report = Optional.empty();
    private List<Prediction> predictions = List.of();

    PendingStep(DeviceAdapter adapter, List<TrainingExample> microBatch) {
        this.adapter = adapter;
        this.microBatch = microBatch;
        this.accepted = new ArrayList<>(IntStream.range(0, microBatch.size()).boxed().toList());
    }

    DeviceAdapter adapter() {
        return adapter;
    }

    /** Examples that nothing speaks against so far. */
    List<TrainingExample> examples() {
        return accepted.stream().map(microBatch::get).toList();
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
        for (int position : positions) {
            refusals.add(
                    new Refusal(
                            accepted.get(position),
                            "the example's loss or gradient is not finite; the adapter was left as"
                                    + " it was"));
        }
        accepted.removeAll(positions.stream().map(accepted::get).toList());
    }

    StepOutcome outcome() {
        return new StepOutcome(
                accepted,
                predictions,
                refusals.stream().sorted(Comparator.comparingInt(Refusal::index)).toList(),
                report);
    }
}
