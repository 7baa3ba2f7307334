package io.rankstream.adapters.model.deberta;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.gelu;
import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Operations.tanh;
import static io.rankstream.adapters.engine.Operations.transpose;
import static io.rankstream.adapters.engine.Products.frozen;
import static io.rankstream.adapters.engine.Tensors.longs;
import static io.rankstream.adapters.engine.Tensors.rows;
import static io.rankstream.adapters.engine.Tensors.rowsAt;
import static io.rankstream.adapters.engine.Tensors.zeros;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.model.encoder.Norm;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * DeBERTa-v2's convolution with frozen weights, computed as one product of each token's neighbours
 * side by side; a text has zeros around it.
 *
 * @param convolution its width and what follows
 * @param weight (hidden, width · hidden)
 * @param bias (hidden)
 * @param norm what its sum with the first layer's output goes through
 * @param products how matrices are multiplied
 */
record Neighbours(
        Convolution convolution, PtNDArray weight, PtNDArray bias, Norm norm, Products products) {

    /** The one among a model's tensors; its weight (hidden, hidden, width) ends here. */
    static Neighbours of(
            Convolution convolution,
            Map<String, PtNDArray> tensors,
            float epsilon,
            Products products) {
        try (PtNDArray weight = tensors.get(DebertaConfig.CONVOLUTION + ".weight");
                PtNDArray neighboursFirst = transpose(weight, 1, 2)) {
            return new Neighbours(
                    convolution,
                    reshape(neighboursFirst, weight.getShape().get(0), -1),
                    tensors.get(DebertaConfig.CONVOLUTION + ".bias"),
                    Norm.of(tensors, DebertaConfig.CONVOLUTION_NORM, epsilon),
                    products);
        }
    }

    /**
     * What it makes of the embedding.
     *
     * @param x (rows, hidden), and so is the result
     */
    PtNDArray convolved(TokenBatch batch, PtNDArray x) {
        PtNDManager pass = x.getManager();
        long hidden = x.getShape().get(1);
        PtNDArray withZeros = rows(List.of(x, zeros(pass, 1, hidden)));
        long[] index = neighbours(batch);
        PtNDArray sideBySide =
                reshape(
                        rowsAt(withZeros, longs(pass, index, index.length)),
                        batch.rows(),
                        convolution.width() * hidden);
        PtNDArray product = frozen(products.operand(sideBySide), weight, bias);
        return switch (convolution.activation()) {
            case GELU -> gelu(product);
            case TANH -> tanh(product);
        };
    }

    /**
     * The sum with the first layer's output, normalized.
     *
     * @param x (rows, hidden), which is changed
     */
    PtNDArray added(PtNDArray convolved, PtNDArray x) {
        addi(x, convolved);
        return norm.forward(x);
    }

    /** Of every row those around it in its text; outside of the text, the row after all others. */
    private long[] neighbours(TokenBatch batch) {
        int width = convolution.width();
        long[] index = new long[batch.rows() * width];
        Arrays.fill(index, batch.rows());
        int first = 0;
        for (int length : batch.lengths()) {
            for (int i = 0; i < length * width; i++) {
                int place = i / width + i % width - width / 2;
                if (place >= 0 && place < length) {
                    index[first * width + i] = first + (long) place;
                }
            }
            first += length;
        }
        return index;
    }
}
