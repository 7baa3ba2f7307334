package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.Tensors;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.ModelDirectory;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.task.regression.Regression;
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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One pass of families other than BERT beside transformers and PEFT, from checkpoints that
 * benchmarks/peft wrote.
 */
class TransformersPassTest {

    private static final double HIDDEN = 1e-5;
    private static final double LOGIT = 1e-5;
    private static final double GRADIENT = 5e-6;

    private static final List<String> LABELS = List.of("a", "b", "c");

    /**
     * Texts of one pass.
     *
     * @param model name of the checkpoint
     * @param task what its head learns
     * @param golden all its batches
     * @param json this batch
     * @param head {@code mean}, a linear one, or {@code own}, the family's
     */
    private record Batch(String model, Task<?> task, JsonNode golden, JsonNode json, String head) {

        private boolean isOwn() {
            return head.equals("own");
        }

        private String name() {
            return json.get("name").asText();
        }

        private List<int[]> texts() {
            return json.get("tokenIds")
                    .valueStream()
                    .map(ids -> ids.valueStream().mapToInt(JsonNode::asInt).toArray())
                    .toList();
        }

        /**
         * Where tokens of the second type begin: the file says it of models that tell them apart.
         */
        private List<Integer> seconds() {
            List<int[]> texts = texts();
            return IntStream.range(0, texts.size())
                    .mapToObj(
                            i ->
                                    texts.get(i).length
                                            - json.path("types")
                                                    .path(i)
                                                    .valueStream()
                                                    .mapToInt(JsonNode::asInt)
                                                    .sum())
                    .toList();
        }

        private List<Tokens> tokens() {
            List<int[]> texts = texts();
            return IntStream.range(0, texts.size())
                    .mapToObj(i -> new Tokens(texts.get(i), seconds().get(i), false))
                    .toList();
        }

        private List<TrainingExample> examples() {
            List<int[]> texts = texts();
            return IntStream.range(0, texts.size())
                    .mapToObj(
                            i ->
                                    new TrainingExample(
                                            tokens().get(i), target(json.get("labels").get(i))))
                    .toList();
        }

        private Target target(JsonNode label) {
            return switch (task.id()) {
                case "regression" -> new Target.Numeric(label.asDouble());
                case "multi-label-classification" ->
                        new Target.Several(
                                IntStream.range(0, LABELS.size())
                                        .filter(i -> label.get(i).asInt() == 1)
                                        .<Target>mapToObj(i -> new Target.Label(LABELS.get(i)))
                                        .toList());
                default -> new Target.Label(LABELS.get(label.asInt()));
            };
        }

        private TrainingTemplate template() throws IOException {
            return TrainingTemplate.of(task)
                    .labels(task.hasLabels() ? LABELS : List.of())
                    .head(isOwn() ? HeadForm.OWN : HeadForm.LINEAR)
                    .pooling(
                            isOwn()
                                    ? Pooling.of(Optional.of(own()), task.reading()).orElseThrow()
                                    : Pooling.MEAN)
                    .targetModules(
                            golden.get("targetModules")
                                    .valueStream()
                                    .map(JsonNode::asText)
                                    .toList())
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
                    .mixture(false)
                    .seed(1)
                    .build();
        }

        /** The golden's adapter, or one that adds nothing. */
        private AdapterState state(AdapterState fresh, boolean adds) throws IOException {
            TripletLayout layout = fresh.triplets().layout();
            float[] values = fresh.triplets().values().clone();
            try (SafetensorsFile tensors = tensors()) {
                for (int k = 0; adds && k < layout.modules().size(); k++) {
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
                        fresh.head().withValues(head(tensors)));
            }
        }

        private float[] head(SafetensorsFile tensors) throws IOException {
            return GoldenHead.values(
                    tensors,
                    head + ".",
                    "classifier",
                    isOwn() ? Optional.of(own()) : Optional.empty());
        }

        private OwnHead own() throws IOException {
            return source().architecture().ownHead().orElseThrow();
        }

        private ModelDirectory source() throws IOException {
            return ModelDirectory.of(directory());
        }

