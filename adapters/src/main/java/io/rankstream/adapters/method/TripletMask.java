package io.rankstream.adapters.method;

import static io.rankstream.adapters.engine.Operations.muli;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.view;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.TripletLayout;

/** Pruning of triplets (eq. 6 of the paper): E of those that are not live becomes zero. */
public final class TripletMask {

    private TripletMask() {}

    /**
     * Zeroes E of every triplet that is not live; A and B stay, so it can come back.
     *
     * @param scope scope of the temporary tensors
     * @param flat tensor that begins with the triplets, laid out as {@code layout} says
     * @param live per triplet, module after module
     */
    public static void apply(
            PtNDManager scope, TripletLayout layout, PtNDArray flat, boolean[] live) {
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
