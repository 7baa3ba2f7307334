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
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.ModelLoadException;
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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Questions and their passages beside transformers' question answering with PEFT's AdaLoRA, from
 * files that benchmarks/peft wrote.
 */
class QuestionPassTest {

    private static final double LOGIT = 1e-5;
    private static final double GRADIENT = 5e-6;

    /** A question on a model. */
    private record Question(String model, JsonNode golden, JsonNode json) {

        String name() {
            return json.get("name").asText();
        }

        Tokens tokens() throws ModelLoadException {
            try (TextEncoder encoder = TextEncoder.open(source(), golden.get("limit").asInt())) {
                return encoder.read(
                                json.get("question").asText(),
                                Optional.of(json.get("passage").asText()),
                                Reading.WINDOWS)
                        .orElseThrow();
            }
        }

        Target target() {
            JsonNode answer = json.get("answer");
            return answer.isNull()
                    ? new Target.Several(List.of())
                    : new Target.Span(answer.get(0).asInt(), answer.get(1).asInt());
        }

        TrainingExample example() throws ModelLoadException {
            return new TrainingExample(tokens(), target());
        }

        TrainingTemplate template() throws ModelLoadException {
            return TrainingTemplate.of(new QuestionAnswering())
                    .targetModules(
                            golden.get("targetModules")
                                    .valueStream()
                                    .map(JsonNode::asText)
                                    .toList())
                    .head(own().isPresent() ? HeadForm.OWN : HeadForm.LINEAR)
                    .initRank(golden.get("rank").asInt())
                    .alpha(golden.get("alpha").asDouble())
                    .schedule(new ConstantBudgetSchedule())
                    .orthogonality(new OrthogonalityPenalty(0, OrthogonalityPenalty.Form.MEAN_NORM))
                    .optimizer(
                            new OptimizerSettings(
                                    1e-3,
                                    1e-3,
                                    .9,
                                    .999,
                                    1e-8,
                                    0,
                                    0,
                                    new LearningRateSchedule(0, 0)))
                    .seed(1)
                    .build();
        }

        /** The golden's adapter. */
        AdapterState state(AdapterState fresh) throws IOException {
            TripletLayout layout = fresh.triplets().layout();
            float[] values = fresh.triplets().values().clone();
            try (SafetensorsFile tensors = tensors()) {
                for (int k = 0; k < layout.modules().size(); k++) {
                    String name = "adapter." + layout.modules().get(k).name();
                    put(tensors.floats(name + ".lora_A"), values, layout.offsetA(k));
                    put(tensors.floats(name + ".lora_E"), values, layout.offsetE(k));
                    put(tensors.floats(name + ".lora_B"), values, layout.offsetB(k));
                }
                return new AdapterState(
                        fresh.meta(),
                        new TripletState(layout, fresh.triplets().alpha(), values),
                        fresh.moments(),
                        fresh.importance(),
                        fresh.budget(),
                        fresh.head().withValues(head(tensors, "adapter.")));
            }
        }

        private float[] head(SafetensorsFile tensors, String prefix) throws IOException {
            return GoldenHead.values(tensors, prefix, "qa_outputs", own());
        }

        /** The layers that transformers' class has before a last one. */
        private Optional<OwnHead> own() throws ModelLoadException {
            return ModelDirectory.of(source()).architecture().ownHead().filter(OwnHead::isOfTokens);
        }

        ModelSource.Directory source() {
            String folder = model.equals("tiny-bert") ? "/peft/" : "/models/";
            return new ModelSource.Directory(resource(folder + model).toString());
        }

        SafetensorsFile tensors() throws IOException {
            return SafetensorsFile.open(resource("/parity/questions-" + model + ".safetensors"));
        }

        Learner learner() throws IOException {
            return Learner.open(source(), 1, TestDevice.get());
        }

        @Override
        public String toString() {
            return model + ", " + name();
        }
    }

    static Stream<Question> questions() throws IOException {
        List<Question> questions = new ArrayList<>();
        for (String model :
                List.of(
                        "tiny-bert",
                        "tiny-roberta",
                        "tiny-distilbert",
                        "tiny-mpnet",
                        "tiny-deberta-v3",
                        "tiny-modernbert")) {
            JsonNode golden =
                    new ObjectMapper()
                            .readTree(resource("/parity/questions-" + model + ".json").toFile());
            golden.get("questions")
                    .forEach(json -> questions.add(new Question(model, golden, json)));
        }
        return questions.stream();
    }

