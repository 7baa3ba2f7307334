package io.rankstream.adapters.training;

import static io.rankstream.adapters.engine.Tensors.scope;

import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Alike;
import io.rankstream.adapters.engine.EvenPortions;
import io.rankstream.adapters.engine.LikeSizes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Micro-batches of adapters that share passes through the base model. Each adapter takes its own
 * step; an example that gives no finite number is refused and nobody else's step depends on it.
 */
final class Bundle {

    /**
     * Most rows of a pass of several adapters. The low-rank products are padded to the adapter with
     * the most tokens, and the frozen ones gain nothing from more rows than fill the processor: on
     * two cores, 64 adapters with one to four texts of 8 to 40 tokens take a quarter longer without
     * a limit, and 16 the same.
     */
    static final int ROWS = 1024;

    /** A step and what its passes found so far. */
    private record Sum(PendingStep step, List<TrainingExample> examples, Accumulation passes) {

        static Sum of(PendingStep step) {
            List<TrainingExample> examples = step.examples();
            return new Sum(step, examples, new Accumulation(examples.size()));
        }

        private TrainingPass.Part part(List<Integer> positions) {
            return new TrainingPass.Part(step.adapter(), examples, positions);
        }
    }

    private record Found(DeviceAdapter adapter, PassResult result) {}

    private record Applied(Sum sum, Optional<DeviceAdapter.Taken> taken) {}

    private final EngineRuntime.LoadedModel model;
    private final List<PendingStep> steps;

    private Bundle(EngineRuntime.LoadedModel model, List<PendingStep> steps) {
        this.model = model;
        this.steps = steps;
    }

    /** Takes {@code steps}, together where their adapters can share a pass. */
    static void take(EngineRuntime.LoadedModel model, List<PendingStep> steps) {
        ProbePass.withhold(model, steps);
        Alike.groups(steps, (first, other) -> first.adapter().sharesPassesWith(other.adapter()))
                .forEach(together -> new Bundle(model, together).take());
        ProbePass.ask(model, steps);
    }

    private void take() {
        List<PendingStep> open = open();
        while (!open.isEmpty()) {
            attempt(open);
            open = open();
        }
    }

    private List<PendingStep> open() {
        return steps.stream().filter(PendingStep::isOpen).toList();
    }

    /** Takes the steps, or finds examples to refuse before the next attempt. */
    private void attempt(List<PendingStep> open) {
        try (PtNDManager scope = scope(model.manager())) {
            List<Sum> sums = open.stream().map(Sum::of).toList();
            accumulate(scope, sums);
            if (areFinite(sums)) {
                List<List<Sum>> portions = EvenPortions.of(sums, sum -> 1, model.sharingThreads());
                share(portions, some -> apply(scope, some)).forEach(this::finish);
            } else {
                sums.forEach(sum -> sum.step().refuse(sum.passes().notFinite()));
            }
        }
    }

    private static List<Applied> apply(PtNDManager scope, List<Sum> sums) {
        return sums.stream()
                .map(
                        sum ->
                                new Applied(
                                        sum,
                                        sum.step()
                                                .adapter()
                                                .apply(
                                                        scope,
                                                        sum.step().fresh(),
                                                        sum.step().replayed(),
                                                        sum.passes())))
                .toList();
    }

    private void finish(Applied applied) {
        PendingStep step = applied.sum().step();
        applied.taken()
                .ifPresentOrElse(step::taken, () -> step.refuse(withoutFiniteGradient(step)));
    }

    /**
     * The examples whose own gradient is not finite. If only their sum is not, all that are kept
     * ones, or all where there are none.
     */
    private List<Integer> withoutFiniteGradient(PendingStep step) {
        List<TrainingExample> examples = step.examples();
        List<Integer> everyone = IntStream.range(0, examples.size()).boxed().toList();
        List<Integer> found =
                everyone.stream().filter(i -> !hasFiniteGradient(step, examples.get(i))).toList();
        if (!found.isEmpty()) {
            return found;
        }
        int fresh = step.fresh().size();
        return everyone.subList(fresh < everyone.size() ? fresh : 0, everyone.size());
    }

    private boolean hasFiniteGradient(PendingStep step, TrainingExample example) {
        try (PtNDManager scope = scope(model.manager())) {
            Sum sum = new Sum(step, List.of(example), new Accumulation(1));
            accumulate(scope, List.of(sum));
            return Float.isFinite(sum.passes().gradient().norm());
        }
    }

    /**
     * Passes over the examples of {@code sums}: each takes at most its template's examples of an
     * adapter. Without gradients once a loss is not finite.
     */
    private void accumulate(PtNDManager scope, List<Sum> sums) {
        Map<DeviceAdapter, Sum> ofAdapter = new HashMap<>();
        sums.forEach(sum -> ofAdapter.put(sum.step().adapter(), sum));
        List<TrainingPass.Part> parts = parts(sums, 0);
        sums.forEach(sum -> sum.step().adapter().seedDropout());
        for (int pass = 1; !parts.isEmpty() && areFinite(sums); pass++) {
            pass(scope, parts)
                    .forEach(found -> ofAdapter.get(found.adapter()).passes().add(found.result()));
            parts = parts(sums, pass);
        }
    }

    private static boolean areFinite(List<Sum> sums) {
        return sums.stream().allMatch(sum -> sum.passes().notFinite().isEmpty());
    }

    private static List<TrainingPass.Part> parts(List<Sum> sums, int pass) {
        List<TrainingPass.Part> parts = new ArrayList<>();
        for (Sum sum : sums) {
            int limit = sum.step().adapter().examplesPerPass();
            long from = (long) pass * limit;
            int end = sum.examples().size();
            if (from < end) {
                int to = (int) Math.min(from + limit, end);
                parts.add(sum.part(IntStream.range((int) from, to).boxed().toList()));
            }
        }
        return parts;
    }

    private List<Found> pass(PtNDManager scope, List<TrainingPass.Part> parts) {
        List<List<TrainingPass.Part>> portions = portions(parts);
        return portions.size() == 1
                ? model.whole(() -> passes(scope, parts))
                : share(portions, portion -> passes(scope, portion));
    }

    /** What threads can share: the adapters, or the examples of one. */
    private List<List<TrainingPass.Part>> portions(List<TrainingPass.Part> parts) {
        TrainingPass.Part first = parts.get(0);
        if (first.adapter().usesDropout()) {
            return List.of(parts);
        }
        if (parts.size() > 1) {
            return EvenPortions.of(parts, TrainingPass.Part::tokens, model.sharingThreads());
        }
        return EvenPortions.of(
                        first.positions(),
                        position -> first.microBatch().get(position).count(),
                        model.sharingThreads())
                .stream()
                .map(
                        positions ->
                                List.of(
                                        new TrainingPass.Part(
                                                first.adapter(), first.microBatch(), positions)))
                .toList();
    }

    private List<Found> passes(PtNDManager scope, List<TrainingPass.Part> parts) {
        List<Found> found = new ArrayList<>();
        for (List<TrainingPass.Part> together :
                LikeSizes.split(parts, TrainingPass.Part::tokens, ROWS)) {
            List<PassResult> results = TrainingPass.run(scope, model, together);
            for (int i = 0; i < results.size(); i++) {
                found.add(new Found(together.get(i).adapter(), results.get(i)));
            }
        }
        return found;
    }

    private <P, R> List<R> share(List<P> portions, Function<P, List<R>> work) {
        return model.threads().share(portions, work).stream().flatMap(List::stream).toList();
    }
}
