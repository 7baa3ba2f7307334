package io.rankstream.adapters.task;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.OwnHead;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two texts of one and two tokens with one feature, and a head that passes it through. */
class PooledHeadTest {

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

    @ParameterizedTest
    @CsvSource({
        "TANH, .75, 0.46211715726",
        "TANH, .25, -0.46211715726",
        "RELU, .75, .5",
        "RELU, .25, 0"
    })
    void readsThroughALayerOfItsOwn(OwnHead.Activation activation, float token, double expected) {
        Head.Dense dense =
                new Head.Dense(
                        floats(manager, new float[] {2}, 1, 1),
                        floats(manager, new float[] {-1}, 1));

        assertThat(
                        margin(
                                Pooling.CLS,
                                List.of(1),
                                floats(manager, new float[] {token}, 1, 1),
                                new Own(activation, dense)))
                .containsExactly(new double[] {expected}, within(1e-6));
    }

    /** Features 3 and 4 have the variance 1/4, and so become -1 and 1. */
    @Test
    void readsThroughALayerAndALayerNorm() {
        Head.Dense dense =
                new Head.Dense(
                        floats(manager, new float[] {3, 0, 0, 4}, 2, 2),
                        floats(manager, new float[] {.5f, 2}, 2));
        OwnHead own =
                new OwnHead(
                        "d",
                        OwnHead.Activation.RELU,
                        Optional.of(new OwnHead.Norm("n", 1e-12f)),
                        "o",
                        true,
                        false);
        Head head =
                new Head(
                        floats(manager, new float[4], 2, 2),
                        floats(manager, new float[2], 2),
                        Optional.empty(),
                        Optional.of(dense));

        PtNDArray read =
                new PooledHead(Pooling.MEAN, Optional.empty(), Optional.of(own))
                        .read(floats(manager, new float[] {0, 2, 2, 0}, 2, 2), List.of(2), head);

        assertThat(read.toFloatArray()).containsExactly(new float[] {-.5f, 2}, within(1e-5f));
    }

    private record Own(OwnHead.Activation activation, Head.Dense dense) {}

    private double[] margins(Pooling pooling) {
        return margin(pooling, List.of(1, 2), floats(manager, new float[] {5, 2, 4}, 3, 1));
    }

    /** The pooled feature, read off the difference of two outputs. */
    private double[] margin(Pooling pooling, List<Integer> lengths, PtNDArray tokens) {
        return margin(pooling, lengths, tokens, null);
    }

    private double[] margin(Pooling pooling, List<Integer> lengths, PtNDArray tokens, Own own) {
        PtNDArray bias = floats(manager, new float[2], 2);
        Head head =
                new Head(
                        floats(manager, new float[] {1, 0}, 2, 1),
                        bias,
                        Optional.empty(),
                        Optional.ofNullable(own).map(Own::dense));
        PtNDArray read =
                new PooledHead(
                                pooling,
                                Optional.empty(),
                                Optional.ofNullable(own)
                                        .map(it -> new OwnHead("d", it.activation(), "o")))
                        .read(tokens, lengths, head);
        float[] logs = PooledHead.outputs(read, head, bias).toFloatArray();
        double[] margins = new double[logs.length / 2];
        for (int i = 0; i < margins.length; i++) {
            margins[i] = logs[2 * i] - logs[2 * i + 1];
        }
        return margins;
    }
}