    /** Those whose answer a window has, or that have none. */
    static Stream<Question> learnableQuestions() throws IOException {
        return questions().filter(question -> !question.name().equals("longer than a window"));
    }

    static Stream<Question> questionsWithLogits() throws IOException {
        return questions().filter(question -> question.json().has("logits"));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void readsTheSameWindowsInTheSamePlaces(Question question) throws ModelLoadException {
        List<Tokens> windows = question.tokens().windows();

        JsonNode expected = question.json().get("windows");
        assertThat(windows).hasSize(expected.size());
        for (int i = 0; i < windows.size(); i++) {
            Passage places = windows.get(i).passage().orElseThrow();
            assertThat(windows.get(i).ids()).isEqualTo(ints(expected.get(i).get("ids")));
            assertThat(places.starts()).isEqualTo(ints(expected.get(i).get("starts")));
            assertThat(places.ends()).isEqualTo(ints(expected.get(i).get("ends")));
            assertThat(places.text()).isEqualTo(question.json().get("passage").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("questionsWithLogits")
    void givesTheSameLogitsOfEveryToken(Question question) throws IOException {
        TrainingTemplate template = question.template();
        try (Learner learner = question.learner();
                ResidentAdapter adapter =
                        learner.admit(question.state(learner.create("a", template)), template)) {
            float[] found = adapter.logitsOf(List.of(question.tokens()))[0];

            JsonNode rows = question.json().get("logits");
            assertThat(found).hasSize(2 * rows.size());
            for (int i = 0; i < found.length; i++) {
                assertThat((double) found[i])
                        .as("token %d, output %d", i / 2, i % 2)
                        .isCloseTo(rows.get(i / 2).get(i % 2).asDouble(), within(LOGIT));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("learnableQuestions")
    void hasTheSameLoss(Question question) throws IOException {
        TrainingTemplate template = question.template();
        try (Learner learner = question.learner();
                ResidentAdapter adapter =
                        learner.admit(question.state(learner.create("a", template)), template)) {
            float[] outputs = adapter.logitsOf(List.of(question.tokens()))[0];
            float onTheHost =
                    new QuestionAnswering()
                            .loss(outputs, question.tokens(), List.of(), question.target());
            StepReport report = adapter.train(List.of(question.example())).report().orElseThrow();

            double expected = question.json().get("loss").asDouble();
            assertThat((double) report.taskLoss()).isCloseTo(expected, within(LOGIT));
            assertThat((double) onTheHost).isCloseTo(expected, within(LOGIT));
        }
    }

    @ParameterizedTest
    @MethodSource("questionsWithLogits")
    void hasTheSameGradients(Question question) throws IOException {
        TrainingTemplate template = question.template();
        try (Learner learner = question.learner();
                ResidentAdapter adapter =
                        learner.admit(question.state(learner.create("a", template)), template);
                SafetensorsFile expected = question.tensors()) {
            TripletLayout layout = adapter.capture().triplets().layout();
            float[][] found = PassGradient.of(adapter.device(), List.of(question.example()));
            String prefix = question.name() + ".gradient.";

            for (int k = 0; k < layout.modules().size(); k++) {
                String name = prefix + layout.modules().get(k).name();
                assertPart(found[0], layout.offsetA(k), expected, name + ".lora_A");
                assertPart(found[0], layout.offsetE(k), expected, name + ".lora_E");
                assertPart(found[0], layout.offsetB(k), expected, name + ".lora_B");
            }
            assertThat(found[1])
                    .containsExactly(question.head(expected, prefix), within((float) GRADIENT));
        }
    }

    @ParameterizedTest
    @MethodSource("questionsWithLogits")
    void leavesNoTensorBehind(Question question) throws IOException {
        TrainingTemplate template = question.template();
        try (Learner learner = question.learner();
                ResidentAdapter adapter = learner.admit(learner.create("a", template), template)) {
            int shared = learner.tensors();
            int owned = adapter.tensors();
            for (int step = 0; step < 3; step++) {
                adapter.train(List.of(question.example(), question.example()));
                adapter.logitsOf(List.of(question.tokens()));
            }

            assertThat(learner.tensors()).isEqualTo(shared);
            assertThat(adapter.tensors()).isEqualTo(owned);
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

    private static int[] ints(JsonNode values) {
        return IntStream.range(0, values.size()).map(i -> values.get(i).asInt()).toArray();
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(QuestionPassTest.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
