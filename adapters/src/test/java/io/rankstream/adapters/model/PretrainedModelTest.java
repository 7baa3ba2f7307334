package io.rankstream.adapters.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PretrainedModelTest {

    @Test
    void loadsTheEmbeddedModel() throws ModelLoadException {
        PretrainedModel model = PretrainedModel.load(new ModelSource.Embedded());

        assertThat(model.config())
                .isEqualTo(new BertConfig(30522, 384, 6, 12, 1536, 512, 2, 1e-12f));
        assertThat(model.weights()).hasSize(5 + 6 * 16);
        assertThat(model.weights().get("encoder.layer.5.intermediate.dense.weight").shape())
                .containsExactly(1536, 384);
    }
}
