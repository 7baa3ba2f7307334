package io.rankstream.adapters.snapshot;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.HeadShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where one named tensor lies in a flat array.
 *
 * @param name the tensor's name
 * @param shape length of each dimension
 * @param offset where it begins in the array
 */
record Slice(String name, int[] shape, int offset) {

    static List<Slice> ofTriplets(TripletLayout layout) {
        List<Slice> slices = new ArrayList<>();
        int rank = layout.rank();
        for (int k = 0; k < layout.modules().size(); k++) {
            ModuleShape module = layout.modules().get(k);
            String name = module.name();
            slices.add(new Slice(name + ".A", new int[] {rank, module.in()}, layout.offsetA(k)));
            slices.add(new Slice(name + ".E", new int[] {rank}, layout.offsetE(k)));
            slices.add(new Slice(name + ".B", new int[] {module.out(), rank}, layout.offsetB(k)));
        }
        return slices;
    }

    static List<Slice> ofHead(HeadShape shape) {
        int outputs = shape.outputs();
        int hidden = shape.hidden();
        List<Slice> slices = new ArrayList<>();
        slices.add(new Slice("head.weight", new int[] {outputs, hidden}, 0));
        slices.add(new Slice("head.bias", new int[] {outputs}, shape.weightSize()));
        if (shape.denseSize() > 0) {
            int dense = shape.denseOffset();
            slices.add(new Slice("head.dense.weight", new int[] {hidden, hidden}, dense));
            slices.add(
                    new Slice(
                            "head.dense.bias",
                            new int[] {hidden},
                            dense + shape.denseWeightSize()));
        }
        return slices;
    }

    int end() {
        return offset + Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
