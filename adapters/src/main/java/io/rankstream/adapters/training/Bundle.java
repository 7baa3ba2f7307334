package io.rankstream.adapters.training;

import static io.rankstream.adapters.engine.Tensors.scope;

import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.EvenPortions;
import io.rankstream.adapters.engine.LikeSizes;
import java.util.ArrayList;
import java.util.List;
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
    private static final int ROWS = 1024;

    private record Applied(Accumulation sum, Optional<StepReport> report) {}

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
            List<Accumulation> sums = accumulate(scope, open);
            if (areFinite(sums)) {
                List<List<Accumulation>> portions =
                        EvenPortions.of(sums, sum -> 1, model.sharingThreads());
                share(portions, some -> apply(scope, some)).forEach(this::finish);
            } else {
                sums.forEach(sum -> sum.step().refuse(sum.notFinite()));
            }
        }
    }

    private static List<Applied> apply(PtNDManager scope, List<Accumulation> sums) {
        return sums.stream()
                .map(sum -> new Applied(sum, sum.step().adapter().apply(scope, sum)))
                .toList();
    }

    private void finish(Applied applied) {
        PendingStep step = applied.sum().step();
        applied.report()
                .ifPresentOrElse(
                        report -> step.taken(applied.sum().predictions(), report),
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
            Accumulation sum = accumulate(scope, List.of(alone)).get(0);
            return Float.isFinite(sum.gradient().norm());
        }
    }

    /**
     * Passes over the examples of {@code steps}: each takes at most its template's examples of an
     * adapter. Without gradients once a loss is not finite.
     */
    private List<Accumulation> accumulate(PtNDManager scope, List<PendingStep> steps) {
        List<Accumulation> sums = steps.stream().map(Accumulation::new).toList();
        List<TrainingPass.Part> parts = parts(sums, 0);
        steps.forEach(step -> step.adapter().seedDropout());
        for (int pass = 1; !parts.isEmpty() && areFinite(sums); pass++) {
            pass(scope, parts).forEach(result -> result.part().whole().add(result));
            parts = parts(sums, pass);
        }
        return sums;
    }

    private static boolean areFinite(List<Accumulation> sums) {
        return sums.stream().allMatch(sum -> sum.notFinite().isEmpty());
    }

    private static List<TrainingPass.Part> parts(List<Accumulation> sums, int pass) {
        List<TrainingPass.Part> parts = new ArrayList<>();
        for (Accumulation sum : sums) {
            int limit = sum.step().adapter().examplesPerPass();
            long from = (long) pass * limit;
            int end = sum.examples().size();
            if (from < end) {
                int to = (int) Math.min(from + limit, end);
                parts.add(
                        new TrainingPass.Part(
                                sum, IntStream.range((int) from, to).boxed().toList()));
            }
        }
        return parts;
    }

    private List<TrainingPass.Result> pass(PtNDManager scope, List<TrainingPass.Part> parts) {
        List<List<TrainingPass.Part>> portions = portions(parts);
        return portions.size() == 1
                ? model.threads().whole(() -> passes(scope, parts))
                : share(portions, portion -> passes(scope, portion));
    }

    /** What threads can share: the adapters, or the examples of one. */
    private List<List<TrainingPass.Part>> portions(List<TrainingPass.Part> parts) {
        Accumulation first = parts.get(0).whole();
        if (first.step().adapter().usesDropout()) {
            return List.of(parts);
        }
        if (parts.size() > 1) {
            return EvenPortions.of(parts, TrainingPass.Part::tokens, model.sharingThreads());
        }
        return EvenPortions.of(
                        parts.get(0).positions(),
                        position -> first.examples().get(position).tokenIds().length,
                        model.sharingThreads())
                .stream()
                .map(positions -> List.of(new TrainingPass.Part(first, positions)))
                .toList();
    }

    private List<TrainingPass.Result> passes(PtNDManager scope, List<TrainingPass.Part> parts) {
        return LikeSizes.split(parts, TrainingPass.Part::tokens, ROWS).stream()
                .flatMap(together -> TrainingPass.run(scope, model, together).stream())
                .toList();
    }

    private <P, R> List<R> share(List<P> portions, Function<P, List<R>> work) {
        return model.threads().share(portions, work).stream().flatMap(List::stream).toList();
    }
}
