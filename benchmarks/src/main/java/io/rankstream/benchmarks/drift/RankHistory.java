package io.rankstream.benchmarks.drift;

import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.benchmarks.measure.BareLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which triplets were live after each step of a run, and what was predicted on the way. */
final class RankHistory implements BareLoop.StepListener {

    private final List<boolean[]> patterns = new ArrayList<>();
    private final List<int[]> ranks = new ArrayList<>();
    private final List<Boolean> hits = new ArrayList<>();
    private final List<Integer> seen = new ArrayList<>();
    private List<String> modules = List.of();

    @Override
    public void trained(ResidentAdapter adapter, List<Boolean> outcomes) {
        AdapterState state = adapter.capture();
        modules = state.triplets().layout().modules().stream().map(ModuleShape::name).toList();
        patterns.add(state.budget().live());
        ranks.add(state.budget().liveRanks(state.triplets().layout().rank()));
        hits.addAll(outcomes);
        seen.add(hits.size());
    }

    int steps() {
        return patterns.size();
    }

    /** Names of the adapted modules in the order of the base model. */
    List<String> modules() {
        return modules;
    }

    /** Live rank of each module after {@code step}, counted from 1. */
    int[] ranks(int step) {
        return ranks.get(step - 1);
    }

    /** Examples predicted until {@code step}, its own included. */
    int seen(int step) {
        return seen.get(step - 1);
    }

    /** Triplets live after step {@code to} that were not after step {@code from}. */
    int entered(int from, int to) {
        boolean[] before = patterns.get(from - 1);
        boolean[] after = patterns.get(to - 1);
        return (int) IntStream.range(0, after.length).filter(i -> after[i] && !before[i]).count();
    }

    /** Σ |change of the live rank| over the modules between two steps. */
    int rankChange(int from, int to) {
        int[] before = ranks(from);
        int[] after = ranks(to);
        return IntStream.range(0, after.length).map(k -> Math.abs(after[k] - before[k])).sum();
    }

    /** Entries into the live pattern from step to step; a triplet may enter more than once. */
    int entries(int from, int to) {
        return IntStream.range(from, to).map(step -> entered(step, step + 1)).sum();
    }

    /**
     * Share of right predictions among examples {@code from} to {@code to}, the latter excluded.
     */
    double accuracy(int from, int to) {
        return (double) right(from, to) / (to - from);
    }

    /** Right predictions among examples {@code from} to {@code to}, the latter excluded. */
    long right(int from, int to) {
        return hits.subList(from, to).stream().filter(hit -> hit).count();
    }
}
