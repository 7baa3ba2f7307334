package io.rankstream.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.TextEncoder;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.AdapterTemplate;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.LearningRateSchedule;
import io.rankstream.adapters.training.Method;
import io.rankstream.adapters.training.OptimizerSettings;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.ops.adapter.AdapterSource;
import io.rankstream.ops.demo.MailStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a published adapter says of mails, for benchmarks/peft/run files to compare with PEFT. */
@Command(
        name = "logits",
        description = "Writes the logits that a published version gives the demo's mails.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class PublishedLogits implements Callable<Integer> {

    @Parameters(paramLabel = "VERSION", description = "Folder of a published version.")
    private Path version;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "JSON of token ids and logits.")
    private Path out;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Base model, by default the embedded all-MiniLM-L6-v2.")
    private String model;

    @Option(names = "--texts", description = "Mails, from the first one on.")
    private int texts = 16;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 64;

    @Override
    public Integer call() throws Exception {
        AdapterState state = new AdapterSource(version).state();
        ModelSource source =
                model == null ? new ModelSource.Embedded() : new ModelSource.Directory(model);
        List<int[]> tokenIds = tokenIds(source);
        try (Learner learner = Learner.open(source, 0);
                ResidentAdapter adapter = learner.admit(state, template(state))) {
            float[][] logits = adapter.logits(tokenIds);
            Files.write(
                    out,
                    new ObjectMapper()
                            .writeValueAsBytes(Map.of("tokenIds", tokenIds, "logits", logits)));
        }
        System.out.println("Wrote " + out);
        return 0;
    }

    private List<int[]> tokenIds(ModelSource source) throws IOException {
        try (TextEncoder encoder = TextEncoder.open(source, maxLength)) {
            return MailStream.open().examples(texts).stream()
                    .map(example -> encoder.encode(example.getText()).ids())
                    .toList();
        }
    }

    /** Settings that fit {@code state}; nothing is trained with them. */
    private static AdapterTemplate template(AdapterState state) {
        return new AdapterTemplate(
                state.head().labels().configured(),
                state.head().pooling(),
                Method.ADALORA,
                state.triplets().layout().modules().stream().map(ModuleShape::name).toList(),
                state.triplets().layout().rank(),
                state.triplets().alpha(),
                0,
                new ConstantBudgetSchedule(),
                0,
                0,
                new OrthogonalityPenalty(0, OrthogonalityPenalty.Form.MEAN_NORM),
                new OptimizerSettings(0, 0, 0, 0, 0, 0, 0, new LearningRateSchedule(0, 0)),
                0,
                0);
    }
}
