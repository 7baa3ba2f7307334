package io.rankstream.benchmarks.step;

import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.part.StepParts;
import io.rankstream.benchmarks.part.StepParts.Part;
import io.rankstream.benchmarks.part.StepParts.Times;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.benchmarks.workload.RandomBatch;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.files.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What AdaLoRA's own work takes of a training step that masks, on a small and a common encoder. */
@Command(
        name = "shares",
        description = "What importance, allocator and optimizer take of a training step.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class SharesBenchmark implements Callable<Integer> {

    private static final int WARM_UP_STEPS = 3;

    /** A schedule that allocates the budget at every step. */
    private static final List<String> MASK_EVERY_STEP =
            List.of("budget.warmup-steps: 0", "budget.ramp-steps: 0", "budget.mask-interval: 1");

    /**
     * Medians of a model.
     *
     * @param model what was trained
     * @param adapterSize learned numbers of the triplets
     * @param steps steps measured
     * @param stepMillis a whole step
     * @param partMillis its parts
     */
    record Shares(
            String model,
            int adapterSize,
            int steps,
            double stepMillis,
            Map<Part, Double> partMillis) {

        static Shares of(String model, int adapterSize, List<Times> steps) {
            Map<Part, Double> parts = new EnumMap<>(Part.class);
            for (Part part : Part.values()) {
                parts.put(part, median(steps, step -> step.parts().get(part)));
            }
            return new Shares(model, adapterSize, steps.size(), median(steps, Times::step), parts);
        }

        private static double median(List<Times> steps, ToDoubleFunction<Times> time) {
            return steps.stream().mapToDouble(time).sorted().toArray()[steps.size() / 2];
        }
    }

    @Option(names = "--steps", description = "Steps measured of each model.")
    private int steps = 10;

    @Option(names = "--batch-size", description = "Examples a step.")
    private int batchSize = 16;

    @Option(names = "--length", description = "Tokens of every example.")
    private int length = 128;

    @Option(names = "--threads", description = "Threads; 0 takes every core.")
    private int threads = 0;

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        List<Shares> models = List.of(miniLm(), bertBase());
        json.write(models);
        return 0;
    }

    private Shares miniLm() throws Exception {
        ModelSource source = new ModelSource.Embedded();
        Architecture sizes = PretrainedModel.load(source).architecture();
        return measure("all-MiniLM-L6-v2", source, sizes);
    }

    /** The proportions of BERT's base model with random weights and few words. */
    private Shares bertBase() throws Exception {
        TinyBert model = new TinyBert(12, 768, 12, 3072, length, 42);
        Path directory = Files.createTempDirectory("rankstream-bert");
        try {
            return measure("12 x 768, random", model.writeTo(directory), model.bertConfig());
        } finally {
            Trees.delete(directory);
        }
    }

    private Shares measure(String name, ModelSource source, Architecture sizes) throws Exception {
        TrainingTemplate template =
                MailConfig.of(MailStream.open(), length, batchSize, threads, MASK_EVERY_STEP)
                        .adapters()
                        .template(MailStream.SPAM_ADAPTER)
                        .orElseThrow();
        try (StepParts step = StepParts.open(source, template, threads)) {
            List<Times> times = new ArrayList<>();
            for (int i = 0; i < WARM_UP_STEPS + steps; i++) {
                times.add(step.time(RandomBatch.of(i, batchSize, length, sizes.vocabSize())));
            }
            Shares shares =
                    Shares.of(name, step.size(), times.subList(WARM_UP_STEPS, times.size()));
            print(shares);
            return shares;
        }
    }

    private void print(Shares shares) {
        System.out.printf(
                Locale.ROOT,
                "%s, %,d numbers, %d x %d tokens%n",
                shares.model(),
                shares.adapterSize(),
                batchSize,
                length);
        double rest = shares.stepMillis();
        for (Map.Entry<Part, Double> part : shares.partMillis().entrySet()) {
            row(part.getKey().name().toLowerCase(Locale.ROOT), part.getValue(), shares);
            rest -= part.getValue();
        }
        row("forward and backward", rest, shares);
        row("step", shares.stepMillis(), shares);
        Map<Part, Double> parts = shares.partMillis();
        row(
                "importance and allocator",
                parts.get(Part.IMPORTANCE) + parts.get(Part.ALLOCATOR),
                shares);
    }

    private static void row(String what, double millis, Shares shares) {
        double share = 100 * millis / shares.stepMillis();
        System.out.printf(Locale.ROOT, "  %-24s %9.2f ms %6.2f %%%n", what, millis, share);
    }
}
