package io.rankstream.adapters.method;

import static io.rankstream.adapters.engine.Operations.add;
import static io.rankstream.adapters.engine.Operations.bmm;
import static io.rankstream.adapters.engine.Operations.cat;
import static io.rankstream.adapters.engine.Operations.dropout;
import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Operations.stack;
import static io.rankstream.adapters.engine.Operations.transpose;
import static io.rankstream.adapters.engine.Products.rows;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.gradient;
import static io.rankstream.adapters.engine.Tensors.leaf;
import static io.rankstream.adapters.engine.Tensors.leafOfRows;
import static io.rankstream.adapters.engine.Tensors.split;
import static io.rankstream.adapters.engine.Tensors.view;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.PaddedRows;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.ModuleShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Triplets of one adapter or several on the device, for one forward and backward pass. Each adapter
 * has rows of its own in the pass. The A, E and B of each module are leaves of the autograd graph,
 * so a gradient needs no scatter.
 *
 * <p>Several adapters' leaves are stacked, (adapters, rank, in) and so on, and their low-rank
 * products are batched; what they share is the frozen product. One adapter's leaves are views on
 * its own tensor.
 *
 * <p>Not thread-safe.
 */
public final class TripletBank implements LinearUpdate {

    /**
     * An adapter's part of a pass.
     *
     * @param flat tensor that begins with its triplets, laid out as {@link TripletLayout} says
     * @param scale s = α / (init_r + 1e-5)
     * @param rows tokens of its texts
     */
    public record Part(PtNDArray flat, double scale, int rows) {}

    private record Leaves(PtNDArray a, PtNDArray e, PtNDArray b) {}

    /**
     * Rows of each adapter, brought to one height.
     *
     * @param height of the adapter with the most
     * @param padded null when one adapter has them all
     */
    private record Groups(int height, PaddedRows padded) {}

    /**
     * What layers are given.
     *
     * @param x an operand for one adapter; (adapters, height, in) for several
     */
    private record Grouped(PtNDArray x, Groups groups) implements Input {}

    private final PtNDManager scope;
    private final TripletLayout layout;
    private final List<ModuleShape> encoderLayers;
    private final double dropout;
    private final Products products;
    private final int adapters;
    private final List<Integer> tokens;
    private final Groups groups;
    private final PtNDArray scale;
    private final List<Leaves> leaves = new ArrayList<>();

    /**
     * @param scope owner of every tensor made here
     * @param layout adapted modules, the same for all adapters
     * @param encoderLayers linear layers of the encoder, in its order; those of {@code layout} are
     *     among them
     * @param parts adapters in the order of their rows
     * @param dropout probability that an input feature of the low-rank path is dropped
     * @param products how matrices are multiplied
     */
    public TripletBank(
            PtNDManager scope,
            TripletLayout layout,
            List<ModuleShape> encoderLayers,
            List<Part> parts,
            double dropout,
            Products products) {
        this.scope = scope;
        this.products = products;
        this.layout = layout;
        this.encoderLayers = encoderLayers;
        this.dropout = dropout;
        this.adapters = parts.size();
        this.tokens = parts.stream().map(Part::rows).toList();
        this.groups =
                groups(tokens, Products.roundedUp(tokens.stream().mapToInt(rows -> rows).sum()));
        this.scale = scales(parts);
        PtNDArray flat = adapters == 1 ? parts.get(0).flat() : stacked(parts);
        int rank = layout.rank();
        for (int k = 0; k < layout.modules().size(); k++) {
            ModuleShape shape = layout.modules().get(k);
            leaves.add(
                    new Leaves(
                            part(flat, layout.offsetA(k), rank, shape.in()),
                            part(flat, layout.offsetE(k), 1, rank),
                            part(flat, layout.offsetB(k), shape.out(), rank)));
        }
    }

