package io.rankstream.adapters.model.attention;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.cat;
import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.rowsAt;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.model.TokenBatch;
import java.util.Collections;
import java.util.stream.LongStream;

/**
 * Rotary positions (Su et al., 2021) of a packed batch: feature i of a head and the one half a head
 * further are turned by {@code position · θ^(−2i / size)}.
 *
 * <p>Made for one batch; its tensors belong to the batch's scope.
 */
public final class Rotation {

    private final int size;
    private final PtNDArray cosines;
    private final PtNDArray sines;

    /**
     * @param size features of a head, an even number
     * @param theta base of the angles
     */
    public Rotation(TokenBatch batch, int size, double theta) {
        this.size = size;
        int positions = Collections.max(batch.lengths());
        float[] cosine = new float[positions * size];
        float[] sine = new float[positions * size];
        int half = size / 2;
        for (int i = 0; i < half; i++) {
            // In single precision, as models were trained with it.
            float frequency = 1 / (float) Math.pow(theta, (float) (2 * i) / size);
            for (int position = 0; position < positions; position++) {
                float angle = position * frequency;
                int first = position * size + i;
                cosine[first] = (float) Math.cos(angle);
                cosine[first + half] = cosine[first];
                sine[first + half] = (float) Math.sin(angle);
                sine[first] = -sine[first + half];
            }
        }
        PtNDArray ofRows = batch.perToken(text -> LongStream.range(0, text.length).toArray());
        this.cosines = ofRows(cosine, positions, ofRows);
        this.sines = ofRows(sine, positions, ofRows);
    }

    private PtNDArray ofRows(float[] ofPositions, int positions, PtNDArray positionOfRows) {
        PtNDManager scope = positionOfRows.getManager();
        PtNDArray table = floats(scope, ofPositions, positions, size);
        return reshape(rowsAt(table, positionOfRows), -1, 1, size);
    }

    /**
     * Turns every head.
     *
     * @param x (rows, features of any number of heads), and so is the result, which is of x's scope
     */
    public PtNDArray of(PtNDArray x) {
        int half = size / 2;
        PtNDArray heads = reshape(x, x.getShape().get(0), -1, size);
        PtNDArray others =
                cat(
                        new PtNDArray[] {
                            slice(heads, 2, half, size), slice(heads, 2, 0, half),
                        },
                        2);
        PtNDArray turned = mul(heads, cosines);
        addi(turned, mul(others, sines));
        return reshape(turned, x.getShape().get(0), -1);
    }
}
