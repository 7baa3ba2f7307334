package io.rankstream.adapters.comparison;

import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.peft.PeftHead;
import io.rankstream.adapters.state.AdapterState;
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
 * @param head difference of the heads, weight and bias together; empty if they have other shapes
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
                head(first.head(), second.head()),
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
    private static OptionalDouble head(Optional<PeftHead> first, Optional<PeftHead> second) {
        if (first.isEmpty() && second.isEmpty()) {
            return OptionalDouble.of(0);
        }
        if (first.isEmpty()
                || second.isEmpty()
                || first.get().labels() != second.get().labels()
                || first.get().hidden() != second.get().hidden()) {
            return OptionalDouble.empty();
        }
        Norms weight = Norms.of(doubles(first.get().weight()), doubles(second.get().weight()));
        Norms bias = Norms.of(doubles(first.get().bias()), doubles(second.get().bias()));
        return OptionalDouble.of(weight.plus(bias).relative());
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
                        && one.meta().score().equals(other.meta().score())
                        && one.meta().truncated() == other.meta().truncated()
                        && one.meta().publishedStep() == other.meta().publishedStep());
    }
}