        private ModelSource.Directory directory() {
            return new ModelSource.Directory(resource("/models/" + model).toString());
        }

        private SafetensorsFile tensors() throws IOException {
            return SafetensorsFile.open(resource(file(model, task) + ".safetensors"));
        }

        private Learner learner() throws IOException {
            return Learner.open(directory(), 1, TestDevice.get());
        }

        @Override
        public String toString() {
            return model + ", " + task.id() + ", " + name() + ", " + head;
        }
    }

    private static String file(String model, Task<?> task) {
        return "/parity/pass-"
                + model
                + switch (task.id()) {
                    case "regression" -> "-regression";
                    case "multi-label-classification" -> "-multi-label";
                    default -> "";
                };
    }

    static Stream<Batch> batches() throws IOException {
        List<Batch> batches = new ArrayList<>();
        for (String model :
                List.of(
                        "tiny-roberta",
                        "tiny-xlm-roberta",
                        "tiny-distilbert",
                        "tiny-mpnet",
                        "tiny-deberta-v3",
                        "tiny-deberta-v2",
                        "tiny-modernbert",
                        "tiny-modernbert-mean")) {
            for (Task<?> task : List.of(new Classification(), new Regression(), new MultiLabel())) {
                JsonNode golden =
                        new ObjectMapper().readTree(resource(file(model, task) + ".json").toFile());
                for (JsonNode json : golden.get("batches")) {
                    batches.add(new Batch(model, task, golden, json, "mean"));
                    batches.add(new Batch(model, task, golden, json, "own"));
                }
            }
        }
        return batches.stream();
    }

    static Stream<Batch> batchesWithGradients() throws IOException {
        return batches().filter(batch -> List.of("together", "pairs").contains(batch.name()));
    }

    /** Token vectors are the base model's, whatever the task. */
    static Stream<Batch> batchesOfClassification() throws IOException {
        return batches().filter(batch -> batch.task() instanceof Classification);
    }

