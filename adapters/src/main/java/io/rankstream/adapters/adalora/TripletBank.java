package io.rankstream.adapters.adalora;

import static ai.djl.pytorch.jni.JniUtils.dropout;
import static ai.djl.pytorch.jni.JniUtils.linear;
import static ai.djl.pytorch.jni.JniUtils.mul;
import static ai.djl.pytorch.jni.JniUtils.muli;
import static io.rankstream.adapters.tensor.Tensors.floats;
import static io.rankstream.adapters.tensor.Tensors.leaf;
import static io.rankstream.adapters.tensor.Tensors.product;
import static io.rankstream.adapters.tensor.Tensors.scalar;
import static io.rankstream.adapters.tensor.Tensors.view;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.ModuleShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Triplets of one adapter on the device: views on one flat tensor, laid out as {@link
 * TripletLayout} says. The A, E and B of each module are leaves of the autograd graph, so a
 * gradient needs no scatter into the stacks.
 *
 * <p>Not thread-safe.
 */
public final class TripletBank implements LinearUpdate {

    private record Leaves(PtNDArray a, PtNDArray e, PtNDArray b) {}

    private final TripletLayout layout;
    private final PtNDArray flat;
    private final double scale;
    private final double dropout;
    private final List<Leaves> leaves = new ArrayList<>();
    private final Map<Integer, Leaves> byEncoderLayer = new HashMap<>();

    /**
     * @param owner scope that the leaves live in
     * @param encoderLayers linear layers of the encoder, in its order; those of {@code layout} are
     *     among them
     * @param flat tensor that begins with the triplets, {@code layout.size()} floats
     * @param scale s = α / (init_r + 1e-5)
     * @param dropout probability that an input feature of the low-rank path is dropped
     */
    public TripletBank(
            PtNDManager owner,
            TripletLayout layout,
            List<ModuleShape> encoderLayers,
            PtNDArray flat,
            double scale,
            double dropout) {
        this.layout = layout;
        this.flat = flat;
        this.scale = scale;
        this.dropout = dropout;
        int rank = layout.rank();
        for (int k = 0; k < layout.modules().size(); k++) {
            ModuleShape shape = layout.modules().get(k);
            leaves.add(
                    new Leaves(
                            leaf(owner, flat, layout.offsetA(k), rank, shape.in()),
                            leaf(owner, flat, layout.offsetE(k), rank),
                            leaf(owner, flat, layout.offsetB(k), shape.out(), rank)));
            byEncoderLayer.put(encoderLayers.indexOf(shape), leaves.get(k));
        }
    }

    /** {@code base + s · ((dropout(x) Aᵀ) ⊙ Eᵀ) Bᵀ} (eq. 3 of the paper). */
    @Override
    public PtNDArray apply(int module, PtNDArray x, PtNDArray base) {
        return apply(module, x, base, dropout);
    }

    /** The same update without dropout, as inference wants it. */
    public LinearUpdate withoutDropout() {
        return (module, x, base) -> apply(module, x, base, 0);
    }

    private PtNDArray apply(int module, PtNDArray x, PtNDArray base, double dropped) {
        Leaves triplets = byEncoderLayer.get(module);
        if (triplets == null) {
            return base;
        }
        PtNDArray input = dropped > 0 ? dropout(x, dropped, true) : x;
        PtNDArray weights = mul(scalar(x.getManager(), scale), triplets.e());
        PtNDArray u = mul(product(input, triplets.a()), weights);
        return linear(u, triplets.b(), base);
    }

    /** Leaves in the order of the flat tensor. */
    public List<PtNDArray> leaves() {
        List<PtNDArray> ordered = new ArrayList<>();
        for (TripletLayout.Stack stack : layout.stacks()) {
            stack.members().forEach(k -> ordered.add(leaves.get(k).a()));
            stack.members().forEach(k -> ordered.add(leaves.get(k).e()));
            stack.members().forEach(k -> ordered.add(leaves.get(k).b()));
        }
        return ordered;
    }

    /**
     * Zeroes E of every triplet that is not live; A and B stay, so it can come back.
     *
     * @param live per triplet, module after module
     * @param scope scope of the temporary tensors
     */
    public void prune(boolean[] live, PtNDManager scope) {
        int rank = layout.rank();
        for (TripletLayout.Stack stack : layout.stacks()) {
            float[] mask = new float[stack.members().size() * rank];
            for (int i = 0; i < mask.length; i++) {
                int module = stack.members().get(i / rank);
                mask[i] = live[module * rank + i % rank] ? 1f : 0f;
            }
            muli(
                    view(scope, flat, layout.offsetE(stack), mask.length),
                    floats(scope, mask, mask.length));
        }
    }
}
