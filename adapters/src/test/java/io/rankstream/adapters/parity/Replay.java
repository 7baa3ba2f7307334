package io.rankstream.adapters.parity;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.adalora.FiniteBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HeadShape;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.adapters.training.TrainingExample;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The run of a golden by our trainer: the same weights, start, batches and settings.
 *
 * @param golden what it is compared with
 * @param reports of each step
 * @param live live pattern after each step, in the golden's form
 * @param middle the adapter after the golden's middle step
 * @param end the adapter after the last step
 */
record Replay(
        Golden golden,
        List<StepReport> reports,
        List<String> live,
        AdapterState middle,
        AdapterState end) {

    private static final int BATCH = 8;
    private static final String TINY_WITH_POOLER = "tiny-pooler";

    static Replay of(Golden golden) throws IOException {
        List<TrainingExample> examples = examples(golden);
        TrainingTemplate template = template(golden, examples);
        List<StepReport> reports = new ArrayList<>();
        List<String> live = new ArrayList<>();
        AdapterState middle = null;
        try (Learner learner = Learner.open(base(golden), 1, TestDevice.get());
                ResidentAdapter adapter =
                        learner.admit(
                                drawn(learner.create(golden.name(), template), golden), template)) {
            for (int step = 0; step < golden.steps().size(); step++) {
                reports.add(adapter.train(batch(examples, step)).report().orElseThrow());
                AdapterState state = adapter.capture();
                live.add(pattern(state));
                middle = step == golden.middleStep() ? state : middle;
            }
            return new Replay(golden, reports, live, middle, adapter.capture());
        }
    }

    private static ModelSource base(Golden golden) {
        return switch (golden.settings().get("base").asText()) {
            case "minilm" -> new ModelSource.Embedded();
            case TINY_WITH_POOLER ->
                    new ModelSource.Directory(Golden.path("/peft/tiny-bert-pooler").toString());
            case "tiny" -> new ModelSource.Directory(Golden.path("/peft/tiny-bert").toString());
            default ->
                    new ModelSource.Directory(
                            Golden.path("/models/" + golden.settings().get("base").asText())
                                    .toString());
        };
    }

    private static List<TrainingExample> examples(Golden golden) throws IOException {
        String base = golden.settings().get("base").asText().replace("-pooler", "");
        String task = isClassification(golden) ? "" : "-" + golden.settings().get("task").asText();
        JsonNode json = Golden.json("examples-" + base + task + ".json");
        List<TrainingExample> examples = new ArrayList<>();
        for (int i = 0; i < json.get("labels").size(); i++) {
            JsonNode ids = json.get("tokenIds").get(i);
            int[] tokens = new int[ids.size()];
            for (int j = 0; j < tokens.length; j++) {
                tokens[j] = ids.get(j).asInt();
            }
            examples.add(new TrainingExample(tokens, target(json.get("labels").get(i)), false));
        }
        return examples;
    }

    private static Target target(JsonNode label) {
        if (label.isArray()) {
            return new Target.Several(
                    IntStream.range(0, label.size())
                            .filter(row -> label.get(row).asDouble() > 0)
                            .<Target>mapToObj(row -> new Target.Label("label" + row))
                            .toList());
        }
        return label.isFloatingPointNumber()
                ? new Target.Numeric(label.asDouble())
                : new Target.Label("label" + label.asInt());
    }

    /** Goldens from before there was a choice name no task. */
    private static boolean isClassification(Golden golden) {
        return golden.settings().path("task").asText("classification").equals("classification");
    }

    private static boolean isRegression(Golden golden) {
        return golden.settings().path("task").asText().equals("regression");
    }

    /**
     * A regression that learns in the numbers' own units, as PEFT's loop does: what is compared is
     * the squared error, its gradients and what follows from them.
     */
    private static Task<?> withoutScale() {
        Regression regression = new Regression();
        return (Task<?>)
                Proxy.newProxyInstance(
                        Task.class.getClassLoader(),
                        new Class<?>[] {Task.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "scale" -> Optional.empty();
                                    case "equals" -> proxy == arguments[0];
                                    default -> method.invoke(regression, arguments);
                                });
    }

    private static TrainingTemplate.Builder ofTask(Golden golden, List<TrainingExample> examples) {
        if (isRegression(golden)) {
            return TrainingTemplate.of(withoutScale());
        }
        return TrainingTemplate.of(
                        isClassification(golden) ? new Classification() : new MultiLabel())
                .labels(
                        examples.stream()
                                .flatMap(example -> example.target().labels().stream())
                                .distinct()
                                .sorted()
                                .toList());
    }

    private static List<TrainingExample> batch(List<TrainingExample> examples, int step) {
        List<TrainingExample> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            batch.add(examples.get((step * BATCH + i) % examples.size()));
        }
        return batch;
    }

    private static TrainingTemplate template(Golden golden, List<TrainingExample> examples) {
        return ofTask(golden, examples)
                .head(hasOwnLayers(golden) ? HeadForm.OWN : HeadForm.LINEAR)
                .pooling(pooling(golden))
                .targetModules(targetModules(golden))
                .initRank(golden.integer("init_rank"))
                .alpha(golden.number("alpha"))
                .schedule(
                        new FiniteBudgetSchedule(
                                golden.integer("steps"),
                                golden.integer("warmup_steps"),
                                golden.integer("final_steps"),
                                golden.integer("mask_interval"),
                                golden.integer("target_rank")))
                .orthogonality(
                        new OrthogonalityPenalty(
                                golden.number("orthogonality"),
                                OrthogonalityPenalty.Form.MEAN_NORM))
                .optimizer(
                        new OptimizerSettings(
                                golden.number("learning_rate"),
                                golden.number("head_learning_rate"),
                                .9,
                                .999,
                                1e-8,
                                golden.number("weight_decay"),
                                golden.number("max_gradient_norm"),
                                new LearningRateSchedule(
                                        golden.integer("learning_rate_warmup_steps"),
                                        golden.integer("learning_rate_decay_end_step"))))
                .examplesPerPass(BATCH / golden.integer("accumulated_parts"))
                .seed(0)
                .build();
    }

    private static boolean hasOwnLayers(Golden golden) {
        return golden.settings().path("own_head").asBoolean()
                && !golden.settings().get("base").asText().equals(TINY_WITH_POOLER);
    }

    private static Pooling pooling(Golden golden) {
        if (hasOwnLayers(golden)) {
            return golden.settings().get("base").asText().endsWith("-mean")
                    ? Pooling.MEAN
                    : Pooling.CLS;
        }
        return golden.settings().get("base").asText().equals(TINY_WITH_POOLER)
                ? Pooling.POOLER
                : Pooling.MEAN;
    }

    private static List<String> targetModules(Golden golden) {
        List<String> names = new ArrayList<>();
        golden.settings().get("target_modules").forEach(name -> names.add(name.asText()));
        JsonNode layers = golden.settings().path("layers");
        return layers.isArray()
                ? layers.valueStream()
                        .flatMap(layer -> names.stream().map(name -> inLayer(layer.asInt(), name)))
                        .toList()
                : names;
    }

    private static String inLayer(int layer, String end) {
        return ".*[.]layer[.]" + layer + "[.](.*[.])?" + end;
    }

    /** A new adapter with the golden's start instead of its own. */
    private static AdapterState drawn(AdapterState state, Golden golden) {
        TripletLayout layout = state.triplets().layout();
        float[] values = state.triplets().values().clone();
        int modules = layout.modules().size();
        for (int k = 0; k < modules; k++) {
            int sizeA = layout.rank() * layout.modules().get(k).in();
            int sizeB = layout.rank() * layout.modules().get(k).out();
            put(draw(golden, 2 * k, sizeA), values, layout.offsetA(k));
            put(draw(golden, 2 * k + 1, sizeB), values, layout.offsetB(k));
        }
        return new AdapterState(
                state.meta(),
                new TripletState(layout, state.triplets().alpha(), values),
                state.moments(),
                state.importance(),
                state.budget(),
                drawn(state, golden, 2 * modules));
    }

    /**
     * The head's weights, in the order in which data flows, a LayerNorm's around one; biases are
     * zero.
     */
    private static HeadState drawn(AdapterState state, Golden golden, int stream) {
        HeadState head = state.head();
        HeadShape shape = head.shape();
        float[] values = new float[shape.size()];
        int next = stream;
        if (shape.denseSize() > 0) {
            put(draw(golden, next, shape.denseWeightSize()), values, shape.denseOffset());
            next++;
            if (ownHead(state).norm().isPresent()) {
                float[] scales = draw(golden, next, shape.hidden());
                for (int i = 0; i < scales.length; i++) {
                    scales[i] += 1;
                }
                put(scales, values, shape.denseOffset() + shape.denseWeightSize());
                next++;
            }
        }
        put(draw(golden, next, shape.weightSize()), values, 0);
        return head.withValues(values);
    }

    private static OwnHead ownHead(AdapterState state) {
        return Family.of(state.meta().baseModel().family()).ownHead().orElseThrow();
    }

    private static float[] draw(Golden golden, int stream, int count) {
        return Draws.uniform(
                golden.integer("seed"), stream, count, golden.number("initial_deviation"));
    }

    private static void put(float[] part, float[] values, int offset) {
        System.arraycopy(part, 0, values, offset, part.length);
    }

    private static String pattern(AdapterState state) {
        StringBuilder bits = new StringBuilder();
        for (boolean alive : state.budget().live()) {
            bits.append(alive ? '1' : '0');
        }
        return bits.toString();
    }
}
