package io.rankstream.benchmarks.part;

import io.rankstream.adapters.adalora.RankAllocator;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.benchmarks.workload.DemoAdapter;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The rank allocator on the host, for an adapter of MiniLM: 432 triplets, 498,096 numbers. */
@State(Scope.Benchmark)
public class RankAllocatorBenchmark {

    private TripletLayout layout;
    private float[] sensitivity;
    private float[] uncertainty;
    private float[] scores;

    @Setup
    public void fill() throws Exception {
        layout = DemoAdapter.state().triplets().layout();
        SplittableRandom random = new SplittableRandom(42);
        sensitivity = random(random, layout.size());
        uncertainty = random(random, layout.size());
        scores = RankAllocator.scores(layout, sensitivity, uncertainty);
    }

    private static float[] random(SplittableRandom random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble();
        }
        return values;
    }

    @Benchmark
    public float[] scores() {
        return RankAllocator.scores(layout, sensitivity, uncertainty);
    }

    @Benchmark
    public boolean[] keep() {
        return RankAllocator.keep(scores, scores.length * 2 / 3);
    }
}
