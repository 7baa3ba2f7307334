package io.rankstream.benchmarks.step;

import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.training.Learner;
import io.rankstream.ops.adapter.AdapterSource;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a published adapter says of mails, for benchmarks/peft/run files to compare with PEFT. */
@Command(
        name = "logits",
        description =
                "Writes the logits that a published version gives the demo's mails, or the answers that it looks for in them.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class PublishedLogits implements Callable<Integer> {

    private static final int DEFAULT_MAX_LENGTH = 64;

    @Parameters(paramLabel = "VERSION", description = "Folder of a published version.")
    private Path version;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "JSON of texts, token ids and logits.")
    private Path out;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Base model, by default the embedded all-MiniLM-L6-v2.")
    private String model;

    @Option(names = "--texts", description = "Mails, from the first one on.")
    private int texts = 16;

    @Option(
            names = "--max-length",
            description = "Token limit of a text; by default what the version tells, else 64.")
    private Integer maxLength;

    @Override
    public Integer call() throws Exception {
        AdapterSource published = new AdapterSource(version);
        AdapterState state = published.state();
        ModelSource source = model == null ? new ModelSource.Embedded() : ModelSource.at(model);
        int limit =
                maxLength == null ? published.maxLength().orElse(DEFAULT_MAX_LENGTH) : maxLength;
        try (TextEncoder encoder = TextEncoder.open(source, limit);
                Learner learner = Learner.open(source, 0)) {
            SpokenLogits.write(out, learner, encoder, state, template(state), texts);
        }
        System.out.println("Wrote " + out);
        return 0;
    }

    /** Settings that fit {@code state}; nothing is trained with them. */
    private static TrainingTemplate template(AdapterState state) {
        return TrainingTemplate.of(state.head().task())
                .labels(state.head().labels().configured())
                .head(state.head().form())
                .pooling(state.head().pooling())
                .method(
                        state.triplets().layout().modules().isEmpty()
                                ? Method.HEAD
                                : Method.ADALORA)
                .targetModules(
                        state.triplets().layout().modules().stream()
                                .map(ModuleShape::name)
                                .toList())
                .initRank(state.triplets().layout().rank())
                .alpha(state.triplets().alpha())
                .schedule(new ConstantBudgetSchedule())
                .sensitivityDecay(0)
                .uncertaintyDecay(0)
                .orthogonality(new OrthogonalityPenalty(0, OrthogonalityPenalty.Form.MEAN_NORM))
                .optimizer(
                        new OptimizerSettings(0, 0, 0, 0, 0, 0, 0, new LearningRateSchedule(0, 0)))
                .seed(0)
                .build();
    }
}
