package io.rankstream.benchmarks.step;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.training.AdapterBatch;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.Prediction;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepOutcome;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.benchmarks.measure.DeviceOption;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.ops.demo.MailStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Rankstream's process in the comparisons of benchmarks/peft/run. Every line of standard input asks
 * for a number of steps of each adapter, and is answered with a line of JSON.
 */
@Command(
        name = "peer",
        description = "Trains on request, for benchmarks/peft/run.",
        mixinStandardHelpOptions = true)
public final class TrainingPeer implements Callable<Integer> {

    private static final List<String> LABELS = List.of("ham", "spam");

    /** Texts to train on, in order, and from the start again at their end. */
    private record Examples(List<int[]> tokenIds, List<Integer> labels) {
        TrainingExample get(int position) {
            int i = position % tokenIds.size();
            return new TrainingExample(
                    tokenIds.get(i), new Target.Label(LABELS.get(labels.get(i))), false);
        }
    }

    /**
     * What steps took.
     *
     * @param nanos wall time of each step of all adapters
     * @param tokens tokens trained on, without padding
     * @param paddedTokens tokens that the model computed
     * @param correct examples that were predicted right
     */
    private record Answer(List<Long> nanos, int tokens, int paddedTokens, int correct) {}

    @Parameters(paramLabel = "EXAMPLES", description = "JSON of token ids and labels.")
    private Path file;

    @Option(
            names = "--micro-batches",
            required = true,
            split = ",",
            description = "Examples of a step, for each adapter.")
    private List<Integer> microBatches;

    @Option(names = "--threads", required = true, description = "Threads that train.")
    private int threads;

    @Mixin private DeviceOption device;

    @Option(
            names = "--model",
            paramLabel = "DIRECTORY",
            description = "Base model; without it, the embedded one.")
    private Path model;

    @Option(names = "--bundled", description = "Trains all adapters at once.")
    private boolean bundled;

    @Option(names = "--set", paramLabel = "KEY: VALUE", description = "Training option.")
    private List<String> overrides = List.of();

    private int position;

    @Override
    public Integer call() throws IOException, ConfigException {
        ObjectMapper json = new ObjectMapper();
        Examples examples = json.readValue(file.toFile(), Examples.class);
        TrainingTemplate template = template();
        List<ResidentAdapter> adapters = new ArrayList<>();
        try (Learner learner = Learner.open(source(), threads, device.place())) {
            try {
                for (int i = 0; i < microBatches.size(); i++) {
                    adapters.add(learner.admit(learner.create("adapter-" + i, template), template));
                }
                BufferedReader requests =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8));
                for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                    Answer answer = train(learner, adapters, examples, Integer.parseInt(line));
                    System.out.println(json.writeValueAsString(answer));
                }
            } finally {
                adapters.forEach(ResidentAdapter::close);
            }
        }
        return 0;
    }

    private ModelSource source() {
        return model == null ? new ModelSource.Embedded() : ModelSource.at(model.toString());
    }

    private TrainingTemplate template() throws ConfigException {
        return MailConfig.of(
                        Map.of(MailStream.SPAM_ADAPTER, LABELS),
                        256,
                        16,
                        threads,
                        device.setting(),
                        overrides)
                .adapters()
                .template(MailStream.SPAM_ADAPTER)
                .orElseThrow();
    }

    private Answer train(
            Learner learner, List<ResidentAdapter> adapters, Examples examples, int steps) {
        List<Long> nanos = new ArrayList<>();
        int tokens = 0;
        int paddedTokens = 0;
        int correct = 0;
        for (int step = 0; step < steps; step++) {
            List<AdapterBatch> bundle = next(adapters, examples);
            long start = System.nanoTime();
            List<StepOutcome> outcomes = train(learner, bundle);
            nanos.add(System.nanoTime() - start);
            for (int i = 0; i < outcomes.size(); i++) {
                StepReport report = outcomes.get(i).report().orElseThrow();
                tokens += report.tokens();
                paddedTokens += report.paddedTokens();
                correct += correct(outcomes.get(i));
            }
        }
        return new Answer(nanos, tokens, paddedTokens, correct);
    }

    private List<AdapterBatch> next(List<ResidentAdapter> adapters, Examples examples) {
        List<AdapterBatch> bundle = new ArrayList<>();
        for (int i = 0; i < adapters.size(); i++) {
            int end = position + microBatches.get(i);
            bundle.add(
                    new AdapterBatch(
                            adapters.get(i),
                            IntStream.range(position, end).mapToObj(examples::get).toList()));
            position = end;
        }
        return bundle;
    }

    private List<StepOutcome> train(Learner learner, List<AdapterBatch> bundle) {
        return bundled
                ? learner.train(bundle)
                : bundle.stream().map(one -> one.adapter().train(one.examples())).toList();
    }

    private static int correct(StepOutcome outcome) {
        return (int) outcome.predictions().stream().filter(Prediction::isRight).count();
    }
}
