package io.rankstream.benchmarks.step;

import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.peft.PeftExport;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.adapters.version.AdapterFiles;
import io.rankstream.adapters.weights.safetensors.FloatType;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.adapter.WholeFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Published versions of every kind, for benchmarks/peft/run cards to load with PEFT. */
@Command(
        name = "versions",
        description =
                "Trains an adapter of each task, head and method on the demo's mails for a few steps,"
                        + " and writes it as it is published, and what it gives some texts.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class PublishedVersions implements Callable<Integer> {

    private static final int TOKENS = 64;
    private static final int STEPS = 12;
    private static final int EXAMPLES = 6;
    private static final int COMPARED = 4;
    private static final int LEARNED_FROM = 300;

    private static final List<String> TOPICS = List.of("list", "free", "linux");
    private static final Pattern CAPITALS = Pattern.compile("\\b[A-Z]{3,}\\b");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "A folder for each version, and beside it a file of its logits.")
    private Path out;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Base model, by default the embedded all-MiniLM-L6-v2.")
    private String model;

    @Option(names = "--learning-rate", description = "Of all that is learned.")
    private double learningRate = 5e-3;

    @Override
    public Integer call() throws Exception {
        ModelSource source = model == null ? new ModelSource.Embedded() : ModelSource.at(model);
        Architecture architecture = PretrainedModel.architecture(source);
        int limit = Math.min(TOKENS, architecture.maxTokens());
        try (TextEncoder encoder = TextEncoder.open(source, limit);
                Learner learner = Learner.open(source, 0)) {
            for (Task<?> task : Tasks.ALL) {
                for (HeadKind head : heads(task, architecture)) {
                    for (Method method : Method.values()) {
                        write(learner, encoder, limit, template(head, method));
                    }
                }
            }
        }
        return 0;
    }

    private static List<HeadKind> heads(Task<?> task, Architecture architecture) {
        List<HeadKind> heads = new ArrayList<>();
        for (Pooling pooling : Pooling.values()) {
            boolean isThere = pooling != Pooling.POOLER || !architecture.poolerTensors().isEmpty();
            if (isThere && pooling.fits(task.reading(), HeadForm.LINEAR)) {
                heads.add(new HeadKind(task, HeadForm.LINEAR, pooling));
            }
        }
        Pooling.of(architecture.ownHead(), task.reading())
                .map(pooling -> new HeadKind(task, HeadForm.OWN, pooling))
                .ifPresent(heads::add);
        return heads;
    }

    private TrainingTemplate template(HeadKind head, Method method) {
        List<String> labels =
                switch (head.task().id()) {
                    case "classification" -> List.of("other", "list");
                    case "multi-label-classification" -> TOPICS;
                    case "token-classification" -> List.of("O", "B-LOUD", "I-LOUD");
                    default -> List.of();
                };
        return TrainingTemplate.of(head.task())
                .labels(labels)
                .head(head.form())
                .pooling(head.pooling())
                .method(method)
                .initRank(4)
                .alpha(16)
                .schedule(
                        method.allocates()
                                ? new StreamingBudgetSchedule(2, 6, 1, 2)
                                : new ConstantBudgetSchedule())
                .optimizer(
                        new OptimizerSettings(
                                learningRate,
                                learningRate,
                                .9,
                                .999,
                                1e-8,
                                0,
                                1,
                                new LearningRateSchedule(0, 0)))
                .seed(1)
                .build();
    }

    private void write(Learner learner, TextEncoder encoder, int limit, TrainingTemplate template)
            throws IOException, AdapterFileException {
        HeadKind kind = template.head();
        String name =
                String.join(
                                "-",
                                kind.task().id(),
                                kind.form().name(),
                                kind.pooling().name(),
                                template.method().name())
                        .toLowerCase(Locale.ROOT);
        AdapterState fresh = learner.create(name, template);
        List<String> differences = learner.differences(fresh, template);
        if (!differences.isEmpty()) {
            System.out.println("Left out " + name + ": it would have " + differences);
            return;
        }
        AdapterState state = learned(learner, encoder, fresh, template);
        write(learner, encoder, state, template, name, AdapterFiles.of(state, template, limit));
        if (template.method() == Method.ADALORA) {
            write(
                    learner,
                    encoder,
                    state,
                    template,
                    name + "-own-ranks",
                    AdapterFiles.export(
                            state,
                            PeftExport.Format.LORA_OWN_RANKS,
                            FloatType.F32,
                            OptionalInt.of(limit)));
        }
    }

    private static AdapterState learned(
            Learner learner, TextEncoder encoder, AdapterState fresh, TrainingTemplate template) {
        try (ResidentAdapter adapter = learner.admit(fresh, template)) {
            List<TrainingExample> examples = examples(template.head().task(), encoder, adapter);
            for (int step = 0; step < STEPS; step++) {
                adapter.train(examples.subList(step * EXAMPLES, (step + 1) * EXAMPLES));
            }
            return adapter.takeVersion();
        }
    }

    private void write(
            Learner learner,
            TextEncoder encoder,
            AdapterState state,
            TrainingTemplate template,
            String name,
            SortedMap<String, byte[]> files)
            throws IOException, AdapterFileException {
        WholeFiles.writeFolder(out.resolve(name), files);
        SpokenLogits.write(
                out.resolve(name + ".json"), learner, encoder, state, template, COMPARED);
    }

    /** As many as all steps take; what cannot be learned is left out. */
    private static List<TrainingExample> examples(
            Task<?> task, TextEncoder encoder, ResidentAdapter adapter) {
        List<TrainingExample> examples = new ArrayList<>();
        for (List<String> text : SpokenLogits.texts(task.reading(), LEARNED_FROM)) {
            if (examples.size() == STEPS * EXAMPLES) {
                break;
            }
            Tokens tokens = SpokenLogits.tokens(encoder, task.reading(), text);
            Target target = target(task, text);
            if (adapter.refusal(target, tokens).isEmpty()) {
                examples.add(new TrainingExample(tokens, target));
            }
        }
        return examples;
    }

    /** Something that can be told by reading the text. */
    private static Target target(Task<?> task, List<String> text) {
        String lower = String.join(" ", text).toLowerCase(Locale.ROOT);
        return switch (task.id()) {
            case "classification" ->
                    new Target.Label(lower.contains(TOPICS.get(0)) ? "list" : "other");
            case "multi-label-classification" ->
                    new Target.Several(
                            TOPICS.stream()
                                    .filter(lower::contains)
                                    .<Target>map(Target.Label::new)
                                    .toList());
            case "regression" -> new Target.Numeric(Math.min(lower.length(), 500) / 100.);
            case "token-classification" -> new Target.Several(capitals(text.get(0), "LOUD"));
            default -> new Target.Several(capitals(text.get(1), null));
        };
    }

    private static List<Target> capitals(String text, String kind) {
        List<Target> found = new ArrayList<>();
        Matcher words = CAPITALS.matcher(text);
        while (words.find() && found.size() < EXAMPLES) {
            int start = text.codePointCount(0, words.start());
            int end = text.codePointCount(0, words.end());
            found.add(
                    kind == null ? new Target.Span(start, end) : new Target.Span(start, end, kind));
        }
        return found;
    }
}
