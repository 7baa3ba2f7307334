package io.rankstream.benchmarks.part;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.rankstream.benchmarks.workload.DemoAdapter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a training step does after its backward pass, for an adapter of MiniLM of rank 12. Each
 * includes {@link #gradient}, which stands for the backward pass.
 */
@State(Scope.Benchmark)
public class StepTailBenchmark {

    @Param({"1", "2"})
    int threads;

    private PtNDManager root;
    private StepTail tail;

    @Setup
    public void open() throws Exception {
        root = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        JniUtils.setGradMode(false);
        JniUtils.setNumThreads(threads);
        tail = new StepTail(root, DemoAdapter.state(), DemoAdapter.template());
    }

    @Benchmark
    public void gradient() {
        tail.begin();
        tail.end();
    }

    @Benchmark
    public void orthogonality() {
        tail.begin();
        tail.addOrthogonality();
        tail.end();
    }

    @Benchmark
    public void clip() {
        tail.begin();
        tail.clip();
        tail.end();
    }

    @Benchmark
    public void adamW() {
        tail.begin();
        tail.updateParameters();
        tail.end();
    }

    @Benchmark
    public void importance() {
        tail.begin();
        tail.updateImportance();
        tail.end();
    }

    /** Everything of a step that allocates no ranks. */
    @Benchmark
    public void all() {
        tail.begin();
        tail.addOrthogonality();
        tail.clip();
        tail.updateParameters();
        tail.updateImportance();
        tail.end();
    }

    @TearDown
    public void close() {
        tail.close();
        root.close();
    }
}
