package io.rankstream.adapters.model.modernbert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ConfigJson;
import io.rankstream.adapters.model.JsonSettings;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a config.json of a published ModernBERT describes, and changed ones. */
class ModernBertFamilyTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SIZES =
            """
            {"model_type": "modernbert", "vocab_size": 50368, "hidden_size": 768,
             "num_hidden_layers": 22, "num_attention_heads": 12, "intermediate_size": 1152,
             "max_position_embeddings": 8192}
            """;

    /** As version 4 of transformers wrote them. */
    private static final String BEFORE =
            """
            {"attention_bias": false, "classifier_activation": "gelu", "classifier_bias": false,
             "classifier_pooling": "mean", "global_attn_every_n_layers": 3,
             "global_rope_theta": 160000.0, "hidden_activation": "gelu", "layer_norm_eps": 1e-05,
             "local_attention": 128, "local_rope_theta": 10000.0, "mlp_bias": false,
             "norm_bias": false, "norm_eps": 1e-05, "position_embedding_type": "absolute",
             "torch_dtype": "float32"}
            """;

    private static final String CANONICAL =
            "modernbert vocabulary=50368 hidden=768 layers=22 heads=12 intermediate=1152"
                    + " positions=8192 epsilon=1.0E-5 global=[0, 3, 6, 9, 12, 15, 18, 21]"
                    + " thetas=160000.0,10000.0 reach=64";

    private final ObjectNode json = json(SIZES);

    /** Every stored adapter depends on it. */
    @Test
    void isWrittenTheSameForEver() throws IOException {
        json.setAll(json(BEFORE));

        assertThat(read().canonical()).isEqualTo(CANONICAL);
    }

    @Test
    void isWhatTransformersMakesOfSizesAlone() throws IOException {
        assertThat(read().canonical()).isEqualTo(CANONICAL);
    }

    @Test
    void hasKindsOfLayersAndAnglesAsVersion5OfTransformersWritesThem() throws IOException {
        json.put("num_hidden_layers", 3);
        json.putArray("layer_types")
                .add("sliding_attention")
                .add("full_attention")
                .add("sliding_attention");
        json.set(
                "rope_parameters",
                json(
                        """
                        {"full_attention": {"rope_theta": 500.0, "rope_type": "default"},
                         "sliding_attention": {"rope_theta": 20.0}}
                        """));

        assertThat(read().canonical()).endsWith("global=[1] thetas=500.0,20.0 reach=64");
    }

    @Test
    void hasNoTypesOfTokensAndNoPooler() throws IOException {
        assertThat(read().tokenTypes()).isEqualTo(1);
        assertThat(read().poolerTensors()).isEmpty();
        assertThat(read().maxTokens()).isEqualTo(8192);
    }

    @ParameterizedTest
    @CsvSource({"cls, false", "mean, true"})
    void hasAHeadThatReadsWhatItsConfigSays(String pooling, boolean readsMean) throws IOException {
        json.put("classifier_pooling", pooling).put("norm_eps", 1e-6);

        OwnHead head = read().ownHead().orElseThrow();

        assertThat(head.readsMean()).isEqualTo(readsMean);
        assertThat(head.norm()).contains(new OwnHead.Norm("head.norm", 1e-6f));
        assertThat(head.tensors())
                .containsExactly(
                        "head.dense.weight",
                        "head.norm.weight",
                        "classifier.weight",
                        "classifier.bias");
    }

    /** Queries, keys and values are one layer, and so are what is activated and what gates it. */
    @ParameterizedTest
    @CsvSource({
        "Wqkv, 22",
        "attn.Wo, 22",
        "mlp.Wo, 22",
        "Wo, 44",
        "layers.0.mlp.Wi, 1",
        ".*, 88",
        "query, 0",
        "dense, 0"
    })
    void namesItsLayersAsTransformersDoes(String target, int layers) throws IOException {
        assertThat(read().linearLayers(List.of(target))).hasSize(layers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vocab_size",
                "hidden_size",
                "num_hidden_layers",
                "num_attention_heads",
                "intermediate_size",
                "max_position_embeddings"
            })
    void isRefusedWithoutASize(String field) {
        json.remove(field);

        assertThatThrownBy(this::read)
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("config.json has no " + field + ", expected a whole number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    attention_bias             | true      | says attention_bias true, expected false: a ModernBERT with biases is not supported
                    mlp_bias                   | true      | says mlp_bias true, expected false
                    norm_bias                  | true      | says norm_bias true, expected false
                    classifier_bias            | true      | says classifier_bias true, expected false
                    hidden_activation          | "silu"    | says hidden_activation 'silu', expected 'gelu'
                    classifier_activation      | "relu"    | says classifier_activation 'relu', expected 'gelu'
                    classifier_pooling         | "max"     | says classifier_pooling 'max', expected 'cls' or 'mean'
                    rope_scaling               | {"a": 1}  | says rope_scaling {"a":1}, expected none
                    rope_parameters            | 5                                         | says rope_parameters 5, expected an object with objects 'full_attention' and 'sliding_attention'
                    rope_parameters            | {"full_attention": 5}                     | rope_parameters {"full_attention":5}, expected an object with objects
                    rope_parameters            | {"full_attention": {"rope_type": "yarn"}} | config.json, rope_parameters.full_attention, says rope_type 'yarn', expected 'default'
                    rope_parameters            | {"sliding_attention": {"rope_theta": 0}}  | (theta) in local layers is 0.0, expected a number from 1 on
                    layer_types                | ["full_attention"] | expected a list of 'full_attention' and 'sliding_attention', one for each of the 22 layers
                    global_attn_every_n_layers | 0         | the global_attn_every_n_layers is 0, expected at least 1
                    local_attention            | -1        | the local_attention is -1, expected at least 1
                    local_rope_theta           | null      | says local_rope_theta null, expected a number
                    num_attention_heads        | 256       | the attention heads have 3 features, expected an even number
                    num_attention_heads        | 7         | the hidden size is 768, expected a multiple of the 7
                    """)
    void isRefusedWhereTheNetworkDoesSomethingElse(String field, String value, String sentence)
            throws IOException {
        json.set(field, JSON.readTree(value));

        assertThatThrownBy(this::read)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(sentence);
    }

    private Architecture read() throws ModelLoadException {
        return new ModernBertFamily()
                .read(new ConfigJson(new JsonSettings(Path.of("config.json"), json)));
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
