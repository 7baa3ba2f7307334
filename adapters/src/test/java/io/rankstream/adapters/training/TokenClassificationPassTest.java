package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModelDirectory;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.tagging.TokenClassification;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A token classification of every family beside transformers' own class and PEFT, from text to
 * gradient; benchmarks/peft wrote the numbers.
 */
class TokenClassificationPassTest {

    private static final int LIMIT = 64;
    private static final double LOGIT = 1e-5;
    private static final double GRADIENT = 5e-6;

    private static final List<String> TAGS = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");

    /**
     * A golden with the model that it is of.
     *
     * @param own the head of two layers, of a golden that ends in {@code -own}
     */
    private record Golden(
            JsonNode json, ModelSource.Directory model, String name, Optional<OwnHead> own) {

        static Golden of(String name) throws IOException {
            JsonNode json =
                    new ObjectMapper()
                            .readTree(resource("/parity/tags-" + name + ".json").toFile());
            String model = json.get("model").asText();
            String folder = model.equals("tiny-bert") ? "/peft/" : "/models/";
            ModelSource.Directory source =
                    new ModelSource.Directory(resource(folder + model).toString());
            return new Golden(
                    json,
                    source,
                    name,
                    ModelDirectory.of(source)
                            .architecture()
                            .ownHead()
                            .filter(head -> name.endsWith("-own")));
        }

        private float[] head(SafetensorsFile tensors, String prefix) throws IOException {
            return GoldenHead.values(tensors, prefix, "classifier", own);
        }

        private SafetensorsFile tensors() throws IOException {
            return SafetensorsFile.open(resource("/parity/tags-" + name + ".safetensors"));
        }

        private List<Tokens> texts() throws IOException {
            List<Tokens> texts = new ArrayList<>();
            try (TextEncoder encoder = TextEncoder.open(model, LIMIT)) {
                for (JsonNode text : json.get("texts")) {
                    texts.add(
                            encoder.read(
                                            text.get("text").asText(),
                                            Optional.empty(),
                                            Reading.PLACED)
                                    .orElseThrow());
                }
            }
            return texts;
        }

        private List<TrainingExample> examples() throws IOException {
            List<Tokens> texts = texts();
            return IntStream.range(0, texts.size())
                    .mapToObj(
                            i -> new TrainingExample(texts.get(i), truth(json.get("texts").get(i))))
                    .toList();
        }

        private static Target truth(JsonNode text) {
            List<Target> entities = new ArrayList<>();
            for (JsonNode entity : text.get("entities")) {
                entities.add(
                        new Target.Span(
                                entity.get(0).asInt(),
                                entity.get(1).asInt(),
                                entity.get(2).asText()));
            }
            return new Target.Several(entities);
        }

        private TrainingTemplate template() {
            return TrainingTemplate.of(new TokenClassification())
                    .labels(TAGS)
                    .head(own.isPresent() ? HeadForm.OWN : HeadForm.LINEAR)
                    .targetModules(
                            json.get("targetModules").valueStream().map(JsonNode::asText).toList())
                    .initRank(json.get("rank").asInt())
                    .alpha(json.get("alpha").asDouble())
                    .schedule(new ConstantBudgetSchedule())
                    .orthogonality(new OrthogonalityPenalty(0, OrthogonalityPenalty.Form.MEAN_NORM))
                    .mixture(false)
                    .seed(1)
                    .build();
        }

        private AdapterState state(AdapterState fresh) throws IOException {
            TripletLayout layout = fresh.triplets().layout();
            float[] values = fresh.triplets().values().clone();
            try (SafetensorsFile tensors = tensors()) {
                for (int k = 0; k < layout.modules().size(); k++) {
                    String module = "adapter." + layout.modules().get(k).name();
                    put(tensors.floats(module + ".lora_A"), values, layout.offsetA(k));
                    put(tensors.floats(module + ".lora_E"), values, layout.offsetE(k));
                    put(tensors.floats(module + ".lora_B"), values, layout.offsetB(k));
                }
                return new AdapterState(
                        fresh.meta(),
                        new TripletState(layout, fresh.triplets().alpha(), values),
                        fresh.moments(),
                        fresh.importance(),
                        fresh.budget(),
                        fresh.head().withValues(head(tensors, "")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-bert",
                "tiny-roberta",
                "tiny-xlm-roberta",
                "tiny-distilbert",
                "tiny-mpnet",
                "tiny-deberta-v3",
                "tiny-deberta-v2",
                "tiny-modernbert",
                "tiny-modernbert-own"
            })
    void hasTheTokensLogitsLossAndGradientsOfTransformers(String name) throws IOException {
        Golden golden = Golden.of(name);
        TrainingTemplate template = golden.template();
        List<TrainingExample> examples = golden.examples();
        try (Learner learner = Learner.open(golden.model(), 1, TestDevice.get());
                ResidentAdapter adapter =
                        learner.admit(golden.state(learner.create("a", template)), template)) {
            int shared = learner.tensors();
            assertLogits(golden, adapter.logitsOf(golden.texts()));

            for (int i = 0; i < examples.size(); i++) {
                try (ResidentAdapter fresh =
                        learner.admit(golden.state(learner.create("b", template)), template)) {
                    StepReport report =
                            fresh.train(List.of(examples.get(i))).report().orElseThrow();

                    assertThat((double) report.taskLoss())
                            .as("loss of text %d", i)
                            .isCloseTo(
                                    golden.json().get("texts").get(i).get("loss").asDouble(),
                                    within(LOGIT));
                }
            }
            assertGradients(golden, adapter, examples);
            assertThat(learner.tensors()).isEqualTo(shared);
        }
    }

    private static void assertLogits(Golden golden, float[][] found) throws IOException {
        List<Tokens> texts = golden.texts();
        for (int i = 0; i < texts.size(); i++) {
            JsonNode expected = golden.json().get("texts").get(i);
            assertThat(texts.get(i).ids())
                    .as("ids of text %d", i)
                    .isEqualTo(
                            expected.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray());
            double[] flat =
                    expected.get("logits")
                            .valueStream()
                            .flatMap(JsonNode::valueStream)
                            .mapToDouble(JsonNode::asDouble)
                            .toArray();
            assertThat(found[i]).as("logits of text %d", i).hasSize(flat.length);
            for (int j = 0; j < flat.length; j++) {
                assertThat((double) found[i][j])
                        .as("text %d, output %d", i, j)
                        .isCloseTo(flat[j], within(LOGIT));
            }
        }
    }

    private static void assertGradients(
            Golden golden, ResidentAdapter adapter, List<TrainingExample> examples)
            throws IOException {
        TripletLayout layout = adapter.capture().triplets().layout();
        float[][] found = PassGradient.of(adapter.device(), examples);
        try (SafetensorsFile expected = golden.tensors()) {
            for (int k = 0; k < layout.modules().size(); k++) {
                String module = "gradient." + layout.modules().get(k).name();
                assertPart(found[0], layout.offsetA(k), expected, module + ".lora_A");
                assertPart(found[0], layout.offsetE(k), expected, module + ".lora_E");
                assertPart(found[0], layout.offsetB(k), expected, module + ".lora_B");
            }
            assertThat(found[1])
                    .as("the head's")
                    .containsExactly(golden.head(expected, "gradient."), within((float) GRADIENT));
        }
    }

    private static void assertPart(float[] found, int offset, SafetensorsFile tensors, String name)
            throws IOException {
        float[] expected = tensors.floats(name);
        assertThat(Arrays.copyOfRange(found, offset, offset + expected.length))
                .as(name)
                .containsExactly(expected, within((float) GRADIENT));
    }

    private static void put(float[] part, float[] values, int offset) {
        System.arraycopy(part, 0, values, offset, part.length);
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(TokenClassificationPassTest.class.getResource(name))
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
