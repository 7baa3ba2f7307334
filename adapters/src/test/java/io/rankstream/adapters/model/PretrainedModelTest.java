package io.rankstream.adapters.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.OnnxWeights;
import io.rankstream.adapters.weights.Weights;
import io.rankstream.adapters.weights.safetensors.FloatType;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainedModelTest {

    @Nested
    class TheEmbeddedModel {

        @Test
        void hasEveryTensorInItsShapeAndNoOther() throws ModelLoadException {
            Map<String, HostTensor> tensors = HostTensor.of(new ModelSource.Embedded());
            PretrainedModel model = PretrainedModel.load(new ModelSource.Embedded());

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
            HostTensor.of(source)
                    .forEach((name, tensor) -> writer.put(name, tensor.shape(), tensor.values()));
            writer.put("pooler.dense.weight", new int[] {16, 16}, new float[256])
                    .put("pooler.dense.bias", new int[] {16}, new float[16]);
            Files.write(directory.resolve("model.safetensors"), writer.toBytes());

            PretrainedModel model = PretrainedModel.load(source);

            assertThat(model.sha256())
                    .isEqualTo("948eb47d4f6c582f052b11d298ca9c4a7ca40459f3832aedb8632f0b736b6f77");
            assertThat(model.sha256WithPooler())
                    .contains("62a821ba822ff3d8aa0da494d2d46525ac49a9fc3e311e0f1352a8a9773808f0");
        }

        /** Java writes numbers in Arabic digits for this one, where it is not told otherwise. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "peft/tiny-bert",
                    "models/tiny-roberta",
                    "models/tiny-distilbert",
                    "models/tiny-mpnet",
                    "models/tiny-deberta-v2",
                    "models/tiny-deberta-v3",
                    "models/tiny-modernbert"
                })
        void isTheSameInEveryLanguageOfTheMachine(String of) throws Exception {
            ModelSource source =
                    new ModelSource.Directory(
                            Path.of("src", "test", "resources").resolve(of).toString());
            String digest = PretrainedModel.load(source).sha256();
            Locale before = Locale.getDefault();
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            try {
                assertThat("%d".formatted(12)).isNotEqualTo("12");
                assertThat(PretrainedModel.load(source).sha256()).isEqualTo(digest);
            } finally {
                Locale.setDefault(before);
            }
        }

        @Test
        void beginsWithTheSizesInATextOfTheirOwn() throws ModelLoadException {
            assertThat(PretrainedModel.architecture(new ModelSource.Embedded()).canonical())
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
            original.putAll(HostTensor.of(source()));
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
                            "says model_type 'gpt2', expected 'bert' or 'roberta' or 'xlm-roberta'"
                                    + " or 'distilbert' or 'mpnet' or 'deberta-v2' or 'modernbert':"
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
                    .hasMessageEndingWith("says hidden_size 'many', expected a whole number");

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

        private static Stream<Arguments> oddFields() {
            Stream<Arguments> sizes =
                    Stream.of(
                                    "vocab_size",
                                    "hidden_size",
                                    "num_hidden_layers",
                                    "num_attention_heads",
                                    "intermediate_size",
                                    "max_position_embeddings",
                                    "type_vocab_size")
                            .flatMap(field -> cases(field, "\"2\"", "2.5", "true", "null", "[2]"));
            Stream<Arguments> texts =
                    Stream.of("model_type", "hidden_act", "position_embedding_type")
                            .flatMap(
                                    field -> cases(field, "5", "true", "null", "[\"bert\"]", "{}"));
            Stream<Arguments> types =
                    Stream.of("torch_dtype", "dtype")
                            .flatMap(
                                    field ->
                                            cases(
                                                    field,
                                                    "5",
                                                    "\"int8\"",
                                                    "\"float64\"",
                                                    "\"\"",
                                                    "{}"));
            return Stream.of(
                            sizes,
                            texts,
                            types,
                            cases("is_decoder", "\"yes\"", "1", "null", "[]"),
                            cases("layer_norm_eps", "\"1e-12\"", "true", "null", "[]"),
                            cases("quantization_config", "{\"bits\": 4}", "{}", "\"x\"", "4"))
                    .flatMap(cases -> cases);
        }

        private static Stream<Arguments> cases(String field, String... values) {
            return Stream.of(values).map(value -> Arguments.of(field, value));
        }

        @ParameterizedTest
        @MethodSource("oddFields")
        void isRefusedWithAFieldOfAnotherTypeOrOfWhatIsNotRead(String field, String value)
                throws IOException {
            ObjectNode config = config();
            config.set(field, new ObjectMapper().readTree(value));
            writeConfig(config);

            assertRefused()
                    .hasMessageStartingWith(directory.resolve("config.json") + " says " + field)
                    .hasMessageContaining(", expected ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "1000000", "4294967296", "0.5", "\"0\""})
        void isRefusedWithAPaddingTokenThatIsNoneOfItsVocabulary(String padding)
                throws IOException {
            ObjectNode config = config();
            config.set("pad_token_id", new ObjectMapper().readTree(padding));
            writeConfig(config);

            assertRefused()
                    .hasMessageStartingWith(
                            "%s says pad_token_id %s, expected ",
                            directory.resolve("config.json"), padding.replace('"', '\''));
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "7", "null"})
        void mayNameAnyPaddingTokenOrNone(String padding) throws IOException {
            ObjectNode config = config();
            config.set("pad_token_id", new ObjectMapper().readTree(padding));
            writeConfig(config);

            assertThat(tensors()).isEqualTo(original);
        }

        @ParameterizedTest
        @ValueSource(strings = {"float32", "float16", "bfloat16", "torch.float16"})
        void mayNameTheTypeOfItsWeights(String type) throws IOException {
            setConfig("torch_dtype", type);

            assertThat(tensors()).isEqualTo(original);
        }

        @Test
        void isRefusedWithFewerLayersThanTheWeightsHave() throws IOException {
            setConfig("num_hidden_layers", 1);

            assertRefused()
                    .hasMessageContaining(
                            "model.safetensors holds encoder.layer.1.attention.self.query.weight,"
                                    + " but config.json says that there are 1 layers")
                    .hasMessageContaining("AutoModel.from_pretrained");
        }

        @Test
        void isRefusedWithAFieldThatStandsThereTwice() throws IOException {
            String config = Files.readString(directory.resolve("config.json"));
            Files.writeString(
                    directory.resolve("config.json"),
                    "{\"hidden_size\": 32, " + config.substring(1));

            assertRefused().hasMessageContaining("the field hidden_size stands there twice");
        }

        private static Stream<Arguments> brokenTensors() {
            return Stream.of(
                            "embeddings.word_embeddings.weight",
                            "embeddings.LayerNorm.bias",
                            "encoder.layer.1.output.dense.weight",
                            "encoder.layer.1.output.LayerNorm.bias")
                    .flatMap(
                            tensor ->
                                    Stream.of(
                                                    Float.NaN,
                                                    Float.POSITIVE_INFINITY,
                                                    Float.NEGATIVE_INFINITY)
                                            .map(value -> Arguments.of(tensor, value)));
        }

        @ParameterizedTest
        @MethodSource("brokenTensors")
        void isRefusedWithAWeightThatIsNoNumber(String tensor, float value) throws IOException {
            int[] shape = original.get(tensor).shape();
            int last = original.get(tensor).values().length - 1;
            for (int place : new int[] {0, last}) {
                poison(tensor, place, value);

                assertRefused()
                        .hasMessageContaining(
                                "%s holds %s in %s at %s, expected finite numbers"
                                        .formatted(
                                                directory.resolve("model.safetensors"),
                                                value,
                                                tensor,
                                                place == 0
                                                        ? Arrays.toString(new int[shape.length])
                                                        : Arrays.toString(
                                                                Arrays.stream(shape)
                                                                        .map(size -> size - 1)
                                                                        .toArray())));
            }
        }

        @Test
        void isRefusedWithAWeightThatIsNoNumberInANarrowType() throws IOException {
            SafetensorsWriter writer = new SafetensorsWriter(FloatType.BF16);
            original.get("embeddings.LayerNorm.bias").values()[5] = Float.POSITIVE_INFINITY;
            original.forEach((name, each) -> writer.put(name, each.shape(), each.values()));
            Path file = directory.resolve("model.safetensors");
            Files.write(file, writer.toBytes());
            assertRefused()
                    .hasMessageContaining("holds Infinity in embeddings.LayerNorm.bias at [5]");

            // The same bits are no number in the other type, and the others are some number in it.
            String text = new String(writer.toBytes(), StandardCharsets.ISO_8859_1);
            Files.writeString(
                    file, text.replace(":\"BF16\"", ": \"F16\""), StandardCharsets.ISO_8859_1);
            assertRefused().hasMessageContaining("holds NaN in embeddings.LayerNorm.bias at [5]");
        }

        @Test
        void isRefusedWithAWeightThatIsNoNumberInAnOnnxFile() throws IOException {
            original.get("encoder.layer.0.output.dense.weight").values()[40] = Float.NaN;
            GraphProto.Builder graph = GraphProto.newBuilder();
            original.forEach(
                    (name, each) -> {
                        ByteBuffer bytes =
                                ByteBuffer.allocate(each.values().length * Float.BYTES)
                                        .order(ByteOrder.LITTLE_ENDIAN);
                        bytes.asFloatBuffer().put(each.values());
                        graph.addInitializer(
                                TensorProto.newBuilder()
                                        .setName(name)
                                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                                        .addAllDims(
                                                Arrays.stream(each.shape())
                                                        .asLongStream()
                                                        .boxed()
                                                        .toList())
                                        .setRawData(ByteString.copyFrom(bytes)));
                    });
            byte[] file = ModelProto.newBuilder().setGraph(graph).build().toByteArray();
            try (Weights weights =
                    OnnxWeights.read(new ByteArrayInputStream(file), "the model.onnx")) {
                ModelReader reader =
                        new ModelReader(
                                TinyBert.small().bertConfig(),
                                weights,
                                (name, shape) -> (values, count) -> {});

                assertThatThrownBy(() -> reader.read("any"))
                        .isInstanceOf(ModelLoadException.class)
                        .hasMessageStartingWith(
                                "the model.onnx holds NaN in encoder.layer.0.output.dense.weight at [1, 8], expected finite");
            }
        }

        @Test
        void isRefusedWithAWeightThatIsNoNumberInOneOfItsFiles() throws IOException {
            original.get("encoder.layer.1.output.dense.bias").values()[3] = Float.NaN;
            split(3);

            assertRefused()
                    .hasMessageContaining(
                            ".safetensors holds NaN in bert.encoder.layer.1.output.dense.bias at [3]");
        }

        private void poison(String tensor, int place, float value) throws IOException {
            SafetensorsWriter writer = new SafetensorsWriter();
            original.forEach(
                    (name, each) -> {
                        float[] values = each.values().clone();
                        if (name.equals(tensor)) {
                            values[place] = value;
                        }
                        writer.put(name, each.shape(), values);
                    });
            Files.write(directory.resolve("model.safetensors"), writer.toBytes());
        }

        @Test
        void isRefusedWithAnIndexThatNamesATensorTwice() throws IOException {
            split(2);
            Path index = directory.resolve("model.safetensors.index.json");
            Files.writeString(
                    index,
                    Files.readString(index)
                            .replace(
                                    "{\"weight_map\":{",
                                    "{\"weight_map\":{\"bert.embeddings.LayerNorm.bias\":"
                                            + "\"model-0.safetensors\","));

            assertRefused()
                    .hasMessageContaining("model.safetensors.index.json is not JSON")
                    .hasMessageContaining(
                            "the field bert.embeddings.LayerNorm.bias stands there twice");
        }

        @Test
        void isRefusedWithATensorInTwoOfItsFiles() throws IOException {
            split(2);
            HostTensor tensor = original.get("embeddings.LayerNorm.bias");
            Files.write(
                    directory.resolve("model-2.safetensors"),
                    new SafetensorsWriter()
                            .put("extra", new int[] {1}, new float[1])
                            .put("bert.embeddings.LayerNorm.bias", tensor.shape(), tensor.values())
                            .toBytes());
            Path index = directory.resolve("model.safetensors.index.json");
            Files.writeString(
                    index,
                    Files.readString(index)
                            .replace(
                                    "{\"weight_map\":{",
                                    "{\"weight_map\":{\"extra\":\"model-2.safetensors\","));

            assertRefused()
                    .hasMessageContaining("the tensor 'bert.embeddings.LayerNorm.bias' is in ")
                    .hasMessageContaining("model-2.safetensors");
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
            return HostTensor.of(source());
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
