package io.rankstream.adapters.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.peft.PeftDirectories.Tensor;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LiveTriplets;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.ModelClass;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.task.tagging.TokenClassification;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.version.AdapterFiles;
import io.rankstream.adapters.weights.safetensors.FloatType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeftImportTest {

    private static final List<String> TAGS = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");
    private static final List<String> LABELS = List.of("low", "high", "middle");
    private static final String PREFIX = "base_model.model.";
    private static final String QUERY = "encoder.layer.0.attention.self.query";
    private static final ModelSource.Directory TINY_BERT =
            new ModelSource.Directory(PeftDirectories.of("tiny-bert").toString());

    private static PretrainedModel model;

    @TempDir Path temp;

    @BeforeAll
    static void loadModel() throws IOException {
        model = PretrainedModel.load(TINY_BERT);
    }

    @Nested
    class TakesOver {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    PeftDirectories.UNMASKED,
                    PeftDirectories.MASKED,
                    PeftDirectories.LORA,
                    PeftDirectories.POOLER,
                    PeftDirectories.ONE_LAYER,
                    PeftDirectories.REGEX,
                    PeftDirectories.ROBERTA,
                    PeftDirectories.REGRESSION,
                    PeftDirectories.MULTI_LABEL,
                    PeftDirectories.XLM_ROBERTA,
                    PeftDirectories.DISTILBERT,
                    PeftDirectories.MPNET,
                    PeftDirectories.DEBERTA,
                    PeftDirectories.MODERNBERT,
                    PeftDirectories.QUESTIONS,
                    PeftDirectories.TAGS,
                    PeftDirectories.MODERNBERT_ANSWERS,
                    PeftDirectories.MODERNBERT_TAGS
                })
        void theLogitsOfPeft(String name) throws IOException {
            AdapterState state =
                    new PeftImport(
                                    PeftAdapter.read(PeftDirectories.of(name)),
                                    PretrainedModel.load(PeftDirectories.baseOf(name)))
                            .toState("a", labels(name), head(name), 5);

            float[][] logits = logits(name, state);
            JsonNode expected = golden(name).get("logits");
            for (int i = 0; i < logits.length; i++) {
                for (int label = 0; label < logits[i].length; label++) {
                    assertThat((double) logits[i][label])
                            .isCloseTo(expected.get(i).get(label).asDouble(), within(1e-4));
                }
            }
        }

        /** Logits of the texts that PEFT computed some for. */
        private float[][] logits(String name, AdapterState state) throws IOException {
            List<int[]> texts = new ArrayList<>();
            for (JsonNode text : golden(name).get("tokenIds")) {
                texts.add(text.valueStream().mapToInt(JsonNode::asInt).toArray());
            }
            try (Learner learner = Learner.open(PeftDirectories.baseOf(name), 1, TestDevice.get());
                    ResidentAdapter adapter = learner.admit(state, template(state))) {
                return adapter.logits(texts);
            }
        }

        private static JsonNode golden(String name) throws IOException {
            return new ObjectMapper()
                    .readTree(PeftDirectories.of(name).resolve("logits.json").toFile());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    PeftDirectories.UNMASKED,
                    PeftDirectories.MASKED,
                    PeftDirectories.ROBERTA,
                    PeftDirectories.REGRESSION,
                    PeftDirectories.MULTI_LABEL,
                    PeftDirectories.XLM_ROBERTA,
                    PeftDirectories.DISTILBERT,
                    PeftDirectories.MPNET,
                    PeftDirectories.DEBERTA,
                    PeftDirectories.MODERNBERT,
                    PeftDirectories.QUESTIONS,
                    PeftDirectories.TAGS,
                    PeftDirectories.MODERNBERT_ANSWERS,
                    PeftDirectories.MODERNBERT_TAGS
                })
        void whatItExportsAgainBitForBit(String name) throws IOException {
            AdapterState state =
                    new PeftImport(
                                    PeftAdapter.read(PeftDirectories.of(name)),
                                    PretrainedModel.load(PeftDirectories.baseOf(name)))
                            .toState("a", labels(name), head(name), 5);
            SortedMap<String, byte[]> files =
                    PeftExport.of(state, PeftExport.Format.ADALORA, FloatType.F32);

            Map<String, Tensor> found = tensors(files);
            Map<String, Tensor> expected =
                    PeftDirectories.tensors(
                            PeftDirectories.of(name).resolve("adapter_model.safetensors"));
            assertThat(found.keySet()).isEqualTo(expected.keySet());
            expected.forEach(
                    (key, tensor) -> {
                        assertThat(found.get(key).shape()).as(key).isEqualTo(tensor.shape());
                        assertThat(found.get(key).values()).as(key).isEqualTo(tensor.values());
                    });
            JsonNode settings = new ObjectMapper().readTree(files.get("adapter_config.json"));
            JsonNode original = config(name);
            for (String field :
                    List.of("peft_type", "init_r", "lora_alpha", "rank_pattern", "bias", "r")) {
                assertThat(settings.get(field)).as(field).isEqualTo(original.get(field));
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    PeftDirectories.MASKED,
                    PeftDirectories.ROBERTA,
                    PeftDirectories.DISTILBERT,
                    PeftDirectories.MPNET,
                    PeftDirectories.DEBERTA,
                    PeftDirectories.MODERNBERT
                })
        void whatItExportedAsPlainLora(String name) throws IOException {
            PretrainedModel base = PretrainedModel.load(PeftDirectories.baseOf(name));
            AdapterState state =
                    new PeftImport(PeftAdapter.read(PeftDirectories.of(name)), base)
                            .toState("a", labels(name), head(name), 5);
            Path exported = Files.createDirectories(temp.resolve("exported"));
            for (Map.Entry<String, byte[]> file :
                    PeftExport.of(state, PeftExport.Format.LORA, FloatType.F32).entrySet()) {
                Files.write(exported.resolve(file.getKey()), file.getValue());
            }
            AdapterState again =
                    new PeftImport(PeftAdapter.read(exported), base)
                            .toState("a", labels(name), head(name), 5);

            float[][] found = logits(name, again);
            float[][] expected = logits(name, state);
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).containsExactly(expected[i], within(1e-5f));
            }
        }

        @Test
        void theTaskOfPeftWhichItExportsAgain() throws IOException {
            String name = PeftDirectories.QUESTIONS;
            AdapterState state =
                    new PeftImport(
                                    PeftAdapter.read(PeftDirectories.of(name)),
                                    PretrainedModel.load(PeftDirectories.baseOf(name)))
                            .toState("a", labels(name), head(name), 5);
            JsonNode config =
                    new ObjectMapper()
                            .readTree(
                                    PeftExport.of(state, PeftExport.Format.LORA, FloatType.F32)
                                            .get("adapter_config.json"));

            assertThat(config.get("task_type").asText()).isEqualTo("QUESTION_ANS");
            assertThat(config.get("modules_to_save"))
                    .extracting(JsonNode::asText)
                    .containsExactly("qa_outputs");
        }

        @Test
        void theTagsOfATokenClassificationInTheirOrder() throws IOException {
            PeftAdapter adapter = PeftAdapter.read(PeftDirectories.of(PeftDirectories.TAGS));
            PeftImport importing =
                    new PeftImport(
                            adapter,
                            PretrainedModel.load(PeftDirectories.baseOf(PeftDirectories.TAGS)));

            AdapterState state = importing.toState("a", TAGS, head(PeftDirectories.TAGS), 5);

            assertThat(adapter.modelClass()).isEqualTo(ModelClass.TOKEN_CLASSIFICATION);
            assertThat(state.head().labels().active()).isEqualTo(TAGS);
            assertThat(
                            new ObjectMapper()
                                    .readTree(PeftExport.labels(state.head(), OptionalInt.empty()))
                                    .get("id2label")
                                    .valueStream()
                                    .map(JsonNode::asText))
                    .containsExactlyElementsOf(TAGS);
            assertThatThrownBy(() -> importing.toState("a", TAGS, HeadKind.first(Pooling.MEAN), 5))
                    .hasMessageContaining(
                            "is one of TOKEN_CLS, but that of a classification is one of SEQ_CLS");
            assertThatThrownBy(
                            () ->
                                    importing.toState(
                                            "a",
                                            List.of("O", "B-PER", "I-PER", "B-LOC", "I-ORG"),
                                            head(PeftDirectories.TAGS),
                                            5))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining("expected B-ORG beside it");
        }

        @Test
        void noHeadOfAnotherTask() throws IOException {
            PeftImport importing =
                    new PeftImport(
                            PeftAdapter.read(PeftDirectories.of(PeftDirectories.QUESTIONS)),
                            PretrainedModel.load(
                                    PeftDirectories.baseOf(PeftDirectories.QUESTIONS)));

            assertThatThrownBy(
                            () ->
                                    importing.toState(
                                            "a",
                                            List.of("x", "y"),
                                            HeadKind.first(Pooling.MEAN),
                                            5))
                    .isInstanceOf(PeftException.class)
                    .hasMessageEndingWith(
                            "is one of QUESTION_ANS, but that of a classification is one of SEQ_CLS: name the task that it was trained for");
        }

        @Test
        void theUpdateOfPlainLoraWhichItExportsAgain() throws IOException {
            AdapterState state = imported(PeftDirectories.of(PeftDirectories.LORA));
            Map<String, Tensor> found =
                    tensors(PeftExport.of(state, PeftExport.Format.LORA, FloatType.F32));
            Map<String, Tensor> expected =
                    PeftDirectories.tensors(
                            PeftDirectories.of(PeftDirectories.LORA)
                                    .resolve("adapter_model.safetensors"));

            assertThat(found.keySet()).isEqualTo(expected.keySet());
            for (ModuleShape module : state.triplets().layout().modules()) {
                double[] delta = loraDelta(found, PREFIX + "bert." + module.name(), module, 1);
                double[] peft = loraDelta(expected, PREFIX + "bert." + module.name(), module, 2);
                assertThat(delta).containsExactly(peft, within(1e-5));
            }
        }

        @Test
        void aDirectoryOfItsOwnExport() throws IOException {
            AdapterState state = imported(PeftDirectories.of(PeftDirectories.MASKED));
            for (Map.Entry<String, byte[]> file :
                    PeftExport.of(state, PeftExport.Format.ADALORA, FloatType.F32).entrySet()) {
                Files.write(temp.resolve(file.getKey()), file.getValue());
            }

            assertThat(imported(temp)).isEqualTo(state);
        }

        @Test
        void tripletsOfAnEncoderWithoutAPrefix() throws IOException {
            Path bare =
                    PeftDirectories.write(
                            PeftDirectories.MASKED,
                            temp.resolve("bare"),
                            settings -> {
                                ObjectNode pattern = (ObjectNode) settings.get("rank_pattern");
                                Map<String, JsonNode> before = fields(pattern);
                                pattern.removeAll();
                                before.forEach(
                                        (key, value) ->
                                                pattern.set(key.replace("bert.", ""), value));
                            },
                            tensors -> {
                                Map<String, Tensor> before = Map.copyOf(tensors);
                                tensors.clear();
                                before.forEach(
                                        (key, value) ->
                                                tensors.put(key.replace(".bert.", "."), value));
                            });

            assertThat(imported(bare))
                    .isEqualTo(imported(PeftDirectories.of(PeftDirectories.MASKED)));
        }
    }

    @Nested
    class StartsWith {

        @Test
        void stepAndVersionZeroAndNeitherMomentsNorImportance() throws IOException {
            AdapterState state = imported(PeftDirectories.of(PeftDirectories.MASKED));

            assertThat(state.meta().adapterId()).isEqualTo("tickets");
            assertThat(state.meta().step()).isZero();
            assertThat(state.meta().version()).isZero();
            assertThat(state.meta().baseModel().name()).isEqualTo("tiny-bert");
            assertThat(state.meta().baseModel().sha256()).isEqualTo(model.sha256());
            assertThat(state.moments().tripletFirst()).containsOnly(0);
            assertThat(state.moments().headSecond()).containsOnly(0);
            assertThat(state.importance().sensitivity()).containsOnly(0);
        }

        @Test
        void aBudgetOfTheLiveTriplets() throws IOException {
            AdapterState masked = imported(PeftDirectories.of(PeftDirectories.MASKED));
            AdapterState unmasked = imported(PeftDirectories.of(PeftDirectories.UNMASKED));

            assertThat(masked.budget().budget()).isEqualTo(12);
            assertThat(masked.budget().liveTriplets()).isEqualTo(12);
            assertThat(masked.budget().liveRanks(4)).contains(0);
            assertThat(unmasked.budget().budget()).isEqualTo(48);
            assertThat(unmasked.budget().liveTriplets()).isEqualTo(48);
        }

        @Test
        void prunedTripletsThatAreDrawnAnewAndMayReturn() throws IOException {
            AdapterState state = imported(PeftDirectories.of(PeftDirectories.MASKED));
            TripletLayout layout = state.triplets().layout();
            double squares = 0;
            int count = 0;
            for (int k = 0; k < layout.modules().size(); k++) {
                int in = layout.modules().get(k).in();
                for (int i = 0; i < layout.rank(); i++) {
                    if (state.budget().live()[k * layout.rank() + i]) {
                        continue;
                    }
                    assertThat(state.triplets().values()[layout.offsetE(k) + i]).isZero();
                    for (int j = 0; j < in; j++) {
                        squares +=
                                Math.pow(
                                        state.triplets().values()[layout.offsetA(k) + i * in + j],
                                        2);
                        count++;
                    }
                }
            }
            assertThat(Math.sqrt(squares / count)).isCloseTo(.02, within(.001));
        }

        @Test
        void theSameForTheSameSeedAlone() throws IOException {
            PeftAdapter adapter = PeftAdapter.read(PeftDirectories.of(PeftDirectories.MASKED));
            PeftImport importing = new PeftImport(adapter, model);

            AdapterState one =
                    importing.toState("tickets", LABELS, HeadKind.first(Pooling.MEAN), 1);

            assertThat(importing.toState("tickets", LABELS, HeadKind.first(Pooling.MEAN), 1))
                    .isEqualTo(one);
            assertThat(
                            importing
                                    .toState("tickets", LABELS, HeadKind.first(Pooling.MEAN), 2)
                                    .triplets())
                    .isNotEqualTo(one.triplets());
        }

        @Test
        void aFreshHeadWhereTheDirectoryHasNone() throws IOException {
            Path headless =
                    PeftDirectories.withTensors(
                            PeftDirectories.MASKED,
                            temp.resolve("headless"),
                            tensors ->
                                    tensors.keySet().removeIf(key -> key.contains("classifier")));
            PeftImport importing = new PeftImport(PeftAdapter.read(headless), model);

            AdapterState state =
                    importing.toState(
                            "tickets", List.of("ham", "spam"), HeadKind.first(Pooling.CLS), 3);

            assertThat(state.head().labels().names()).containsExactly("ham", "spam");
            assertThat(state.head().pooling()).isEqualTo(Pooling.CLS);
            assertThat(state.head().weight()).hasSize(2 * 32).doesNotContain(0);
        }
    }

    @Nested
    class PlainLora {

        @Test
        void isScaledByItsRootIfItIsRankStabilised() throws IOException {
            Path stabilised =
                    PeftDirectories.withSettings(
                            PeftDirectories.LORA,
                            temp.resolve("rslora"),
                            settings -> settings.put("use_rslora", true));

            assertThat(scaleOf(stabilised, QUERY)).isCloseTo(8 / Math.sqrt(4), within(1e-6));
        }

        @Test
        void mayHaveScalesAndRanksOfItsOwnByModule() throws IOException {
            String small = PREFIX + "bert." + QUERY;
            Path mixed =
                    PeftDirectories.write(
                            PeftDirectories.LORA,
                            temp.resolve("mixed"),
                            settings -> {
                                settings.putObject("rank_pattern").put("layer.0.*.query", 1);
                                settings.putObject("alpha_pattern").put("query", 3);
                            },
                            tensors -> {
                                shorten(tensors, small + ".lora_A.weight", 1, 32);
                                shorten(tensors, small + ".lora_B.weight", 32, 1);
                            });

            assertThat(scaleOf(mixed, QUERY)).isCloseTo(3, within(1e-6));
            assertThat(scaleOf(mixed, QUERY.replace("0", "1"))).isCloseTo(.75, within(1e-6));
            assertThat(scaleOf(mixed, QUERY.replace("query", "key"))).isCloseTo(2, within(1e-6));
            AdapterState state = imported(mixed);
            assertThat(state.budget().liveRanks(4)).startsWith(1, 4, 4);
            assertThat(state.triplets().layout().rank()).isEqualTo(4);
        }

        /** What {@code B A} is multiplied with in the forward pass. */
        private double scaleOf(Path directory, String module) throws IOException {
            LiveTriplets triplets =
                    LiveTriplets.of(imported(directory)).stream()
                            .filter(each -> each.shape().name().equals(module))
                            .findFirst()
                            .orElseThrow();
            return triplets.scale() * triplets.e()[0];
        }

        private void shorten(Map<String, Tensor> tensors, String name, int rows, int columns) {
            tensors.put(name, new Tensor(new int[] {rows, columns}, new float[rows * columns]));
        }
    }

    @Nested
    class Refuses {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        peft_type         | "LOHA"            | says peft_type "LOHA", expected ADALORA or LORA
                        use_dora          | true              | says use_dora true, expected it to be off
                        lora_bias         | true              | says lora_bias true
                        bias              | "all"             | says bias "all", expected none
                        fan_in_fan_out    | true              | says fan_in_fan_out true
                        init_lora_weights | "pissa_niter_4"   | any other changes the base model's weights
                        layer_replication | [[0,4],[2,5]]     | says layer_replication [[0,4],[2,5]]
                        r                 | 0                 | says r 0, expected a whole number from 1 to 65536
                        r                 | 3                 | of shape [4, 32], expected [3, any]
                        r                 | 2.5               | says r 2.5, expected a whole number
                        lora_alpha        | -1                | says lora_alpha -1, expected a number above 0
                        lora_alpha        | 1e39              | expected a number above 0 that is a 32-bit float
                        lora_alpha        | 1e-60             | expected a number above 0 that is a 32-bit float
                        rank_pattern      | {"query": "much"} | expected ranks from 1 to
                        alpha_pattern     | {"(query": 2}     | is no regular expression
                        """)
        void settingsThatTripletsCannotExpress(String field, String value, String sentence)
                throws IOException {
            JsonNode json = new ObjectMapper().readTree(value);

            assertRefused(
                    PeftDirectories.withSettings(
                            PeftDirectories.LORA,
                            temp.resolve("changed"),
                            settings -> settings.set(field, json)),
                    sentence);
        }

        @Test
        void aLivePatternThatDoesNotFit() throws IOException {
            assertRefused(
                    PeftDirectories.withSettings(
                            PeftDirectories.MASKED,
                            temp.resolve("short"),
                            settings -> settings.put("init_r", 5)),
                    "expected a list of 5 times true or false, one for each of init_r");
            assertRefused(
                    PeftDirectories.withSettings(
                            PeftDirectories.MASKED,
                            temp.resolve("null"),
                            settings -> settings.putNull("rank_pattern")),
                    "from the ranks in adapter_config.json");
        }

        @Test
        void aLivePatternOfAModuleWithoutTensors() throws IOException {
            assertRefused(
                    PeftDirectories.withTensors(
                            PeftDirectories.MASKED,
                            temp.resolve("changed"),
                            tensors -> tensors.keySet().removeIf(key -> key.contains(QUERY))),
                    "names 'bert." + QUERY + ".lora_E', but adapter_model.safetensors has no such");
        }

        @Test
        void tensorsThatPeftWouldIgnore() throws IOException {
            for (Path directory :
                    List.of(
                            PeftDirectories.withSettings(
                                    PeftDirectories.LORA,
                                    temp.resolve("layers"),
                                    settings -> settings.putArray("layers_to_transform").add(1)),
                            PeftDirectories.withSettings(
                                    PeftDirectories.LORA,
                                    temp.resolve("excluded"),
                                    settings -> settings.putArray("exclude_modules").add("query")),
                            PeftDirectories.withSettings(
                                    PeftDirectories.LORA,
                                    temp.resolve("regex"),
                                    settings -> settings.put("target_modules", ".*[.]query")),
                            PeftDirectories.withSettings(
                                    PeftDirectories.LORA,
                                    temp.resolve("none"),
                                    settings -> settings.putArray("target_modules")))) {
                assertRefused(directory, "leave it out, so that PEFT ignores them");
            }
        }

        @Test
        void tensorsThatAreMissing() throws IOException {
            String name = PREFIX + "bert." + QUERY + ".lora_B";
            assertRefused(
                    PeftDirectories.withTensors(
                            PeftDirectories.UNMASKED,
                            temp.resolve("changed"),
                            tensors -> tensors.remove(name)),
                    "holds no tensor '" + name + "'");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    PREFIX + "bert.pooler.dense.lora_A.weight",
                    PREFIX + "bert.embeddings.word_embeddings.lora_embedding_A",
                    PREFIX + "bert." + QUERY + ".lora_magnitude_vector.weight",
                    PREFIX + "bert." + QUERY + ".lora_A",
                    PREFIX + "score.weight"
                })
        void tensorsOfSomethingElse(String name) throws IOException {
            assertRefused(
                    PeftDirectories.withTensors(
                            PeftDirectories.LORA,
                            temp.resolve("changed"),
                            tensors -> tensors.put(name, new Tensor(new int[] {1}, new float[1]))),
                    "holds the tensor '" + name + "', expected lora_A.weight and lora_B.weight");
        }

        @Test
        void valuesThatAreNotFinite() throws IOException {
            assertRefused(
                    PeftDirectories.withTensors(
                            PeftDirectories.LORA,
                            temp.resolve("changed"),
                            tensors ->
                                    tensors.get(PREFIX + "classifier.bias").values()[0] =
                                            Float.NaN),
                    "'base_model.model.classifier.bias' holds NaN");
        }

        @Test
        void anotherBaseModel() throws IOException {
            PeftAdapter adapter = PeftAdapter.read(PeftDirectories.of(PeftDirectories.MASKED));
            PretrainedModel other = PretrainedModel.load(new ModelSource.Embedded());

            assertThatThrownBy(
                            () ->
                                    new PeftImport(adapter, other)
                                            .toState(
                                                    "tickets",
                                                    LABELS,
                                                    HeadKind.first(Pooling.MEAN),
                                                    1))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining("reads 32 features, but the base model")
                    .hasMessageContaining("has 384: name the model");
        }

        @Test
        void aBaseModelOfAnotherFamily() throws IOException {
            PeftImport importing =
                    new PeftImport(
                            PeftAdapter.read(PeftDirectories.of(PeftDirectories.XLM_ROBERTA)),
                            model);

            assertThatThrownBy(
                            () -> importing.toState("a", LABELS, HeadKind.first(Pooling.MEAN), 5))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining(
                            "adapts layers of 'roberta.', but the base model tiny-bert is a BERT");
        }

        @Test
        void aHeadOfOtherLayers() throws IOException {
            Path third =
                    PeftDirectories.withTensors(
                            PeftDirectories.ROBERTA,
                            temp.resolve("third"),
                            tensors -> {
                                String out = PREFIX + "classifier.out_proj.bias";
                                tensors.put(PREFIX + "classifier.middle.bias", tensors.get(out));
                            });

            assertThatThrownBy(() -> PeftAdapter.read(third))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining("holds a head with 'base_model.model.classifier.middle")
                    .hasMessageContaining(
                            "expected one linear layer 'classifier', or two, 'classifier.dense' and"
                                    + " 'classifier.out_proj':");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "classifier.dense.weight",
                    "classifier.dense.bias",
                    "classifier.out_proj.weight",
                    "classifier.out_proj.bias"
                })
        void aHeadOfTwoLayersThatLacksATensor(String lacking) throws IOException {
            Path incomplete =
                    PeftDirectories.withTensors(
                            PeftDirectories.ROBERTA,
                            temp.resolve("incomplete"),
                            tensors -> tensors.remove(PREFIX + lacking));

            assertThatThrownBy(() -> PeftAdapter.read(incomplete))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining("holds no tensor '" + PREFIX + lacking + "'");
        }

        @Test
        void aHeadOfAnotherFamily() throws IOException {
            Path other =
                    PeftDirectories.withTensors(
                            PeftDirectories.ROBERTA,
                            temp.resolve("other"),
                            tensors -> {
                                String dense = PREFIX + "classifier.dense.weight";
                                tensors.put(PREFIX + "pre_classifier.weight", tensors.get(dense));
                            });

            assertThatThrownBy(() -> PeftAdapter.read(other))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining(
                            "holds the tensor 'base_model.model.pre_classifier.weight', expected");
        }

        @Test
        void aHeadBesideAnother() throws IOException {
            Path both =
                    PeftDirectories.withTensors(
                            PeftDirectories.ROBERTA,
                            temp.resolve("both"),
                            tensors ->
                                    tensors.put(
                                            PREFIX + "classifier.bias",
                                            tensors.get(PREFIX + "classifier.out_proj.bias")));

            assertThatThrownBy(() -> PeftAdapter.read(both))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining("holds both a head of one layer");
        }

        @Test
        void aHeadOfTwoLayersThatIsToReadWhatItDoesNot() throws IOException {
            PeftImport importing =
                    new PeftImport(
                            PeftAdapter.read(PeftDirectories.of(PeftDirectories.ROBERTA)),
                            PretrainedModel.load(PeftDirectories.baseOf(PeftDirectories.ROBERTA)));
            HeadKind mean = new HeadKind(new Classification(), HeadForm.OWN, Pooling.MEAN);

            assertThatThrownBy(() -> importing.toState("a", LABELS, mean, 5))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining("is to read MEAN here: choose the pooling cls");
            assertThatThrownBy(() -> importing.toState("a", LABELS, HeadKind.first(Pooling.CLS), 5))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining("is OWN, but is to be LINEAR here");
        }

        @Test
        void layersThatTheBaseModelLacks() throws IOException {
            Path deeper =
                    PeftDirectories.withTensors(
                            PeftDirectories.LORA,
                            temp.resolve("deeper"),
                            tensors -> {
                                Map<String, Tensor> before = Map.copyOf(tensors);
                                before.forEach(
                                        (key, value) ->
                                                tensors.put(
                                                        key.replace("layer.1.", "layer.7."),
                                                        value));
                            });

            assertRefused(deeper, "the base model tiny-bert has no such linear layer in its 2");
        }

        @Test
        void labelsThatDoNotFitTheHead() throws IOException {
            PeftAdapter adapter = PeftAdapter.read(PeftDirectories.of(PeftDirectories.LORA));
            PeftImport importing = new PeftImport(adapter, model);

            assertThatThrownBy(
                            () ->
                                    importing.toState(
                                            "tickets",
                                            List.of("a", "b"),
                                            HeadKind.first(Pooling.MEAN),
                                            1))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining("has 3 classes, but the labels are [a, b]");
            assertThatThrownBy(
                            () ->
                                    importing.toState(
                                            "tickets",
                                            List.of("a", "b", "a"),
                                            HeadKind.first(Pooling.MEAN),
                                            1))
                    .hasMessageContaining("expected two or more that differ");
        }

        @Test
        void aDirectoryOfSomethingElse() throws IOException {
            assertRefused(temp, "adapter_config.json does not exist, expected a directory that");
            Files.writeString(temp.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
            assertRefused(temp, "adapter_model.safetensors does not exist");
            Files.writeString(temp.resolve("adapter_model.bin"), "x");
            assertRefused(temp, "and adapter_model.bin is never read, since loading a pickle");
            Files.delete(temp.resolve("adapter_model.bin"));
            Files.writeString(temp.resolve("adapter_config.json"), "");
            assertRefused(temp, "adapter_config.json is empty: ");
            Files.writeString(
                    temp.resolve("adapter_config.json"),
                    "version https://git-lfs.github.com/spec/v1");
            assertRefused(temp, "adapter_config.json is a git-LFS pointer");
            Files.writeString(temp.resolve("adapter_config.json"), "{");
            assertRefused(temp, "adapter_config.json is not JSON");
        }

        private void assertRefused(Path directory, String sentence) {
            assertThatThrownBy(() -> imported(directory))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining(sentence);
        }
    }

    @Nested
    class WarnsOf {

        @Test
        void aHeadThatIsDrawn() throws IOException {
            Path headless =
                    PeftDirectories.withTensors(
                            PeftDirectories.MASKED,
                            temp.resolve("headless"),
                            tensors ->
                                    tensors.keySet().removeIf(key -> key.contains("classifier")));

            assertThat(warnings(headless, Pooling.MEAN))
                    .singleElement()
                    .asString()
                    .contains("has no head: a new one is drawn");
        }

        @Test
        void aHeadThatPeftIgnores() throws IOException {
            Path other =
                    PeftDirectories.withSettings(
                            PeftDirectories.LORA,
                            temp.resolve("other"),
                            settings ->
                                    settings.put("task_type", "FEATURE_EXTRACTION")
                                            .putNull("modules_to_save"));

            assertThat(warnings(other, Pooling.MEAN))
                    .anyMatch(warning -> warning.contains("its modules_to_save does not name"));
        }

        @Test
        void aHeadThatIsReadAsThatOfAnotherTask() throws IOException {
            Optional<HeadLabels> known =
                    Optional.of(
                            new HeadLabels(
                                    LABELS,
                                    new HeadKind(new MultiLabel(.3), HeadForm.LINEAR, Pooling.MEAN),
                                    OptionalInt.empty()));
            PeftImport importing = importing(PeftDirectories.of(PeftDirectories.MASKED));

            assertThat(importing.warnings(HeadKind.first(Pooling.MEAN), known))
                    .singleElement()
                    .asString()
                    .contains(
                            "has learned a multi-label-classification, but is to be that of a classification");
            assertThat(
                            importing.warnings(
                                    new HeadKind(new MultiLabel(), HeadForm.LINEAR, Pooling.MEAN),
                                    known))
                    .isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"QUESTION_ANS", "CAUSAL_LM", "FEATURE_EXTRACTION", "something"})
        void settingsThatSayAnotherTaskThanTheHead(String task) throws IOException {
            Path other =
                    PeftDirectories.withSettings(
                            PeftDirectories.MASKED,
                            temp.resolve("other"),
                            settings -> settings.put("task_type", task));

            assertThat(warnings(other, Pooling.POOLER))
                    .anyMatch(
                            warning ->
                                    warning.contains(
                                            "say task_type %s, but its head is read as one of SEQ_CLS"
                                                    .formatted(task)));
        }

        @Test
        void aHeadOnThePoolerThatReadsSomethingElse() throws IOException {
            Path masked = PeftDirectories.of(PeftDirectories.MASKED);

            for (Pooling pooling : new Pooling[] {Pooling.MEAN, Pooling.CLS}) {
                assertThat(warnings(masked, pooling))
                        .singleElement()
                        .asString()
                        .contains("reads the output of BERT's pooler if");
            }
            assertThat(warnings(masked, Pooling.POOLER)).isEmpty();
            assertThat(
                            importing(masked)
                                    .warnings(
                                            HeadKind.first(Pooling.CLS),
                                            Optional.of(
                                                    new HeadLabels(
                                                            LABELS,
                                                            HeadKind.first(Pooling.MEAN),
                                                            OptionalInt.empty()))))
                    .singleElement()
                    .asString()
                    .contains("was trained on the pooling MEAN, but is to read CLS");
        }

        /** PEFT saves {@code classifier} by itself, and of what it reads from what ends so. */
        @ParameterizedTest
        @CsvSource({
            PeftDirectories.DEBERTA + ", pooler, true",
            PeftDirectories.MODERNBERT + ", head, true",
            PeftDirectories.MODERNBERT_TAGS + ", head, true",
            PeftDirectories.DISTILBERT + ", pre_classifier, false"
        })
        void aHeadWhoseFirstLayerWasNotSaved(String name, String first, boolean warned)
                throws IOException {
            Path alone =
                    PeftDirectories.withTensors(
                            name,
                            temp.resolve("alone"),
                            tensors -> tensors.keySet().removeIf(key -> key.contains(first)));
            PretrainedModel base = PretrainedModel.load(PeftDirectories.baseOf(name));

            assertThat(
                            new PeftImport(PeftAdapter.read(alone), base)
                                            .warnings(
                                                    new HeadKind(
                                                            head(name).task(),
                                                            HeadForm.LINEAR,
                                                            head(name).pooling()),
                                                    Optional.empty())
                                            .stream()
                                            .anyMatch(
                                                    w ->
                                                            w.contains("is in no file, and here")
                                                                    && w.contains(
                                                                            "["
                                                                                    + first
                                                                                    + ", classifier]")))
                    .isEqualTo(warned);
        }

        /** PEFT saves by {@code classifier} what ends so, {@code pre_classifier} too. */
        @ParameterizedTest
        @CsvSource({
            "SEQ_CLS, score, false",
            "FEATURE_EXTRACTION, classifier, false",
            "FEATURE_EXTRACTION, pre_classifier, true"
        })
        void twoLayersOfWhichPeftIgnoresOne(String task, String saved, boolean warned)
                throws IOException {
            Path changed =
                    PeftDirectories.withSettings(
                            PeftDirectories.DISTILBERT,
                            temp.resolve("changed"),
                            settings ->
                                    settings.put("task_type", task)
                                            .putArray("modules_to_save")
                                            .add(saved));
            PretrainedModel base =
                    PretrainedModel.load(PeftDirectories.baseOf(PeftDirectories.DISTILBERT));

            assertThat(
                            new PeftImport(PeftAdapter.read(changed), base)
                                            .warnings(HeadKind.first(Pooling.CLS), Optional.empty())
                                            .stream()
                                            .anyMatch(w -> w.contains("does not name")))
                    .isEqualTo(warned);
        }

        @ParameterizedTest
        @CsvSource({
            "tiny-bert, false",
            "/models/tiny-bert, false",
            "C:\\models\\tiny-bert, false",
            "team/tiny-bert, false",
            "bert-base-uncased, true",
            "tiny-bert/x, true"
        })
        void anotherBaseModel(String name, boolean warned) throws IOException {
            Path renamed =
                    PeftDirectories.withSettings(
                            PeftDirectories.MASKED,
                            temp.resolve("renamed"),
                            settings -> settings.put("base_model_name_or_path", name));

            assertThat(
                            warnings(renamed, Pooling.POOLER).stream()
                                    .anyMatch(w -> w.contains("was made for the base model")))
                    .isEqualTo(warned);
            assertThat(imported(renamed).meta().baseModel().name()).isEqualTo(name);
        }

        private PeftImport importing(Path directory) throws IOException {
            return new PeftImport(PeftAdapter.read(directory), model);
        }

        private List<String> warnings(Path directory, Pooling pooling) throws IOException {
            return importing(directory).warnings(HeadKind.first(pooling), Optional.empty());
        }
    }

    @Nested
    class LabelsAndPooling {

        @Test
        void areThoseOfThePublishedVersion() throws IOException {
            SmallAdapter adapter = SmallAdapter.masked();
            SortedMap<String, byte[]> files =
                    AdapterFiles.of(adapter.state(), adapter.template(), 64);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = temp.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
            assertThat(HeadLabels.of(temp.resolve("lora"))).isEmpty();

            Files.write(temp.resolve(Manifest.FILE), Manifest.of(adapter.state(), files));

            assertThat(HeadLabels.of(temp.resolve("lora")))
                    .contains(
                            new HeadLabels(
                                    List.of("ham", "spam"),
                                    HeadKind.first(Pooling.MEAN),
                                    OptionalInt.of(64)));
        }

        @Test
        void areRefusedInAnyOtherForm() throws IOException {
            Files.writeString(temp.resolve("labels.json"), "{\"id2label\": {\"1\": \"ham\"}}");

            assertThatThrownBy(() -> HeadLabels.of(temp))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining("does not name labels by ids from 0 on");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "'task': null | is of the task 'null'",
                    "'task': 5 | is of the task '5'",
                    "'task': ['regression'] | is of the task ''",
                    "'head': 7 | and the head '7'",
                    "'task': 'multi-label-classification', 'problem_type': 'regression'"
                            + " | has the problem_type \"regression\", expected \"multi_label",
                    "'problem_type': 'multi_label_classification' | expected none",
                    "'problem_type': 5 | expected none",
                    "'task': 'regression' | names labels, but a regression has none"
                })
        void ofTwoTasksAreRefused(String fields, String told) throws IOException {
            Files.writeString(
                    temp.resolve("labels.json"),
                    "{'id2label': {'0': 'ham', '1': 'spam'}, 'pooling': 'MEAN', %s}"
                            .formatted(fields)
                            .replace('\'', '"'));

            assertThatThrownBy(() -> HeadLabels.of(temp))
                    .isInstanceOf(PeftException.class)
                    .hasMessageContaining(told);
        }
    }

    private static AdapterState imported(Path directory) throws IOException {
        return new PeftImport(PeftAdapter.read(directory), model)
                .toState("tickets", LABELS, HeadKind.first(Pooling.MEAN), 5);
    }

    private static JsonNode config(String name) throws IOException {
        return new ObjectMapper()
                .readTree(PeftDirectories.of(name).resolve("adapter_config.json").toFile());
    }

    private static Map<String, JsonNode> fields(ObjectNode node) {
        Map<String, JsonNode> fields = new HashMap<>();
        node.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
        return fields;
    }

    private Map<String, Tensor> tensors(SortedMap<String, byte[]> files) throws IOException {
        Path file = temp.resolve("exported.safetensors");
        return PeftDirectories.tensors(Files.write(file, files.get("adapter_model.safetensors")));
    }

    private static double[] loraDelta(
            Map<String, Tensor> tensors, String name, ModuleShape module, double scale) {
        float[] a = tensors.get(name + ".lora_A.weight").values();
        float[] b = tensors.get(name + ".lora_B.weight").values();
        int rank = a.length / module.in();
        double[] delta = new double[module.out() * module.in()];
        for (int row = 0; row < module.out(); row++) {
            for (int column = 0; column < module.in(); column++) {
                for (int i = 0; i < rank; i++) {
                    delta[row * module.in() + column] +=
                            scale * b[row * rank + i] * a[i * module.in() + column];
                }
            }
        }
        return delta;
    }

    private static List<String> labels(String name) {
        if (name.equals(PeftDirectories.MULTI_LABEL)) {
            return List.of("broken", "late", "refund", "lost");
        }
        if (head(name).task() instanceof TokenClassification) {
            return TAGS;
        }
        return head(name).task().hasLabels() ? LABELS : List.of();
    }

    /** The head of a directory. */
    private static HeadKind head(String name) {
        return switch (name) {
            case PeftDirectories.ROBERTA,
                    PeftDirectories.DISTILBERT,
                    PeftDirectories.MPNET,
                    PeftDirectories.DEBERTA,
                    PeftDirectories.MODERNBERT ->
                    new HeadKind(new Classification(), HeadForm.OWN, Pooling.CLS);
            case PeftDirectories.REGRESSION ->
                    new HeadKind(new Regression(), HeadForm.LINEAR, Pooling.MEAN);
            case PeftDirectories.QUESTIONS ->
                    new HeadKind(new QuestionAnswering(), HeadForm.LINEAR, Pooling.NONE);
            case PeftDirectories.MODERNBERT_ANSWERS ->
                    new HeadKind(new QuestionAnswering(), HeadForm.OWN, Pooling.NONE);
            case PeftDirectories.MODERNBERT_TAGS ->
                    new HeadKind(new TokenClassification(), HeadForm.OWN, Pooling.NONE);
            case PeftDirectories.MULTI_LABEL ->
                    new HeadKind(new MultiLabel(.3), HeadForm.LINEAR, Pooling.MEAN);
            case PeftDirectories.TAGS ->
                    new HeadKind(new TokenClassification(), HeadForm.LINEAR, Pooling.NONE);
            case PeftDirectories.POOLER -> HeadKind.first(Pooling.POOLER);
            default -> HeadKind.first(Pooling.MEAN);
        };
    }

    /** Settings under which {@code state} can be admitted. */
    private static TrainingTemplate template(AdapterState state) {
        return TrainingTemplate.of(state.head().task())
                .mixture(false)
                .labels(state.head().labels().configured())
                .head(state.head().form())
                .pooling(state.head().pooling())
                .targetModules(
                        state.triplets().layout().modules().stream()
                                .map(ModuleShape::name)
                                .toList())
                .initRank(state.triplets().layout().rank())
                .alpha(state.triplets().alpha())
                .dropout(.5)
                .schedule(new ConstantBudgetSchedule())
                .orthogonality(new OrthogonalityPenalty(0, OrthogonalityPenalty.Form.MEAN_NORM))
                .optimizer(
                        new OptimizerSettings(
                                1e-3, 1e-3, .9, .999, 1e-8, 0, 0, new LearningRateSchedule(0, 0)))
                .seed(1)
                .build();
    }
}
