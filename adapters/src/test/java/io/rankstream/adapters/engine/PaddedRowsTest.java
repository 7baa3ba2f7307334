package io.rankstream.adapters.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PaddedRowsTest {

    private final PtNDManager manager = TestDevice.newManager();

    /** Rows 2 and 3 come first; row 0 and row 1 are a group each, of height two. */
    private final PaddedRows rows =
            new PaddedRows(
                    manager,
                    List.of(
                            new PaddedRows.Group(2, 2, 2),
                            new PaddedRows.Group(0, 1, 2),
                            new PaddedRows.Group(1, 1, 2)),
                    4);

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aGroupRepeatsItsLastRow() {
        assertThat(rows.pad(column(10, 11, 12, 13)).toFloatArray())
                .containsExactly(12, 13, 10, 10, 11, 11);
    }

    @Test
    void withoutPaddingRowsStandInTheirOriginalOrder() {
        assertThat(rows.unpad(column(12, 13, 10, -1, 11, -1)).toFloatArray())
                .containsExactly(10, 11, 12, 13);
    }

    @Test
    void paddingAddsNothingToAGradient() {
        PtNDArray x = column(10, 11, 12, 13);
        JniUtils.attachGradient(x, true);
        JniUtils.setGradMode(true);
        try {
            PtNDArray sum = JniUtils.sum(rows.unpad(rows.pad(x)));
            JniUtils.backward(sum, Tensors.scalar(manager, 1), false, false);
        } finally {
            JniUtils.setGradMode(false);
        }

        assertThat(JniUtils.getGradient(x).toFloatArray()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void rowsThatNeedNoneStayWhatTheyAre() {
        PaddedRows even =
                new PaddedRows(
                        manager,
                        List.of(new PaddedRows.Group(0, 2, 2), new PaddedRows.Group(2, 2, 2)),
                        4);
        PtNDArray x = column(10, 11, 12, 13);

        assertThat(even.pad(x)).isSameAs(x);
        assertThat(even.unpad(x)).isSameAs(x);
    }

    @Test
    void rowsOfNoGroupAreNotPaddedButThereAfterwards() {
        PaddedRows more = new PaddedRows(manager, List.of(new PaddedRows.Group(0, 2, 2)), 4);

        assertThat(more.pad(column(10, 11, 12, 13)).toFloatArray()).containsExactly(10, 11);
        assertThat(more.unpad(column(10, 11)).toFloatArray()).containsExactly(10, 11, 10, 10);
    }

    private PtNDArray column(float... values) {
        return Tensors.floats(manager, values, values.length, 1);
    }
}
