package io.rankstream.adapters.training;

import io.rankstream.adapters.drift.DriftStanding;
import io.rankstream.adapters.engine.TrainingThreads;
import io.rankstream.adapters.probe.Forgetting;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.Optional;

/**
 * An adapter on the device. Every call runs on the process's training threads and returns when it
 * is done there. One caller at a time.
 */
public final class ResidentAdapter implements AutoCloseable {

    private final TrainingThreads threads;
    private final DeviceAdapter adapter;

    ResidentAdapter(TrainingThreads threads, DeviceAdapter adapter) {
        this.threads = threads;
        this.adapter = adapter;
    }

    /**
     * Predicts every example of {@code microBatch}, then takes one optimizer step on them. Examples
     * whose loss or gradient is not finite are refused and leave no trace in the adapter.
     *
     * @param microBatch at least one example
     */
    public StepOutcome train(List<TrainingExample> microBatch) {
        PendingStep step = new PendingStep(adapter, microBatch);
        threads.run(() -> Bundle.take(adapter.model(), List.of(step)));
        return step.outcome();
    }

    /**
     * Logits of texts as the adapter is now, without dropout; nothing in the adapter changes.
     *
     * @param texts token ids with the special tokens, at least one text; they go through the model
     *     at once
     * @return one row a text: in the order of the labels in use, or what a task without labels has
     */
    public float[][] logits(List<int[]> texts) {
        return logitsOf(texts.stream().map(ids -> new Tokens(ids, false)).toList());
    }

    /** The same of texts and pairs. */
    public float[][] logitsOf(List<Tokens> texts) {
        ForwardPass.Part<DeviceAdapter> part = new ForwardPass.Part<>(adapter, texts);
        return threads.call(
                        () ->
                                adapter.model()
                                        .whole(
                                                () ->
                                                        ForwardPass.logits(
                                                                adapter.model(), List.of(part))))
                .get(0);
    }

    /** Why {@code target} is not one that the adapter can learn now; empty if it is. */
    public Optional<? extends Fit.Refused<?>> refusal(Target target, Tokens text) {
        return adapter.refusal(target, text);
    }

    /** The adapter itself, for the training threads. */
    DeviceAdapter device() {
        return adapter;
    }

    /** The adapter's state as a value on the host. */
    public AdapterState capture() {
        return threads.call(adapter::capture);
    }

    /** Identity and progress. */
    public AdapterMeta meta() {
        return adapter.meta();
    }

    /** Labels, a row of the head each; none where the task has no labels. */
    public LabelSet labels() {
        return adapter.labels();
    }

    /** The rank budget and which triplets live. */
    public BudgetState budget() {
        return threads.call(adapter::budget);
    }

    /**
     * Sets what this adapter's streaming schedule ends at; it shows at the next mask. Another
     * schedule takes no notice.
     *
     * @param triplets over all modules, from 1 to what the adapter started with, or {@link
     *     BudgetState#OF_SCHEDULE} for the schedule's own end
     */
    public void setBudgetTarget(int triplets) {
        threads.run(() -> adapter.setBudgetTarget(triplets));
    }

    /** Whether notice is taken of texts that it is given to {@link Learner#predict}. */
    public boolean watchesInputs() {
        return adapter.watchesInputs();
    }

    /** As {@link #setBudgetTarget}, for a fleet that shares one budget. */
    public void setBudgetTargetOfFleet(int triplets) {
        threads.run(() -> adapter.setBudgetTargetOfFleet(triplets));
    }

    /** Triplets that its schedule ends at, whoever has set that. */
    public int budgetTarget() {
        return threads.call(adapter::budgetTarget);
    }

    /** What was found of changes in its stream; empty if nobody watches. */
    public Optional<DriftStanding> drift() {
        return threads.call(adapter::drift);
    }

    /** What its probes told when they were asked last; empty without any. */
    public Optional<Forgetting.Retained> retained() {
        return threads.call(adapter::retained);
    }

    /**
     * Takes notice that the stream changes now: it is learned quickly, and raises no alarm.
     *
     * @throws IllegalStateException if nobody watches
     */
    public void expectDrift() {
        threads.run(adapter::expectDrift);
    }

    /**
     * The newest alarm was right.
     *
     * @throws IllegalStateException if nobody watches, there is none, or something was said of it
     */
    public void confirmDrift() {
        threads.run(adapter::confirmDrift);
    }

    /**
     * The newest alarm was false: what was usual before still is.
     *
     * @throws IllegalStateException as {@link #confirmDrift}
     */
    public void dismissDrift() {
        threads.run(adapter::dismissDrift);
    }

    /** Counts one more published version and returns the state that it consists of. */
    public AdapterState takeVersion() {
        adapter.countVersion();
        return capture();
    }

    /** Bytes of device memory. */
    public long bytes() {
        return adapter.bytes();
    }

    /** Tensors that the adapter owns between two steps; constant from the first step on. */
    int tensors() {
        return adapter.tensors();
    }

    /** Frees the device memory. */
    @Override
    public void close() {
        threads.run(adapter::close);
    }
}