    /**
     * @param rows of each adapter
     * @param all those and perhaps some that are no adapter's
     */
    private Groups groups(List<Integer> rows, int all) {
        int height = Collections.max(rows);
        if (adapters == 1) {
            return new Groups(height, null);
        }
        List<PaddedRows.Group> ofAdapters = new ArrayList<>();
        int first = 0;
        for (int count : rows) {
            ofAdapters.add(new PaddedRows.Group(first, count, height));
            first += count;
        }
        return new Groups(height, new PaddedRows(scope, ofAdapters, all));
    }

    private PtNDArray scales(List<Part> parts) {
        float[] values = new float[adapters];
        for (int i = 0; i < adapters; i++) {
            values[i] = (float) parts.get(i).scale();
        }
        return adapters == 1 ? floats(scope, values, 1, 1) : floats(scope, values, adapters, 1, 1);
    }

    private PtNDArray stacked(List<Part> parts) {
        return stack(
                parts.stream()
                        .map(part -> view(scope, part.flat(), 0, layout.size()))
                        .toArray(PtNDArray[]::new),
                0);
    }

    private PtNDArray part(PtNDArray flat, int offset, long rows, long columns) {
        return adapters == 1
                ? leaf(scope, flat, offset, rows, columns)
                : leafOfRows(scope, flat, offset, adapters, rows, columns);
    }

    @Override
    public Input input(PtNDArray operand) {
        return grouped(operand, groups);
    }

    @Override
    public Input input(PtNDArray operand, List<Integer> rows) {
        if (rows.size() != adapters) {
            throw new IllegalArgumentException(
                    "there are rows of %d adapters, expected %d".formatted(rows.size(), adapters));
        }
        return grouped(operand, groups(rows, (int) rows(operand).getShape().get(0)));
    }

    @Override
    public List<Integer> tokens() {
        return tokens;
    }

    /** Groups the rows by adapter where there are several. */
    private Input grouped(PtNDArray operand, Groups of) {
        return new Grouped(
                adapters == 1
                        ? operand
                        : reshape(of.padded().pad(rows(operand)), adapters, of.height(), -1),
                of);
    }

    /** {@code base + s · ((dropout(x) Aᵀ) ⊙ Eᵀ) Bᵀ} (eq. 3 of the paper). */
    @Override
    public PtNDArray apply(int module, Input input, PtNDArray base) {
        int k = layout.modules().indexOf(encoderLayers.get(module));
        if (k < 0) {
            return base;
        }
        Leaves triplets = leaves.get(k);
        Grouped grouped = (Grouped) input;
        PtNDArray x = dropout > 0 ? dropout(grouped.x(), dropout) : grouped.x();
        PtNDArray weights = mul(triplets.e(), scale);
        if (adapters == 1) {
            return products.up(mul(products.down(x, triplets.a()), weights), triplets.b(), base);
        }
        PtNDArray u = mul(bmm(x, transpose(triplets.a(), 1, 2)), weights);
        PtNDArray update = bmm(u, transpose(triplets.b(), 1, 2));
        Groups rows = grouped.groups();
        return add(base, rows.padded().unpad(reshape(update, (long) adapters * rows.height(), -1)));
    }

    /** Tensors that a backward pass gives gradients of, in the order of the flat tensor. */
    public List<PtNDArray> leaves() {
        List<PtNDArray> ordered = new ArrayList<>();
        for (TripletLayout.Stack stack : layout.stacks()) {
            stack.members().forEach(k -> ordered.add(leaves.get(k).a()));
            stack.members().forEach(k -> ordered.add(leaves.get(k).e()));
            stack.members().forEach(k -> ordered.add(leaves.get(k).b()));
        }
        return ordered;
    }

    /** Gradient of each adapter's triplets, flat, after a backward pass. */
    public List<PtNDArray> gradients() {
        if (layout.size() == 0) {
            return Collections.nCopies(adapters, floats(scope, new float[0], 0));
        }
        PtNDArray[] parts =
                leaves().stream()
                        .map(leaf -> reshape(gradient(leaf, scope), new long[] {adapters, -1}))
                        .toArray(PtNDArray[]::new);
        return split(cat(parts, 1), Collections.nCopies(adapters, 1)).stream()
                .map(row -> reshape(row, new long[] {-1}))
                .toList();
    }
}
