package io.rankstream.adapters.model.mpnet;

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

/** The config.json of all-mpnet-base-v2, and changed ones. */
class MpnetConfigTest {

    private static final String BASE =
            """
            {"model_type": "mpnet", "bos_token_id": 0, "eos_token_id": 2, "hidden_act": "gelu",
             "hidden_size": 768, "intermediate_size": 3072, "layer_norm_eps": 1e-05,
             "max_position_embeddings": 514, "num_attention_heads": 12, "num_hidden_layers": 12,
             "pad_token_id": 1, "relative_attention_num_buckets": 32, "vocab_size": 30527}
            """;

    private final ObjectNode json = json();

    /** Stored adapters depend on it. */
    @Test
    void isWrittenTheSameForEver() throws IOException {
        assertThat(read().canonical())
                .isEqualTo(
                        "mpnet vocabulary=30527 hidden=768 layers=12 heads=12 intermediate=3072"
                                + " positions=514 epsilon=1.0E-5");
    }

    @Test
    void hasNoTypesOfTokensAndNoPooler() throws IOException {
        assertThat(read().tokenTypes()).isEqualTo(1);
        assertThat(read().poolerTensors()).isEmpty();
        assertThat(read().maxTokens()).isEqualTo(512);
    }

    @ParameterizedTest
    @CsvSource({"attn.q, 12", "o, 12", "output.dense, 12", ".*, 72", "query, 0", "dense, 24"})
    void namesItsLayersAsTransformersDoes(String target, int layers) throws IOException {
        assertThat(read().linearLayers(List.of(target))).hasSize(layers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hidden_size",
                "intermediate_size",
                "max_position_embeddings",
                "num_attention_heads",
                "num_hidden_layers",
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
        json.put("hidden_act", "relu");

        assertThatThrownBy(this::read)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("says hidden_act 'relu', expected 'gelu'");
    }

    @Test
    void isRefusedWithHeadsThatDoNotDivideTheWidth() {
        json.put("num_attention_heads", 7);

        assertThatThrownBy(this::read)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("the hidden size is 768, expected a multiple of the 7");
    }

    @Test
    void isRefusedWithAnotherNumberOfBuckets() {
        json.put("relative_attention_num_buckets", 64);

        assertThatThrownBy(this::read)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(
                        "says relative_attention_num_buckets 64, expected 32: transformers");
    }

    @Test
    void isRefusedWithoutAPositionAfterThePaddingToken() {
        json.put("max_position_embeddings", 2);

        assertThatThrownBy(this::read)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("the number of positions is 2, expected more than 2");
    }

    private Architecture read() throws ModelLoadException {
        return new MpnetFamily()
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