    @ParameterizedTest
    @MethodSource("batchesOfClassification")
    void givesTheSameTokenVectors(Batch batch) throws IOException {
        try (Learner learner = batch.learner();
                ResidentAdapter adapter =
                        learner.admit(learner.create("a", batch.template()), batch.template());
                SafetensorsFile expected = batch.tensors()) {
            EngineRuntime.LoadedModel model = adapter.device().model();
            float[] found =
                    model.threads()
                            .call(
                                    () -> {
                                        try (PtNDManager scope = Tensors.scope(model.manager())) {
                                            return model.network()
                                                    .forward(
                                                            TokenBatch.of(
                                                                    scope,
                                                                    batch.texts(),
                                                                    batch.seconds()),
                                                            LinearUpdate.NONE)
                                                    .toFloatArray();
                                        }
                                    });

            assertThat(found)
                    .containsExactly(
                            expected.floats(batch.name() + ".hidden"), within((float) HIDDEN));
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void givesTheSameLogits(Batch batch) throws IOException {
        assertLogits(batch, false, "baseLogits");
        assertLogits(batch, true, "logits");
    }

    private static void assertLogits(Batch batch, boolean adds, String expected)
            throws IOException {
        TrainingTemplate template = batch.template();
        try (Learner learner = batch.learner();
                ResidentAdapter adapter =
                        learner.admit(batch.state(learner.create("a", template), adds), template)) {
            float[][] found = adapter.logitsOf(batch.tokens());
            JsonNode rows = batch.json().get(batch.head()).get(expected);

            for (int i = 0; i < found.length; i++) {
                for (int j = 0; j < found[i].length; j++) {
                    assertThat((double) found[i][j])
                            .as("%s, text %d, class %d", expected, i, j)
                            .isCloseTo(rows.get(i).get(j).asDouble(), within(LOGIT));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void hasTheSameLoss(Batch batch) throws IOException {
        TrainingTemplate template = batch.template();
        try (Learner learner = batch.learner();
                ResidentAdapter adapter =
                        learner.admit(batch.state(learner.create("a", template), true), template)) {
            StepReport report = adapter.train(batch.examples()).report().orElseThrow();

            assertThat((double) report.taskLoss())
                    .isCloseTo(
                            batch.json().get(batch.head()).get("loss").asDouble(), within(LOGIT));
        }
    }

    @ParameterizedTest
    @MethodSource("batchesWithGradients")
    void hasTheSameGradients(Batch batch) throws IOException {
        TrainingTemplate template = batch.template();
        try (Learner learner = batch.learner();
                ResidentAdapter adapter =
                        learner.admit(batch.state(learner.create("a", template), true), template);
                SafetensorsFile expected = batch.tensors()) {
            TripletLayout layout = adapter.capture().triplets().layout();
            float[] found = tripletGradient(adapter.device(), batch.examples());
            String prefix = batch.name() + "." + batch.head() + ".gradient.";

            for (int k = 0; k < layout.modules().size(); k++) {
                String name = prefix + layout.modules().get(k).name();
                assertPart(found, layout.offsetA(k), expected, name + ".lora_A");
                assertPart(found, layout.offsetE(k), expected, name + ".lora_E");
                assertPart(found, layout.offsetB(k), expected, name + ".lora_B");
            }
        }
    }

    /** Adapters that share a pass have rows of their own in it, in tables of distances too. */
    @ParameterizedTest
    @MethodSource("batchesWithGradients")
    void hasTheSameGradientsBesideOtherAdapters(Batch batch) throws IOException {
        TrainingTemplate template = batch.template();
        try (Learner learner = batch.learner();
                ResidentAdapter adapter =
                        learner.admit(batch.state(learner.create("a", template), true), template);
                ResidentAdapter other = learner.admit(learner.create("b", template), template)) {
            List<TrainingExample> few = batch.examples().subList(0, 2);
            float[] alone = tripletGradient(adapter.device(), batch.examples());
            float[] otherAlone = tripletGradient(other.device(), few);

            List<float[]> together =
                    tripletGradients(
                            List.of(
                                    part(other.device(), few),
                                    part(adapter.device(), batch.examples()),
                                    part(other.device(), few)));

            assertThat(together.get(0)).containsExactly(otherAlone, within((float) GRADIENT));
            assertThat(together.get(1)).containsExactly(alone, within((float) GRADIENT));
            assertThat(together.get(2)).containsExactly(otherAlone, within((float) GRADIENT));
        }
    }

    @ParameterizedTest
    @MethodSource("batchesWithGradients")
    void leavesNoTensorBehind(Batch batch) throws IOException {
        TrainingTemplate template = batch.template();
        try (Learner learner = batch.learner();
                ResidentAdapter adapter = learner.admit(learner.create("a", template), template)) {
            int shared = learner.tensors();
            int owned = adapter.tensors();
            for (int step = 0; step < 3; step++) {
                adapter.train(batch.examples());
                adapter.logitsOf(batch.tokens());
            }

            assertThat(learner.tensors()).isEqualTo(shared);
            assertThat(adapter.tensors()).isEqualTo(owned);
        }
    }

    private static float[] tripletGradient(DeviceAdapter adapter, List<TrainingExample> examples) {
        return tripletGradients(List.of(part(adapter, examples))).get(0);
    }

    private static TrainingPass.Part part(DeviceAdapter adapter, List<TrainingExample> examples) {
        return new TrainingPass.Part(
                adapter, examples, IntStream.range(0, examples.size()).boxed().toList());
    }

    private static List<float[]> tripletGradients(List<TrainingPass.Part> parts) {
        EngineRuntime.LoadedModel model = parts.get(0).adapter().model();
        return model.threads()
                .call(
                        () -> {
                            try (PtNDManager scope = Tensors.scope(model.manager())) {
                                return TrainingPass.run(scope, model, parts).stream()
                                        .map(
                                                result ->
                                                        result.gradient()
                                                                .orElseThrow()
                                                                .triplets()
                                                                .toFloatArray())
                                        .toList();
                            }
                        });
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
                    Objects.requireNonNull(TransformersPassTest.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
