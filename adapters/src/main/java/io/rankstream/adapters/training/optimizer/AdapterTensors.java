package io.rankstream.adapters.training.optimizer;

import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.stored;
import static io.rankstream.adapters.engine.Tensors.values;
import static io.rankstream.adapters.engine.Tensors.view;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadShape;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.HostState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.TripletState;
import java.util.Arrays;

/**
 * What one adapter learns, on the device. Parameters and moments are flat tensors: the triplets as
 * {@link TripletLayout} says, then the head as {@link HeadShape} says. The importance EMAs are the
 * triplets'.
 */
public final class AdapterTensors implements AutoCloseable {

    private final TripletLayout layout;
    private final double alpha;
    private final double scale;
    private final HeadState head;
    private final PtNDManager manager;
    private final PtNDArray parameters;
    private final PtNDArray first;
    private final PtNDArray second;
    private final PtNDArray sensitivity;
    private final PtNDArray uncertainty;

    /** Copies {@code state} to the device of {@code parent}. */
    public AdapterTensors(PtNDManager parent, AdapterState state) {
        MomentState moments = state.moments();
        this.layout = state.triplets().layout();
        this.alpha = state.triplets().alpha();
        this.scale = state.triplets().scale();
        this.head = state.head();
        this.manager = scope(parent);
        this.parameters = flat(state.triplets().values(), head.values());
        this.first = flat(moments.tripletFirst(), moments.headFirst());
        this.second = flat(moments.tripletSecond(), moments.headSecond());
        this.sensitivity = flat(state.importance().sensitivity(), new float[0]);
        this.uncertainty = flat(state.importance().uncertainty(), new float[0]);
    }

    private PtNDArray flat(float[] triplets, float[] ofHead) {
        float[] both = Arrays.copyOf(triplets, triplets.length + ofHead.length);
        System.arraycopy(ofHead, 0, both, triplets.length, ofHead.length);
        return stored(manager, both);
    }

    /** Owner of the tensors. */
    public PtNDManager manager() {
        return manager;
    }

    public TripletLayout layout() {
        return layout;
    }

    /** s = α / (init_r + 1e-5). */
    public double scale() {
        return scale;
    }

    /** Where the head's values lie, from the end of the triplets on. */
    public HeadShape headShape() {
        return head.shape();
    }

    public PtNDArray parameters() {
        return parameters;
    }

    public PtNDArray first() {
        return first;
    }

    public PtNDArray second() {
        return second;
    }

    public PtNDArray sensitivity() {
        return sensitivity;
    }

    public PtNDArray uncertainty() {
        return uncertainty;
    }

    /** The triplets among the parameters, as a view of {@code scope}. */
    public PtNDArray triplets(PtNDManager scope) {
        return view(scope, parameters, 0, layout.size());
    }

    /** Bytes of device memory. */
    public long bytes() {
        long parametersAndMoments = 3L * (layout.size() + head.shape().size());
        long importance = 2L * layout.size();
        return (parametersAndMoments + importance) * Float.BYTES;
    }

    /** How many tensors there are. */
    public int count() {
        return manager.getManagedArrays().size();
    }

    /**
     * What the tensors hold now, as a state on the host.
     *
     * @param meta identity and progress
     * @param budget rank budget and live triplets
     * @param labels the head's, as they are by now
     * @param host what the adapter knows beside its model
     */
    public AdapterState capture(
            AdapterMeta meta, BudgetState budget, LabelSet labels, HostState host) {
        float[] values = values(parameters);
        float[] firsts = values(first);
        float[] seconds = values(second);
        int triplets = layout.size();
        return new AdapterState(
                meta,
                new TripletState(layout, alpha, Arrays.copyOf(values, triplets)),
                new MomentState(
                        Arrays.copyOf(firsts, triplets),
                        Arrays.copyOf(seconds, triplets),
                        Arrays.copyOfRange(firsts, triplets, firsts.length),
                        Arrays.copyOfRange(seconds, triplets, seconds.length)),
                new ImportanceState(values(sensitivity), values(uncertainty)),
                budget,
                head.withValues(Arrays.copyOfRange(values, triplets, values.length))
                        .labeled(labels),
                host);
    }

    @Override
    public void close() {
        manager.close();
    }
}
