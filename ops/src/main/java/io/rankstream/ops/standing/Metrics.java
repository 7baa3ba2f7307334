package io.rankstream.ops.standing;

import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.schemas.TrainingReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** How good an adapter is, in the metrics of its task. */
public final class Metrics {

    /** What the names of metrics over the newest examples begin with. */
    private static final String RECENT = "recent";

    private Metrics() {}

    /** A share; empty where the contract has null, as the adapter's task has no such share. */
    public static OptionalDouble known(Double share) {
        return share == null || share.isNaN() ? OptionalDouble.empty() : OptionalDouble.of(share);
    }

    /** What is drawn over time in place of accuracy; empty of a task that has accuracy. */
    static SortedMap<String, Double> curve(TrainingReport report) {
        SortedMap<String, Double> curve = new TreeMap<>();
        if (known(report.getPrequentialAccuracy()).isEmpty()) {
            report.getMetrics()
                    .forEach(
                            (name, value) -> {
                                if (name.startsWith(RECENT)) {
                                    curve.put(name, value);
                                }
                            });
        }
        return curve;
    }

    /** Metrics, and what earlier releases told of in fields of their own alone. */
    public static Map<String, Double> with(
            Map<String, Double> metrics,
            OptionalDouble accuracy,
            OptionalDouble recentAccuracy,
            OptionalDouble majority) {
        Map<String, Double> all = new TreeMap<>(metrics);
        accuracy.ifPresent(share -> all.putIfAbsent(PrequentialScore.ACCURACY, share));
        recentAccuracy.ifPresent(share -> all.putIfAbsent(PrequentialScore.RECENT_ACCURACY, share));
        majority.ifPresent(share -> all.putIfAbsent(PrequentialScore.MAJORITY_ACCURACY, share));
        return all;
    }

    /**
     * Adapters by their tasks, which have a table each. Where nothing is known of one, it goes with
     * the first of the others.
     *
     * @param metricsOf the metrics of an adapter, by name
     */
    public static <A> Map<Task<?>, List<A>> byTask(
            Collection<A> adapters, Function<A, Map<String, Double>> metricsOf) {
        List<Optional<Task<?>>> tasks =
                adapters.stream().map(adapter -> taskOf(metricsOf.apply(adapter))).toList();
        Task<?> usual =
                Tasks.ALL.stream()
                        .filter(task -> tasks.contains(Optional.of(task)))
                        .findFirst()
                        .orElse(Tasks.ALL.get(0));
        Map<Task<?>, List<A>> groups = new LinkedHashMap<>();
        Tasks.ALL.forEach(task -> groups.put(task, new ArrayList<>()));
        int place = 0;
        for (A adapter : adapters) {
            groups.get(tasks.get(place++).orElse(usual)).add(adapter);
        }
        groups.values().removeIf(List::isEmpty);
        return groups;
    }

    /**
     * The task that has the most of such metrics, since tasks have some in common; the first of
     * equals. Empty where none is known.
     */
    public static Optional<Task<?>> taskOf(Map<String, Double> metrics) {
        return Tasks.ALL.stream()
                .max(Comparator.comparingLong(task -> known(task, metrics)))
                .filter(task -> known(task, metrics) > 0);
    }

    private static long known(Task<?> task, Map<String, Double> metrics) {
        return task.columns().stream().filter(column -> column.of(metrics).isPresent()).count();
    }

    /** A value with three decimals; a dash where it is not known. */
    public static String cell(OptionalDouble value) {
        return value.isEmpty() ? "-" : String.format(Locale.ROOT, "%.3f", value.getAsDouble());
    }
}
