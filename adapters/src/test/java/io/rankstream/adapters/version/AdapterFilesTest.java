package io.rankstream.adapters.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.peft.PeftExport;
import io.rankstream.adapters.peft.SmallAdapter;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.weights.safetensors.FloatType;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterFilesTest {

    private static final String BASE = SmallAdapter.BASE_MODEL.name();
    private static final String ENCODER = "base_model.model.bert.";

    @TempDir Path directory;

    @Test
    void areTheSameBytesForTheSameAdapter() {
        SortedMap<String, byte[]> one = files(SmallAdapter.masked());
        SortedMap<String, byte[]> other = files(SmallAdapter.masked());

        assertThat(one.keySet())
                .containsExactly(
                        "README.md",
                        "adalora/adapter_config.json",
                        "adalora/adapter_model.safetensors",
                        "labels.json",
                        "lora/adapter_config.json",
                        "lora/adapter_model.safetensors",
                        "provenance.json",
                        "training_state.safetensors");
        one.forEach((path, content) -> assertThat(other.get(path)).as(path).isEqualTo(content));
    }

    @Nested
    class Adalora {

        @Test
        void holdsTheLiveTripletsUnderPeftsKeys() throws IOException {
            try (SafetensorsFile tensors =
                    tensors(SmallAdapter.masked(), "adalora/adapter_model.safetensors")) {
                assertThat(tensors.names())
                        .containsExactlyInAnyOrderElementsOf(keys(".lora_A", ".lora_B", ".lora_E"));
                assertShape(tensors, SmallAdapter.QUERY + ".lora_A", 3, 6);
                assertShape(tensors, SmallAdapter.QUERY + ".lora_B", 6, 3);
                assertShape(tensors, SmallAdapter.QUERY + ".lora_E", 3, 1);
                assertShape(tensors, SmallAdapter.WIDE + ".lora_B", 10, 1);
                assertShape(tensors, SmallAdapter.DEEP + ".lora_A", 0, 10);
                assertShape(tensors, SmallAdapter.DEEP + ".lora_B", 6, 0);
                assertShape(tensors, SmallAdapter.DEEP + ".lora_E", 0, 1);
            }
        }

        @Test
        void picksTheRowsAndColumnsOfLiveTriplets() throws IOException {
            SmallAdapter adapter = SmallAdapter.masked();
            int live = 2;
            try (SafetensorsFile tensors = tensors(adapter, "adalora/adapter_model.safetensors")) {
                float[] a = tensors.floats(ENCODER + SmallAdapter.WIDE + ".lora_A");
                float[] e = tensors.floats(ENCODER + SmallAdapter.WIDE + ".lora_E");
                float[] b = tensors.floats(ENCODER + SmallAdapter.WIDE + ".lora_B");

                assertThat(e[0]).isEqualTo(adapter.values()[SmallAdapter.LAYOUT.offsetE(1) + live]);
                for (int j = 0; j < 6; j++) {
                    assertThat(a[j])
                            .isEqualTo(
                                    adapter.values()[
                                            SmallAdapter.LAYOUT.offsetA(1) + live * 6 + j]);
                }
                for (int j = 0; j < 10; j++) {
                    assertThat(b[j])
                            .isEqualTo(
                                    adapter.values()[
                                            SmallAdapter.LAYOUT.offsetB(1)
                                                    + j * SmallAdapter.RANK
                                                    + live]);
                }
            }
        }

        @Test
        void isConfiguredAsPeftWouldWriteIt() throws IOException {
            String text = text(SmallAdapter.masked(), "adalora/adapter_config.json");
            JsonNode json = new ObjectMapper().readTree(text);

            assertThat(json.properties().stream().map(Map.Entry::getKey).toList()).isSorted();
            assertThat(text).startsWith("{\n  \"base_model_name_or_path\": \"" + BASE + "\",\n");
            assertThat(json.get("peft_type").asText()).isEqualTo("ADALORA");
            assertThat(json.get("task_type").asText()).isEqualTo("SEQ_CLS");
            assertThat(json.get("init_r").asInt()).isEqualTo(4);
            assertThat(json.get("r").asInt()).isEqualTo(8);
            assertThat(json.get("lora_alpha").asDouble()).isEqualTo(16);
            assertThat(json.get("bias").asText()).isEqualTo("none");
            assertThat(json.get("inference_mode").asBoolean()).isTrue();
            assertThat(json.get("modules_to_save").toString()).isEqualTo("[\"classifier\"]");
        }

        @Test
        void namesEveryAdaptedModuleInFullSoThatNoOtherIsMeant() throws IOException {
            JsonNode json = json(SmallAdapter.masked(), "adalora/adapter_config.json");

            assertThat(json.get("target_modules").valueStream().map(JsonNode::asText))
                    .containsExactly(
                            "bert." + SmallAdapter.QUERY,
                            "bert." + SmallAdapter.WIDE,
                            "bert." + SmallAdapter.DEEP);
        }

        @Test
        void hasAScheduleThatPeftAccepts() throws IOException {
            JsonNode json = json(SmallAdapter.masked(), "adalora/adapter_config.json");

            assertThat(json.get("total_step").asInt()).isEqualTo(SmallAdapter.STEP + 1);
        }

        @Test
        void listsTheLivePatternByModule() throws IOException {
            JsonNode pattern =
                    json(SmallAdapter.masked(), "adalora/adapter_config.json").get("rank_pattern");

            assertThat(pattern).hasSize(3);
            assertThat(pattern.get("bert." + SmallAdapter.QUERY + ".lora_E").toString())
                    .isEqualTo("[true,true,false,true]");
            assertThat(pattern.get("bert." + SmallAdapter.DEEP + ".lora_E").toString())
                    .isEqualTo("[false,false,false,false]");
        }

        @Test
        void hasNoPatternBeforeTheFirstMask() throws IOException {
            assertThat(
                            json(SmallAdapter.unmasked(), "adalora/adapter_config.json")
                                    .get("rank_pattern")
                                    .isNull())
                    .isTrue();
        }
    }

    @Nested
    class Lora {

        @Test
        void hasOneRankForAllModules() throws IOException {
            try (SafetensorsFile tensors =
                    tensors(SmallAdapter.masked(), "lora/adapter_model.safetensors")) {
                assertThat(tensors.names())
                        .containsExactlyInAnyOrderElementsOf(
                                keys(".lora_A.weight", ".lora_B.weight"));
                assertShape(tensors, SmallAdapter.QUERY + ".lora_A.weight", 8, 6);
                assertShape(tensors, SmallAdapter.QUERY + ".lora_B.weight", 6, 8);
            }
            JsonNode json = json(SmallAdapter.masked(), "lora/adapter_config.json");
            assertThat(json.get("peft_type").asText()).isEqualTo("LORA");
            assertThat(json.get("r").asInt()).isEqualTo(8);
            assertThat(json.get("lora_alpha").asInt()).isEqualTo(8);
            assertThat(json.has("init_r")).isFalse();
        }

        @Test
        void mayKeepEachModulesOwnRank() throws IOException {
            SortedMap<String, byte[]> files =
                    PeftExport.of(
                            SmallAdapter.masked().state(),
                            PeftExport.Format.LORA_OWN_RANKS,
                            FloatType.F32);

            try (SafetensorsFile tensors =
                    SafetensorsFile.of(files.get("adapter_model.safetensors"), "test")) {
                assertShape(tensors, SmallAdapter.QUERY + ".lora_A.weight", 3, 6);
                assertShape(tensors, SmallAdapter.WIDE + ".lora_B.weight", 10, 1);
                assertThat(tensors.names()).noneMatch(name -> name.contains(SmallAdapter.DEEP));
            }
            JsonNode json = new ObjectMapper().readTree(files.get("adapter_config.json"));
            assertThat(json.get("r").asInt()).isEqualTo(3);
            assertThat(json.get("lora_alpha").asInt()).isEqualTo(3);
            assertThat(json.get("rank_pattern").toString())
                    .isEqualTo("{\"bert." + SmallAdapter.WIDE + "\":1}");
            assertThat(json.get("alpha_pattern")).isEqualTo(json.get("rank_pattern"));
            assertThat(json.get("target_modules")).hasSize(2);
        }

        @Test
        void isZeroWhereAModuleLost() throws IOException {
            try (SafetensorsFile tensors =
                    tensors(SmallAdapter.masked(), "lora/adapter_model.safetensors")) {
                assertThat(tensors.floats(ENCODER + SmallAdapter.DEEP + ".lora_A.weight"))
                        .hasSize(80)
                        .containsOnly(0);
                assertThat(tensors.floats(ENCODER + SmallAdapter.DEEP + ".lora_B.weight"))
                        .hasSize(48)
                        .containsOnly(0);
            }
        }

        @Test
        void changesTheWeightsAsAdaloraDoes() throws IOException {
            for (SmallAdapter adapter : List.of(SmallAdapter.masked(), SmallAdapter.unmasked())) {
                for (int k = 0; k < SmallAdapter.LAYOUT.modules().size(); k++) {
                    double[][] expected = adaloraDelta(adapter, k);
                    double[][] found = loraDelta(adapter, k);
                    for (int row = 0; row < expected.length; row++) {
                        assertThat(found[row]).containsExactly(expected[row], within(1e-5));
                    }
                }
            }
        }

        /** s P Λ Q over the live triplets, from the state itself. */
        private double[][] adaloraDelta(SmallAdapter adapter, int k) {
            ModuleShape shape = SmallAdapter.LAYOUT.modules().get(k);
            double scale = 16 / (4 + 1e-5);
            double[][] delta = new double[shape.out()][shape.in()];
            for (int i = 0; i < SmallAdapter.RANK; i++) {
                if (!adapter.live()[k * SmallAdapter.RANK + i]) {
                    continue;
                }
                float e = adapter.values()[SmallAdapter.LAYOUT.offsetE(k) + i];
                for (int row = 0; row < shape.out(); row++) {
                    float b =
                            adapter.values()[
                                    SmallAdapter.LAYOUT.offsetB(k) + row * SmallAdapter.RANK + i];
                    for (int column = 0; column < shape.in(); column++) {
                        float a =
                                adapter.values()[
                                        SmallAdapter.LAYOUT.offsetA(k) + i * shape.in() + column];
                        delta[row][column] += scale * b * e * a;
                    }
                }
            }
            return delta;
        }

        private double[][] loraDelta(SmallAdapter adapter, int k) throws IOException {
            ModuleShape shape = SmallAdapter.LAYOUT.modules().get(k);
            double[][] delta = new double[shape.out()][shape.in()];
            try (SafetensorsFile tensors = tensors(adapter, "lora/adapter_model.safetensors")) {
                float[] a = tensors.floats(ENCODER + shape.name() + ".lora_A.weight");
                float[] b = tensors.floats(ENCODER + shape.name() + ".lora_B.weight");
                int rank = a.length / shape.in();
                for (int row = 0; row < shape.out(); row++) {
                    for (int column = 0; column < shape.in(); column++) {
                        for (int i = 0; i < rank; i++) {
                            delta[row][column] +=
                                    (double) b[row * rank + i] * a[i * shape.in() + column];
                        }
                    }
                }
            }
            return delta;
        }
    }

    @Nested
    class TheHead {

        @Test
        void isInBothDirectories() throws IOException {
            for (String form : new String[] {"adalora", "lora"}) {
                SmallAdapter adapter = SmallAdapter.masked();
                try (SafetensorsFile tensors =
                        tensors(adapter, form + "/adapter_model.safetensors")) {
                    assertThat(tensors.shape("base_model.model.classifier.weight"))
                            .containsExactly(2, 6);
                    assertThat(tensors.floats("base_model.model.classifier.weight"))
                            .isEqualTo(adapter.state().head().weight());
                    assertThat(tensors.floats("base_model.model.classifier.bias"))
                            .containsExactly(0.5f, -0.5f);
                }
            }
        }

        @Test
        void isPublishedWithoutItsRetiredLabels() throws IOException {
            AdapterState whole = SmallAdapter.masked().state();
            HeadState head = whole.head();
            AdapterState grown = whole.withLabels(head.labels().with(List.of("eggs"), 0));
            AdapterState state = grown.withLabels(grown.head().labels().without(List.of("ham")));

            SortedMap<String, byte[]> files = AdapterFiles.of(state, OptionalInt.empty());

            assertThat(new String(files.get("README.md"), StandardCharsets.UTF_8))
                    .contains("| 0 | spam |", "| 1 | eggs | 0 |", "Retired, and never said: ham.")
                    .contains("LABELS = [\"spam\", \"eggs\"]");
            assertThat(new ObjectMapper().readTree(files.get("labels.json")).toString())
                    .isEqualTo(
                            "{\"id2label\":{\"0\":\"spam\",\"1\":\"eggs\"},\"label2id\":{\"spam\":0,\"eggs\":1},\"pooling\":\"MEAN\",\"labelRevision\":3}");
            try (SafetensorsFile tensors =
                    SafetensorsFile.of(files.get("lora/adapter_model.safetensors"), "test")) {
                assertThat(tensors.shape("base_model.model.classifier.weight"))
                        .containsExactly(2, head.hidden());
                assertThat(tensors.floats("base_model.model.classifier.bias"))
                        .containsExactly(state.head().bias()[1], state.head().bias()[2]);
            }
            assertThat(AdapterSnapshot.parse(files.get(AdapterSnapshot.FILE), "test"))
                    .isEqualTo(state);
        }

        @Test
        void hasItsLabelsInBothDirections() throws IOException {
            assertThat(json(SmallAdapter.masked(), "labels.json").toString())
                    .isEqualTo(
                            "{\"id2label\":{\"0\":\"ham\",\"1\":\"spam\"},\"label2id\":{\"ham\":0,\"spam\":1},\"pooling\":\"MEAN\",\"maxLength\":64,\"labelRevision\":1}");
        }
    }

    @Nested
    class Provenance {

        @Test
        void saysWhereTheAdapterComesFrom() throws IOException {
            JsonNode json = json(SmallAdapter.masked(), "provenance.json");

            assertThat(json.get("adapter").asText()).isEqualTo("spam");
            assertThat(json.get("version").asInt()).isEqualTo(3);
            assertThat(json.get("step").asInt()).isEqualTo(SmallAdapter.STEP);
            assertThat(json.get("baseModel").asText()).isEqualTo(BASE);
            assertThat(json.get("seed").asInt()).isEqualTo(42);
            assertThat(json.get("pooling").asText()).isEqualTo("MEAN");
            assertThat(json.get("maxLength").asInt()).isEqualTo(64);
            assertThat(json.at("/liveRanks/" + SmallAdapter.QUERY).asInt()).isEqualTo(3);
            assertThat(json.at("/prequential/examples").asInt()).isEqualTo(3);
            assertThat(json.at("/prequential/accuracy").asDouble()).isEqualTo(2 / 3.0);
            assertThat(json.at("/hyperparameters/schedule/rampSteps").asInt()).isEqualTo(10);
            assertThat(json.at("/hyperparameters/optimizer/learningRate").asText())
                    .isEqualTo("0.002");
            assertThat(json.at("/libraries/pytorch").asText()).matches("\\d+\\.\\d+\\.\\d+");
            assertThat(json.at("/libraries/rankstream").asText()).isNotEmpty();
        }
    }

    @Nested
    class Refuse {

        @Test
        void aValueThatIsNotFinite() {
            int offset = SmallAdapter.LAYOUT.offsetB(1) + 2;
            assertThatThrownBy(() -> files(SmallAdapter.masked().with(offset, Float.NaN)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "B of encoder.layer.0.intermediate.dense holds NaN, expected finite"
                                    + " numbers in an adapter");
        }

        @Test
        void aProductThatIsNotFinite() {
            SmallAdapter adapter =
                    SmallAdapter.unmasked().with(SmallAdapter.LAYOUT.offsetE(0), Float.MAX_VALUE);
            assertThatThrownBy(() -> files(adapter))
                    .hasMessageContaining("s B diag(E) of " + SmallAdapter.QUERY + " holds");
        }

        @Test
        void aHeadThatIsNotFinite() {
            assertThatThrownBy(
                            () ->
                                    files(
                                            SmallAdapter.masked()
                                                    .with(SmallAdapter.HEAD_START, Float.NaN)))
                    .hasMessageStartingWith("the weight of the head holds NaN");
        }
    }

    /** Of a number: one output, which PEFT saves as it saves any classifier. */
    @Nested
    class OfNumbers {

        private final SortedMap<String, byte[]> files =
                AdapterFiles.of(
                        SmallAdapter.masked().ofNumbers(), SmallAdapter.masked().template(), 64);

        @ParameterizedTest
        @ValueSource(strings = {"adalora", "lora"})
        void aDirectoryOfPeftHasAHeadOfOneOutput(String folder) throws IOException {
            JsonNode config =
                    new ObjectMapper().readTree(files.get(folder + "/adapter_config.json"));

            assertThat(config.at("/task_type").asText()).isEqualTo("SEQ_CLS");
            assertThat(config.at("/modules_to_save"))
                    .extracting(JsonNode::asText)
                    .containsExactly("classifier");
            Path file = directory.resolve(folder);
            Files.write(file, files.get(folder + "/adapter_model.safetensors"));
            try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
                assertThat(tensors.shape("base_model.model.classifier.weight"))
                        .containsExactly(1, 6);
                assertThat(tensors.shape("base_model.model.classifier.bias")).containsExactly(1);
            }
        }

        @Test
        void whatTransformersNeedsBesidesIsInLabelsJson() throws IOException {
            JsonNode labels = new ObjectMapper().readTree(files.get("labels.json"));

            assertThat(labels.at("/problem_type").asText()).isEqualTo("regression");
            assertThat(labels.at("/num_labels").asInt()).isEqualTo(1);
            assertThat(labels.at("/task").asText()).isEqualTo("regression");
            assertThat(labels.at("/pooling").asText()).isEqualTo("MEAN");
            assertThat(labels.at("/maxLength").asInt()).isEqualTo(64);
            assertThat(labels.has("id2label")).isFalse();
        }
    }

    private static List<String> keys(String... suffixes) {
        List<String> keys =
                new ArrayList<>(
                        List.of(
                                "base_model.model.classifier.weight",
                                "base_model.model.classifier.bias"));
        for (ModuleShape module : SmallAdapter.LAYOUT.modules()) {
            for (String suffix : suffixes) {
                keys.add(ENCODER + module.name() + suffix);
            }
        }
        return keys;
    }

    private static void assertShape(SafetensorsFile tensors, String key, long... shape) {
        assertThat(tensors.shape(ENCODER + key)).as(key).containsExactly(shape);
    }

    private static SortedMap<String, byte[]> files(SmallAdapter adapter) {
        return AdapterFiles.of(adapter.state(), adapter.template(), 64);
    }

    private SafetensorsFile tensors(SmallAdapter adapter, String path) throws IOException {
        Path file = directory.resolve("adapter.safetensors");
        return SafetensorsFile.open(Files.write(file, files(adapter).get(path)));
    }

    private static String text(SmallAdapter adapter, String path) {
        return new String(files(adapter).get(path), StandardCharsets.UTF_8);
    }

    private static JsonNode json(SmallAdapter adapter, String path) throws IOException {
        return new ObjectMapper().readTree(text(adapter, path));
    }
}
