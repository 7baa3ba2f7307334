package io.rankstream.adapters.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.weights.HostTensor;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainedModelTest {

    @Nested
    class TheEmbeddedModel {

        @Test
        void hasEveryTensorInItsShapeAndNoOther() throws ModelLoadException {
            Map<String, HostTensor> tensors = new LinkedHashMap<>();
            PretrainedModel model = PretrainedModel.load(new ModelSource.Embedded(), tensors::put);

            assertThat(model.name()).isEqualTo("sentence-transformers/all-MiniLM-L6-v2");
            assertThat(model.architecture())
                    .isEqualTo(new BertConfig(30522, 384, 6, 12, 1536, 512, 2, 1e-12f));
            Map<String, int[]> shapes = model.architecture().tensors();
            assertThat(tensors.keySet()).containsExactlyElementsOf(shapes.keySet());
            shapes.forEach(
                    (name, shape) ->
                            assertThat(tensors.get(name).shape()).as(name).containsExactly(shape));
        }
    }

    /** Every stored adapter names its base model by this digest, so none may ever change. */
    @Nested
    class TheDigest {

        @TempDir Path directory;

        @Test
        void ofTheEmbeddedModelIsWhatItAlwaysWas() throws ModelLoadException {
            assertThat(PretrainedModel.load(new ModelSource.Embedded()).sha256())
                    .isEqualTo("8cbe166d7fc649eb6dfc0652b4f9b70e4eccb819652aeabdea00d4ac0464a25b");
        }

        @Test
        void ofADirectoryIsWhatItAlwaysWas() throws IOException {
            PretrainedModel model = PretrainedModel.load(TinyBert.small().writeTo(directory));

            assertThat(model.sha256())
                    .isEqualTo("948eb47d4f6c582f052b11d298ca9c4a7ca40459f3832aedb8632f0b736b6f77");
            assertThat(model.sha256WithPooler()).isEmpty();
        }

        @Test
        void withThePoolerIsWhatItAlwaysWas() throws IOException {
            TinyBert.small().writeTo(directory);
            SafetensorsWriter writer = new SafetensorsWriter();
            ModelSource source = new ModelSource.Directory(directory.toString());
            PretrainedModel.load(
                    source, (name, tensor) -> writer.put(name, tensor.shape(), tensor.values()));
            writer.put("pooler.dense.weight", new int[] {16, 16}, new float[256])
                    .put("pooler.dense.bias", new int[] {16}, new float[16]);
            Files.write(directory.resolve("model.safetensors"), writer.toBytes());

            PretrainedModel model = PretrainedModel.load(source);

            assertThat(model.sha256())
                    .isEqualTo("948eb47d4f6c582f052b11d298ca9c4a7ca40459f3832aedb8632f0b736b6f77");
            assertThat(model.sha256WithPooler())
                    .contains("62a821ba822ff3d8aa0da494d2d46525ac49a9fc3e311e0f1352a8a9773808f0");
        }

        @Test
        void beginsWithTheSizesInATextOfTheirOwn() {
            assertThat(EmbeddedModel.ARCHITECTURE.canonical())
                    .isEqualTo(
                            "BertConfig[vocabSize=30522, hiddenSize=384, layers=6, heads=12, intermediateSize=1536, maxPositions=512, typeVocabSize=2, layerNormEpsilon=1.0E-12]");
        }
    }

    @Nested
    class ADirectory {

        @TempDir Path directory;

        private final Map<String, HostTensor> original = new LinkedHashMap<>();

        @BeforeEach
        void write() throws IOException {
            TinyBert.small().writeTo(directory);
            PretrainedModel.load(source(), original::put);
        }

        @Test
        void mayCarryThePrefixAndTensorsThatAreNotNeeded() throws IOException {
            rewriteWeights(
                    name -> "bert." + name,
                    writer ->
                            writer.put("bert.pooler.dense.weight", new int[] {1}, new float[1])
                                    .put("cls.predictions.bias", new int[] {1}, new float[1]));

            assertThat(tensors()).isEqualTo(original);
        }

        @Test
        void mayUseTheOldNamesOfLayerNorm() throws IOException {
            rewriteWeights(
                    name ->
                            "bert."
                                    + name.replace("LayerNorm.weight", "LayerNorm.gamma")
                                            .replace("LayerNorm.bias", "LayerNorm.beta"),
                    writer -> {});

            assertThat(tensors()).isEqualTo(original);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 7})
        void mayHaveItsTensorsInSeveralFiles(int files) throws IOException {
            String whole = load().sha256();
            split(files);

            assertThat(tensors()).isEqualTo(original);
            assertThat(load().sha256()).isEqualTo(whole);
        }

        @Test
        void isReadFromItsOneFileThoughAnIndexIsLeftBehind() throws IOException {
            Files.writeString(directory.resolve("model.safetensors.index.json"), "{}");

            assertThat(tensors()).isEqualTo(original);
        }

        @Test
        void isRefusedWithoutOneOfItsFilesOfWeights() throws IOException {
            split(3);
            Files.delete(directory.resolve("model-1.safetensors"));

            assertRefused()
                    .hasMessageContaining(
                            directory.resolve("model-1.safetensors") + " does not exist")
                    .hasMessageContaining("download the model again");
        }

        @Test
        void isRefusedWithAFileOfWeightsThatLacksWhatTheIndexSays() throws IOException {
            split(2);
            Files.copy(
                    directory.resolve("model-0.safetensors"),
                    directory.resolve("model-1.safetensors"),
                    StandardCopyOption.REPLACE_EXISTING);

            assertRefused()
                    .hasMessageContaining("model-1.safetensors holds no tensor")
                    .hasMessageContaining("model.safetensors.index.json says that it does");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[]",
                    "{}",
                    "{\"weight_map\": {}}",
                    "{\"weight_map\": []}",
                    "{\"weight_map\": {\"a\": 1}}",
                    "{\"weight_map\": {\"a\": \"../model-0.safetensors\"}}",
                    "{\"weight_map\": {\"a\": \"/etc/x.safetensors\"}}",
                    "{\"weight_map\": {\"a\": \"x\\u0000.safetensors\"}}",
                    "{\"weight_map\": {\"a\": \"\\ud800.safetensors\"}}",
                    "{\"weight_map\": {\"a\": \"pytorch_model.bin\"}}",
                    "no JSON",
                    ""
                })
        void isRefusedWithAnIndexThatNamesNoFilesBesideIt(String index) throws IOException {
            split(2);
            Files.writeString(directory.resolve("model.safetensors.index.json"), index);

            assertRefused().hasMessageContaining("model.safetensors.index.json");
        }

        private void split(int files) throws IOException {
            List<SafetensorsWriter> writers =
                    Stream.generate(SafetensorsWriter::new).limit(files).toList();
            ObjectNode index = new ObjectMapper().createObjectNode();
            ObjectNode map = index.putObject("weight_map");
            int next = 0;
            for (Map.Entry<String, HostTensor> tensor : original.entrySet()) {
                writers.get(next)
                        .put(
                                "bert." + tensor.getKey(),
                                tensor.getValue().shape(),
                                tensor.getValue().values());
                map.put("bert." + tensor.getKey(), "model-" + next + ".safetensors");
                next = (next + 1) % files;
            }
            for (int i = 0; i < files; i++) {
                Files.write(
                        directory.resolve("model-" + i + ".safetensors"), writers.get(i).toBytes());
            }
            Files.write(
                    directory.resolve("model.safetensors.index.json"),
                    new ObjectMapper().writeValueAsBytes(index));
            Files.delete(directory.resolve("model.safetensors"));
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
            setConfig("model_type", "gpt2");
            assertRefused()
                    .hasMessageEndingWith(
                            "says model_type 'gpt2', expected 'bert' or 'roberta' or 'xlm-roberta':"
                                    + " other encoders are not supported");
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

            setConfig("num_hidden_layers", 1_000_000_000);
            assertRefused()
                    .hasMessageContaining("the number of layers is 1000000000, expected at most");
            setConfig("num_hidden_layers", 2);

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
            return PretrainedModel.load(source());
        }

        private Map<String, HostTensor> tensors() throws ModelLoadException {
            Map<String, HostTensor> tensors = new LinkedHashMap<>();
            PretrainedModel.load(source(), tensors::put);
            return tensors;
        }

        private ModelSource source() {
            return new ModelSource.Directory(directory.toString());
        }

        private void rewriteWeights(UnaryOperator<String> rename, Consumer<SafetensorsWriter> more)
                throws IOException {
            SafetensorsWriter writer = new SafetensorsWriter();
            original.forEach(
                    (name, tensor) ->
                            writer.put(rename.apply(name), tensor.shape(), tensor.values()));
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
}
