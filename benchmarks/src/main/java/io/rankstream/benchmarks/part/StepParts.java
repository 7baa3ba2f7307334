package io.rankstream.benchmarks.part;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.EngineRuntime;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepOutcome;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Times whole training steps, and after each of them what it does once it has its gradient, on
 * tensors of the same layout: so these find the processor's caches as a backward pass leaves them.
 */
public final class StepParts implements AutoCloseable {

    /** What a step does once it has its gradient, in this order. */
    public enum Part {
        ORTHOGONALITY,
        CLIPPING,
        ADAMW,
        IMPORTANCE,
        ALLOCATOR
    }

    /**
     * Milliseconds of one step.
     *
     * @param step the whole step
     * @param parts its parts
     */
    public record Times(double step, Map<Part, Double> parts) {}

    private final EngineRuntime.Placement placement;
    private final EngineRuntime runtime;
    private final Learner learner;
    private final ResidentAdapter adapter;
    private final int size;
    private final StepTail tail;

    private StepParts(ModelSource source, TrainingTemplate template, int threads)
            throws ModelLoadException {
        this.placement = new EngineRuntime.Placement(source, new ComputeDevice.Cpu());
        this.runtime = EngineRuntime.acquire(placement);
        this.learner = Learner.open(source, threads);
        AdapterState state = learner.create("parts", template);
        this.adapter = learner.admit(state, template);
        this.size = state.triplets().layout().size();
        this.tail =
                runtime.threads()
                        .call(
                                () ->
                                        new StepTail(
                                                runtime.model(placement, threads).manager(),
                                                state,
                                                template));
    }

    /**
     * A new adapter, ready to train.
     *
     * @param threads threads that compute at once; 0 takes every core
     */
    public static StepParts open(ModelSource source, TrainingTemplate template, int threads)
            throws ModelLoadException {
        return new StepParts(source, template, threads);
    }

    /** Learned numbers of the adapter's triplets. */
    public int size() {
        return size;
    }

    /**
     * Trains on {@code batch}, then does the parts.
     *
     * @throws IllegalStateException if the step was refused
     */
    public Times time(List<TrainingExample> batch) {
        long start = System.nanoTime();
        StepOutcome outcome = adapter.train(batch);
        double step = millisSince(start);
        if (outcome.report().isEmpty()) {
            throw new IllegalStateException("the step was refused: " + outcome.refusals());
        }
        return new Times(step, runtime.threads().call(this::timeParts));
    }

    private Map<Part, Double> timeParts() {
        Map<Part, Double> times = new EnumMap<>(Part.class);
        tail.begin();
        for (Part part : Part.values()) {
            long start = System.nanoTime();
            work(part);
            times.put(part, millisSince(start));
        }
        tail.end();
        return times;
    }

    private void work(Part part) {
        switch (part) {
            case ORTHOGONALITY -> tail.addOrthogonality();
            case CLIPPING -> tail.clip();
            case ADAMW -> tail.updateParameters();
            case IMPORTANCE -> tail.updateImportance();
            case ALLOCATOR -> tail.allocate();
        }
    }

    private static double millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e6;
    }

    @Override
    public void close() {
        runtime.threads().run(tail::close);
        adapter.close();
        learner.close();
        runtime.release(placement);
    }
}
