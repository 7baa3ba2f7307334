package io.rankstream.adapters.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.model.bert.BertTensors;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.weights.HostTensor;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedModelTest {

    @Nested
    class TheEmbeddedModel {

        @Test
        void hasEveryTensorInItsShapeAndNoOther() throws ModelLoadException {
            PretrainedModel model = PretrainedModel.load(new ModelSource.Embedded());

            assertThat(model.name()).isEqualTo("sentence-transformers/all-MiniLM-L6-v2");
            assertThat(model.config())
                    .isEqualTo(new BertConfig(30522, 384, 6, 12, 1536, 512, 2, 1e-12f));
            Map<String, int[]> shapes = BertTensors.shapes(model.config());
            assertThat(model.weights().keySet()).containsExactlyElementsOf(shapes.keySet());
            shapes.forEach(
                    (name, shape) ->
                            assertThat(model.weights().get(name).shape())
                                    .as(name)
                                    .containsExactly(shape));
        }
    }

    @Nested
    class ADirectory {

        @TempDir Path directory;

        private PretrainedModel original;

        @BeforeEach
        void write() throws IOException {
            TinyBert.small().writeTo(directory);
            original = load();
        }

        @Test
        void mayCarryThePrefixAndTensorsThatAreNotNeeded() throws IOException {
            rewriteWeights(
                    name -> "bert." + name,
                    writer ->
                            writer.put("bert.pooler.dense.weight", new int[] {1}, new float[1])
                                    .put("cls.predictions.bias", new int[] {1}, new float[1]));

            assertThat(load().weights()).isEqualTo(original.weights());
        }

        @Test
        void mayUseTheOldNamesOfLayerNorm() throws IOException {
            rewriteWeights(
                    name ->
                            "bert."
                                    + name.replace("LayerNorm.weight", "LayerNorm.gamma")
                                            .replace("LayerNorm.bias", "LayerNorm.beta"),
                    writer -> {});

            assertThat(load().weights()).isEqualTo(original.weights());
        }

        @Test
        void isNamedAfterItsLastElement() throws IOException {
            TinyBert.small().writeTo(directory.resolve("models/my-bert"));

            PretrainedModel model =
                    PretrainedModel.load(
                            new ModelSource.Directory(directory + "/models/../models/my-bert/"));

            assertThat(model.name()).isEqualTo("my-bert");
        }

        @Test
        void isRefusedWhereThereIsNone() {
            assertThatThrownBy(
                            () -> PretrainedModel.load(new ModelSource.Directory("/no/such/dir")))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessage(
                            "the model directory /no/such/dir does not exist,"
                                    + " expected one with config.json, model.safetensors and"
                                    + " tokenizer.json");
        }

        @Test
        void isRefusedWithoutOneOfItsFiles() throws IOException {
            for (String name : new String[] {"model.safetensors", "config.json"}) {
                Files.move(directory.resolve(name), directory.resolve("other"));
                assertRefused()
                        .hasMessageStartingWith(directory.resolve(name) + " does not exist")
                        .hasMessageContaining(", but there are only ");
                Files.move(directory.resolve("other"), directory.resolve(name));
            }
        }

        @Test
        void isRefusedWithoutOneOfItsTensors() throws IOException {
            rewriteWeights(
                    name -> name.equals("embeddings.LayerNorm.bias") ? "other" : name,
                    writer -> {});

            assertRefused()
                    .hasMessageContaining("model.safetensors holds no tensor embeddings.LayerNorm");
        }

        @Test
        void isRefusedWithATensorOfAnotherShape() throws IOException {
            setConfig("intermediate_size", 48);

            assertRefused()
                    .hasMessageEndingWith(
                            "holds encoder.layer.0.intermediate.dense.weight of shape [32, 16],"
                                    + " expected [48, 16] from config.json");
        }

        @Test
        void isRefusedWithWeightsInAnotherFormat() throws IOException {
            Files.writeString(directory.resolve("model.safetensors"), "version https://git-lfs");

            assertRefused()
                    .hasMessageContaining("model.safetensors is a git-LFS pointer of 23 bytes")
                    .hasMessageContaining("run 'git lfs pull'");
        }

        @Test
        void isRefusedForAnotherArchitecture() throws IOException {
            setConfig("model_type", "roberta");
            assertRefused()
                    .hasMessageEndingWith(
                            "says model_type 'roberta', expected 'bert': other encoders are not"
                                    + " supported");
        }

        @Test
        void isRefusedWithAnotherActivation() throws IOException {
            setConfig("hidden_act", "gelu_new");
            assertRefused().hasMessageContaining("says hidden_act 'gelu_new', expected 'gelu'");
        }

        @Test
        void isRefusedWithRelativePositions() throws IOException {
            setConfig("position_embedding_type", "relative_key");
            assertRefused().hasMessageContaining("'relative_key', expected 'absolute'");
        }

        @Test
        void isRefusedAsADecoder() throws IOException {
            ObjectNode config = config();
            config.put("is_decoder", true);
            writeConfig(config);
            assertRefused().hasMessageContaining("says is_decoder true, expected an encoder");
        }

        @Test
        void isRefusedWithAConfigurationThatLacksOrMistakesASize() throws IOException {
            ObjectNode config = config();
            config.remove("hidden_size");
            writeConfig(config);
            assertRefused().hasMessageEndingWith("has no hidden_size, expected a whole number");

            setConfig("hidden_size", "many");
            assertRefused()
                    .hasMessageEndingWith("says hidden_size \"many\", expected a whole number");

            setConfig("hidden_size", 15);
            assertRefused()
                    .hasMessageEndingWith(
                            "the hidden size is 15, expected a multiple of the 2 attention heads");

            setConfig("hidden_size", 0);
            assertRefused().hasMessageEndingWith("the hidden size is 0, expected at least 1");
        }

        @Test
        void isRefusedWithAConfigurationThatIsNoJson() throws IOException {
            Files.writeString(directory.resolve("config.json"), "model_type: bert");
            assertRefused().hasMessageContaining("config.json is not JSON");
        }

        private AbstractThrowableAssert<?, ?> assertRefused() {
            return assertThatThrownBy(this::load).isInstanceOf(ModelLoadException.class);
        }

        private PretrainedModel load() throws ModelLoadException {
            return PretrainedModel.load(new ModelSource.Directory(directory.toString()));
        }

        private void rewriteWeights(UnaryOperator<String> rename, Consumer<SafetensorsWriter> more)
                throws IOException {
            SafetensorsWriter writer = new SafetensorsWriter();
            original.weights()
                    .forEach(
                            (name, tensor) ->
                                    writer.put(
                                            rename.apply(name), tensor.shape(), tensor.values()));
            more.accept(writer);
            Files.write(directory.resolve("model.safetensors"), writer.toBytes());
        }

        private ObjectNode config() throws IOException {
            return (ObjectNode)
                    new ObjectMapper().readTree(directory.resolve("config.json").toFile());
        }

        private void setConfig(String field, Object value) throws IOException {
            ObjectNode config = config();
            config.putPOJO(field, value);
            writeConfig(config);
        }

        private void writeConfig(ObjectNode config) throws IOException {
            Files.write(
                    directory.resolve("config.json"), new ObjectMapper().writeValueAsBytes(config));
        }
    }

    @Test
    void keepsItsWeightsFromBeingReplaced() throws ModelLoadException {
        PretrainedModel model =
                new PretrainedModel("x", EmbeddedModel.CONFIG, Map.of("a", scalar()));

        assertThat(model.weights().keySet()).isEqualTo(Set.of("a"));
        assertThatThrownBy(() -> model.weights().put("b", scalar()))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static HostTensor scalar() {
        return new HostTensor(new int[0], new float[] {1});
    }
}
