package io.rankstream.job.savepoint;

import io.rankstream.adapters.adalora.RankAllocator;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.job.state.AdapterStateSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What is told of an adapter in a savepoint, without its arrays.
 *
 * @param meta identity, progress, prequential score
 * @param labels labels, in use and retired
 * @param budget triplets allowed at the last step
 * @param modules adapted modules in the order of the base model
 * @param bytes size of the serialized state
 */
public record AdapterSummary(
        AdapterMeta meta, LabelSet labels, int budget, List<Module> modules, long bytes) {

    /**
     * An adapted module.
     *
     * @param name path in the base model
     * @param liveRank triplets that the last mask kept
     * @param importance sum of the scores by which the triplets compete for the budget
     */
    public record Module(String name, int liveRank, double importance) {}

    public AdapterSummary {
        modules = List.copyOf(modules);
    }

    static AdapterSummary of(AdapterState state) throws IOException {
        TripletLayout layout = state.triplets().layout();
        int[] ranks = state.budget().liveRanks(layout.rank());
        double[] importance =
                RankAllocator.moduleScores(
                        layout,
                        RankAllocator.scores(
                                layout,
                                state.importance().sensitivity(),
                                state.importance().uncertainty()));
        List<Module> modules = new ArrayList<>();
        for (int k = 0; k < ranks.length; k++) {
            modules.add(new Module(layout.modules().get(k).name(), ranks[k], importance[k]));
        }
        return new AdapterSummary(
                state.meta(),
                state.head().labels(),
                state.budget().budget(),
                modules,
                bytes(state));
    }

    private static long bytes(AdapterState state) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(1024);
        AdapterStateSerializer.INSTANCE.serialize(state, target);
        return target.length();
    }

    /** Live triplets over all modules. */
    public int liveRanks() {
        return modules.stream().mapToInt(Module::liveRank).sum();
    }
}
