package io.rankstream.adapters.task.classification;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.TestDevice;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two texts of one and two tokens with one feature, and a head that passes it through. */
class SequenceClassificationTest {

    private PtNDManager manager;

    @BeforeEach
    void open() {
        manager = TestDevice.newManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void averagesOverTheTokensOfEachText() {
        assertThat(margins(Pooling.MEAN)).containsExactly(new double[] {5, 3}, within(1e-5));
    }

    @Test
    void readsTheFirstTokenAlone() {
        assertThat(margins(Pooling.CLS)).containsExactly(new double[] {5, 2}, within(1e-5));
    }

    @Test
    void averagesOverASingleText() {
        PtNDArray tokens = floats(manager, new float[] {2, 4}, 2, 1);
        assertThat(margin(Pooling.MEAN, List.of(2), tokens)[0]).isCloseTo(3, within(1e-5));
    }

    @Test
    void countsTheNegativeLogProbabilityOfTheTrueLabel() {
        float[] halves = {(float) Math.log(.25), (float) Math.log(.75)};
        PtNDArray losses =
                SequenceClassification.losses(floats(manager, halves, 1, 2), new int[] {1});
        assertThat((double) losses.getFloat(0)).isCloseTo(-Math.log(.75), within(1e-6));
    }

    private double[] margins(Pooling pooling) {
        return margin(pooling, List.of(1, 2), floats(manager, new float[] {5, 2, 4}, 3, 1));
    }

    /** The pooled feature, read off the difference of two labels' log probabilities. */
    private double[] margin(Pooling pooling, List<Integer> lengths, PtNDArray tokens) {
        float[] logs =
                new SequenceClassification(pooling, Optional.empty())
                        .logProbabilities(
                                tokens,
                                lengths,
                                floats(manager, new float[] {1, 0}, 2, 1),
                                floats(manager, new float[2], 2))
                        .toFloatArray();
        double[] margins = new double[logs.length / 2];
        for (int i = 0; i < margins.length; i++) {
            margins[i] = logs[2 * i] - logs[2 * i + 1];
        }
        return margins;
    }
}
