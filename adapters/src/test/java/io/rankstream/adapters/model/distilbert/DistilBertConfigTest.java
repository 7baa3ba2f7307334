package io.rankstream.adapters.model.distilbert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ConfigJson;
import io.rankstream.adapters.model.JsonSettings;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The config.json of distilbert-base-uncased, and changed ones. */
class DistilBertConfigTest {

    private static final String BASE =
            """
            {"model_type": "distilbert", "activation": "gelu", "dim": 768, "hidden_dim": 3072,
             "max_position_embeddings": 512, "n_heads": 12, "n_layers": 6, "pad_token_id": 0,
             "sinusoidal_pos_embds": false, "vocab_size": 30522}
            """;

    private final ObjectNode json = json();

    /** Stored adapters depend on it. */
    @Test
    void isWrittenTheSameForEver() throws IOException {
        assertThat(read().canonical())
                .isEqualTo(
                        "distilbert vocabulary=30522 hidden=768 layers=6 heads=12 intermediate=3072"
                                + " positions=512 epsilon=1.0E-12");
    }

    @Test
    void hasNoTypesOfTokensAndNoPooler() throws IOException {
        assertThat(read().tokenTypes()).isEqualTo(1);
        assertThat(read().poolerTensors()).isEmpty();
        assertThat(read().maxTokens()).isEqualTo(512);
    }

    @ParameterizedTest
    @CsvSource({"q_lin, 6", "lin2, 6", "attention.out_lin, 6", ".*, 36", "query, 0", "dense, 0"})
    void namesItsLayersAsTransformersDoes(String target, int layers) throws IOException {
        assertThat(read().linearLayers(List.of(target))).hasSize(layers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dim",
                "hidden_dim",
                "max_position_embeddings",
                "n_heads",
                "n_layers",
                "vocab_size"
            })
    void isRefusedWithoutASize(String field) {
        json.remove(field);

        assertThatThrownBy(this::read)
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("config.json has no " + field + ", expected a whole number");
    }

    @Test
    void isRefusedWithAnotherActivation() {
        json.put("activation", "relu");

        assertThatThrownBy(this::read)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("says activation 'relu', expected 'gelu'");
    }

    @Test
    void isRefusedWithHeadsThatDoNotDivideTheWidth() {
        json.put("n_heads", 7);

        assertThatThrownBy(this::read)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("the hidden size is 768, expected a multiple of the 7");
    }

    private Architecture read() throws ModelLoadException {
        return new DistilBertFamily()
                .read(new ConfigJson(new JsonSettings(Path.of("config.json"), json)));
    }

    private static ObjectNode json() {
        try {
            return (ObjectNode) new ObjectMapper().readTree(BASE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
