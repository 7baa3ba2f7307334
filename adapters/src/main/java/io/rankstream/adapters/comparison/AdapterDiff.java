package io.rankstream.adapters.comparison;

import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.peft.PeftHead;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.LiveTriplets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What differs between two adapters. Differences of matrices are Frobenius norms of the difference
 * over the larger of both norms: 0 is equal, 2 the most.
 *
 * @param settings settings and progress that are known of both and differ
 * @param modules every module that one of them adapts
 * @param update difference of the updates of all modules together; empty if one cannot be compared
 * @param head difference of the heads, all their values together, label by label where their names
 *     are known, a label that one lacks counting as zero there; empty if they cannot be compared
 * @param trainingState whether everything else in the states is equal: pruned triplets, live
 *     pattern, moments, importance and score; empty unless both states are known whole
 */
public record AdapterDiff(
        List<Setting> settings,
        List<Module> modules,
        OptionalDouble update,
        OptionalDouble head,
        Optional<Boolean> trainingState) {

    /** A setting that differs. */
    public record Setting(String name, String first, String second) {}

    /**
     * Two updates of one module.
     *
     * @param firstRank live triplets of the first, 0 where it does not adapt the module
     * @param secondRank live triplets of the second
     * @param difference difference of ΔW; empty if the shapes differ
     */
    public record Module(String name, int firstRank, int secondRank, OptionalDouble difference) {}

    /** Compares two adapters. */
    public static AdapterDiff between(ComparedAdapter first, ComparedAdapter second) {
        Map<String, LiveTriplets> ofFirst = byName(first);
        Map<String, LiveTriplets> ofSecond = byName(second);
        Set<String> names = new LinkedHashSet<>(ofFirst.keySet());
        names.addAll(ofSecond.keySet());
        List<Module> modules = new ArrayList<>();
        Norms sum = Norms.ZERO;
        for (String name : names) {
            LiveTriplets one = ofFirst.get(name);
            LiveTriplets other = ofSecond.get(name);
            LiveTriplets left = one == null ? nothing(other.shape()) : one;
            LiveTriplets right = other == null ? nothing(one.shape()) : other;
            OptionalDouble difference = OptionalDouble.empty();
            if (left.shape().equals(right.shape())) {
                Norms norms = Norms.of(left, right);
                sum = sum.plus(norms);
                difference = OptionalDouble.of(norms.relative());
            }
            modules.add(new Module(name, left.rank(), right.rank(), difference));
        }
        boolean comparable = modules.stream().allMatch(m -> m.difference().isPresent());
        return new AdapterDiff(
                settings(first.settings(), second.settings()),
                modules,
                comparable ? OptionalDouble.of(sum.relative()) : OptionalDouble.empty(),
                head(first, second),
                trainingState(first.state(), second.state()));
    }

    /** Whether nothing that is known of both differs. */
    public boolean isEmpty() {
        return settings.isEmpty()
                && modules.stream().allMatch(AdapterDiff::isEqual)
                && isZero(head)
                && trainingState.orElse(true);
    }

    private static boolean isEqual(Module module) {
        return module.firstRank() == module.secondRank() && isZero(module.difference());
    }

    private static boolean isZero(OptionalDouble difference) {
        return difference.isPresent() && difference.getAsDouble() == 0;
    }

    private static Map<String, LiveTriplets> byName(ComparedAdapter adapter) {
        Map<String, LiveTriplets> modules = new LinkedHashMap<>();
        adapter.modules().forEach(module -> modules.put(module.shape().name(), module));
        return modules;
    }

    private static LiveTriplets nothing(ModuleShape shape) {
        return new LiveTriplets(shape, 0, new float[0], new float[0], new float[0]);
    }

    private static List<Setting> settings(Map<String, String> first, Map<String, String> second) {
        List<Setting> settings = new ArrayList<>();
        first.forEach(
                (name, value) -> {
                    String other = second.get(name);
                    if (other != null && !other.equals(value)) {
                        settings.add(new Setting(name, value, other));
                    }
                });
        return settings;
    }

    /** Two directories without a head are equal in that; one without differs from one with. */
    private static OptionalDouble head(ComparedAdapter first, ComparedAdapter second) {
        if (first.head().isEmpty() && second.head().isEmpty()) {
            return OptionalDouble.of(0);
        }
        if (first.head().isEmpty()
                || second.head().isEmpty()
                || first.head().get().hidden() != second.head().get().hidden()
                || first.head().get().form() != second.head().get().form()) {
            return OptionalDouble.empty();
        }
        PeftHead one = first.head().get();
        PeftHead other = second.head().get();
        boolean named =
                first.labels().size() == one.outputs() && second.labels().size() == other.outputs();
        if (!named) {
            return one.outputs() == other.outputs()
                    ? OptionalDouble.of(difference(one, other))
                    : OptionalDouble.empty();
        }
        List<String> all = new ArrayList<>(first.labels());
        second.labels().stream()
                .filter(label -> LabelSet.indexOf(label, first.labels()) < 0)
                .forEach(all::add);
        return OptionalDouble.of(
                difference(rows(one, first.labels(), all), rows(other, second.labels(), all)));
    }

    private static double difference(PeftHead first, PeftHead second) {
        return Norms.of(doubles(first.weight()), doubles(second.weight()))
                .plus(Norms.of(doubles(first.bias()), doubles(second.bias())))
                .plus(Norms.of(doubles(first.dense()), doubles(second.dense())))
                .relative();
    }

    /** The head's rows in the order of {@code all}. */
    private static PeftHead rows(PeftHead head, List<String> labels, List<String> all) {
        int hidden = head.hidden();
        float[] weight = new float[all.size() * hidden];
        float[] bias = new float[all.size()];
        for (int i = 0; i < bias.length; i++) {
            int row = LabelSet.indexOf(all.get(i), labels);
            if (row >= 0) {
                System.arraycopy(head.weight(), row * hidden, weight, i * hidden, hidden);
                bias[i] = head.bias()[row];
            }
        }
        return new PeftHead(hidden, weight, bias, head.dense());
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static Optional<Boolean> trainingState(
            Optional<AdapterState> first, Optional<AdapterState> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        AdapterState one = first.get();
        AdapterState other = second.get();
        return Optional.of(
                one.triplets().equals(other.triplets())
                        && one.moments().equals(other.moments())
                        && one.importance().equals(other.importance())
                        && one.budget().equals(other.budget())
                        && one.host().equals(other.host())
                        && one.meta().score().equals(other.meta().score())
                        && one.meta().truncated() == other.meta().truncated()
                        && one.meta().publishedStep() == other.meta().publishedStep());
    }
}
