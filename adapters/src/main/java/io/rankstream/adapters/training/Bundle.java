package io.rankstream.adapters.training;

import static io.rankstream.adapters.tensor.Tensors.scope;

import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.tensor.LikeSizes;
import java.util.ArrayList;
import java.util.List;
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
    private static final int ROWS = 1024;

    private final EngineRuntime.LoadedModel model;
    private final List<PendingStep> steps = new ArrayList<>();

    private Bundle(EngineRuntime.LoadedModel model) {
        this.model = model;
    }

    /** Takes {@code steps}, together where their adapters can share a pass. */
    static void take(EngineRuntime.LoadedModel model, List<PendingStep> steps) {
        List<Bundle> bundles = new ArrayList<>();
        for (PendingStep step : steps) {
            bundles.stream()
                    .filter(bundle -> bundle.canTake(step))
                    .findFirst()
                    .orElseGet(
                            () -> {
                                bundles.add(new Bundle(model));
                                return bundles.get(bundles.size() - 1);
                            })
                    .steps
                    .add(step);
        }
        bundles.forEach(Bundle::take);
    }

    private boolean canTake(PendingStep step) {
        return steps.get(0).adapter().sharesPassesWith(step.adapter());
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
            List<Accumulation> sums = accumulate(scope, model, open);
            if (sums.stream().allMatch(sum -> sum.notFinite().isEmpty())) {
                for (int i = 0; i < open.size(); i++) {
                    take(scope, open.get(i), sums.get(i));
                }
            } else {
                IntStream.range(0, open.size())
                        .forEach(i -> open.get(i).refuse(sums.get(i).notFinite()));
            }
        }
    }

    private void take(PtNDManager scope, PendingStep step, Accumulation sum) {
        step.adapter()
                .apply(scope, step.examples(), sum)
                .ifPresentOrElse(
                        report -> step.taken(sum.predictions(), report),
                        () -> step.refuse(withoutFiniteGradient(step)));
    }

    /** The examples whose own gradient is not finite; all of them if only their sum is not. */
    private List<Integer> withoutFiniteGradient(PendingStep step) {
        List<TrainingExample> examples = step.examples();
        List<Integer> everyone = IntStream.range(0, examples.size()).boxed().toList();
        List<Integer> found =
                everyone.stream()
                        .filter(i -> !hasFiniteGradient(step.adapter(), examples.get(i)))
                        .toList();
        return found.isEmpty() ? everyone : found;
    }

    private boolean hasFiniteGradient(DeviceAdapter adapter, TrainingExample example) {
        try (PtNDManager scope = scope(model.manager())) {
            PendingStep alone = new PendingStep(adapter, List.of(example));
            Accumulation sum = accumulate(scope, model, List.of(alone)).get(0);
            return Float.isFinite(sum.gradient().norm());
        }
    }

    /**
     * Passes over the examples of {@code steps}: each takes at most its template's examples of an
     * adapter. Without gradients once a loss is not finite.
     */
    private static List<Accumulation> accumulate(
            PtNDManager scope, EngineRuntime.LoadedModel model, List<PendingStep> steps) {
        List<Accumulation> sums =
                steps.stream()
                        .map(step -> new Accumulation(scope, step.examples().size()))
                        .toList();
        List<TrainingPass.Part> parts = parts(steps, sums, 0);
        steps.forEach(step -> step.adapter().seedDropout());
        boolean finite = true;
        for (int pass = 1; finite && !parts.isEmpty(); pass++) {
            for (List<TrainingPass.Part> together :
                    LikeSizes.split(parts, TrainingPass.Part::tokens, ROWS)) {
                finite &= TrainingPass.run(scope, model, together);
            }
            parts = parts(steps, sums, pass);
        }
        return sums;
    }

    private static List<TrainingPass.Part> parts(
            List<PendingStep> steps, List<Accumulation> sums, int pass) {
        List<TrainingPass.Part> parts = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            List<TrainingExample> examples = steps.get(i).examples();
            int limit = steps.get(i).adapter().examplesPerPass();
            long from = (long) pass * limit;
            if (from < examples.size()) {
                int to = (int) Math.min(from + limit, examples.size());
                parts.add(
                        new TrainingPass.Part(
                                steps.get(i).adapter(),
                                examples.subList((int) from, to),
                                sums.get(i)));
            }
        }
        return parts;
    }
}
