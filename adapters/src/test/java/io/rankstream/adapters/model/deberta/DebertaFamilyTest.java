package io.rankstream.adapters.model.deberta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModelDirectory;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a config.json describes. */
class DebertaFamilyTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path directory;

    private static ObjectNode config(String model) throws IOException {
        try (InputStream file =
                DebertaFamilyTest.class.getResourceAsStream("/models/" + model + "/config.json")) {
            return (ObjectNode) JSON.readTree(file);
        }
    }

    private Architecture read(ObjectNode config) throws IOException {
        Files.write(directory.resolve("config.json"), JSON.writeValueAsBytes(config));
        return ModelDirectory.of(new ModelSource.Directory(directory.toString())).architecture();
    }

    /** Every stored adapter depends on it. */
    @Test
    void isWrittenTheSameForEver() throws IOException {
        assertThat(read(config("tiny-deberta-v3")).canonical())
                .isEqualTo(
                        "deberta-v2 vocabulary=562 hidden=24 layers=2 heads=3 intermediate=40"
                                + " positions=64 added=false types=0 epsilon=1.0E-7 buckets=8"
                                + " farthest=64 normalized=true c2p=true p2c=true convolution=none");
        assertThat(read(config("tiny-deberta-v2")).canonical())
                .isEqualTo(
                        "deberta-v2 vocabulary=562 hidden=24 layers=2 heads=3 intermediate=40"
                                + " positions=64 added=true types=2 epsilon=1.0E-7 buckets=0"
                                + " farthest=16 normalized=false c2p=true p2c=true"
                                + " convolution=3,GELU");
    }

    @Test
    void tellsTheTextsOfAPairApartByTypesThatItHas() throws IOException {
        assertThat(read(config("tiny-deberta-v3")).tokenTypes()).isZero();
        assertThat(read(config("tiny-deberta-v2")).tokenTypes()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    relative_attention  | false    | says relative_attention false, expected true
                    share_att_key       | false    | says share_att_key false, expected true
                    pos_att_type        | null     | says pos_att_type null, expected 'c2p', 'p2c' or both
                    pos_att_type        | []       | says pos_att_type [], expected 'c2p', 'p2c' or both
                    pos_att_type        | "p2p"    | says pos_att_type 'p2p', expected 'c2p', 'p2c' or both
                    norm_rel_ebd        | "other"  | says norm_rel_ebd 'other', expected 'none' or 'layer_norm'
                    embedding_size      | 16       | says embedding_size 16, expected 24, as hidden_size has it
                    attention_head_size | 4        | says attention_head_size 4, expected 8
                    hidden_act          | "relu"   | says hidden_act 'relu', expected 'gelu'
                    pooler_hidden_act   | "tanh"   | says pooler_hidden_act 'tanh', expected 'gelu'
                    pooler_hidden_size  | 12       | says pooler_hidden_size 12, expected 24
                    position_buckets    | 7        | the number of buckets of distances (position_buckets) is 7
                    conv_kernel_size    | 4        | the width of the convolution (conv_kernel_size) is 4
                    type_vocab_size     | -1       | the number of segment ids is -1
                    """)
    void isRefusedWhereTheNetworkDoesSomethingElse(String field, String value, String sentence)
            throws IOException {
        ObjectNode config = config("tiny-deberta-v3");
        config.set(field, JSON.readTree(value));

        assertThatThrownBy(() -> read(config))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    conv_groups | 2      | says conv_groups 2, expected 1
                    conv_act    | "relu" | says conv_act 'relu', expected 'gelu' or 'tanh'
                    """)
    void isRefusedForAConvolutionThatDoesSomethingElse(String field, String value, String sentence)
            throws IOException {
        ObjectNode config = config("tiny-deberta-v2");
        config.set(field, JSON.readTree(value));

        assertThatThrownBy(() -> read(config))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(sentence);
    }
}
