package io.rankstream.benchmarks.step;

import io.rankstream.adapters.engine.GemmRate;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.benchmarks.measure.DeviceOption;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.benchmarks.workload.RandomBatch;
import io.rankstream.ops.demo.MailStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A training step against the rate at which the machine multiplies matrices. */
@Command(
        name = "step",
        description = "Median training step, as a share of the matrix product rate of this run.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class StepBenchmark implements Callable<Integer> {

    private static final int WARM_UP_STEPS = 5;

    /**
     * What was measured with a number of threads; products and step in GFLOP/s.
     *
     * @param squareRate rate of libtorch's matrix product, of a square matrix
     * @param modelRate rate of the same for the model's own shape
     * @param frozenRate rate of the way that frozen weights are multiplied, for the model's own
     *     shape
     */
    private record Figures(
            int threads,
            double squareRate,
            double modelRate,
            double frozenRate,
            double p50Millis,
            double p10Millis,
            double p90Millis,
            double stepRate) {
        double shareOfMatrixProduct() {
            return stepRate / Math.max(squareRate, modelRate);
        }

        double shareOfFrozenProduct() {
            return stepRate / frozenRate;
        }
    }

    @Option(names = "--threads", split = ",", description = "Thread counts to measure.")
    private List<Integer> threads = List.of(1, 2);

    @Option(names = "--steps", description = "Steps measured for each thread count.")
    private int steps = 20;

    @Option(names = "--batch-size", description = "Examples a step.")
    private int batchSize = 16;

    @Option(names = "--length", description = "Tokens of every example.")
    private int length = 128;

    @Mixin private DeviceOption device;

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        Architecture sizes = PretrainedModel.load(new ModelSource.Embedded()).architecture();
        System.out.printf(
                "%7s %13s %13s %13s %9s %9s %9s %11s %8s %9s%n",
                "threads",
                "GEMM 2048^3",
                "GEMM model",
                "frozen model",
                "step p50",
                "step p10",
                "step p90",
                "step rate",
                "of GEMM",
                "of frozen");
        List<Figures> ofThreads = new ArrayList<>();
        for (int count : threads) {
            Figures figures = measure(count, sizes);
            print(figures);
            ofThreads.add(figures);
        }
        json.write(ofThreads);
        return 0;
    }

    private Figures measure(int count, Architecture sizes) throws Exception {
        TrainingTemplate template =
                MailConfig.of(MailStream.open(), length, batchSize, count, List.of())
                        .adapters()
                        .template(MailStream.SPAM_ADAPTER)
                        .orElseThrow();
        int rows = batchSize * length;
        double[] millis = new double[steps];
        List<Double> square = new ArrayList<>();
        List<Double> model = new ArrayList<>();
        List<Double> frozen = new ArrayList<>();
        int hidden = sizes.hiddenSize();
        int wide = widest(sizes);
        try (Learner learner = Learner.open(new ModelSource.Embedded(), count, device.place());
                ResidentAdapter adapter =
                        learner.admit(learner.create("step", template), template)) {
            IntStream.range(0, WARM_UP_STEPS).forEach(i -> adapter.train(batch(i, sizes)));
            for (int i = 0; i < steps; i++) {
                if (i % 5 == 0) {
                    square.add(GemmRate.ofMatrixProduct(device.place(), count, 2048, 2048, 2048));
                    model.add(GemmRate.ofMatrixProduct(device.place(), count, rows, hidden, wide));
                    frozen.add(GemmRate.ofFrozenProduct(device.place(), count, rows, hidden, wide));
                }
                List<TrainingExample> batch = batch(WARM_UP_STEPS + i, sizes);
                long start = System.nanoTime();
                adapter.train(batch);
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        double median = millis[steps / 2];
        return new Figures(
                count,
                median(square),
                median(model),
                median(frozen),
                median,
                millis[steps / 10],
                millis[steps * 9 / 10],
                flops(sizes, template.initRank()) / median / 1e6);
    }

    private static void print(Figures figures) {
        System.out.printf(
                Locale.ROOT,
                "%7d %5.0f GFLOP/s %5.0f GFLOP/s %5.0f GFLOP/s %6.0f ms %6.0f ms %6.0f ms"
                        + " %3.0f GFLOP/s %7.0f%% %8.0f%%%n",
                figures.threads(),
                figures.squareRate(),
                figures.modelRate(),
                figures.frozenRate(),
                figures.p50Millis(),
                figures.p10Millis(),
                figures.p90Millis(),
                figures.stepRate(),
                100 * figures.shareOfMatrixProduct(),
                100 * figures.shareOfFrozenProduct());
    }

    private List<TrainingExample> batch(long seed, Architecture sizes) {
        return RandomBatch.of(seed, batchSize, length, sizes.vocabSize());
    }

    /**
     * Floating-point operations that no implementation can avoid: the products of the forward pass,
     * the gradients by their inputs (none below the first adapted layer), and the low-rank path.
     */
    private static int widest(Architecture sizes) {
        return sizes.linearLayers().stream().mapToInt(ModuleShape::out).max().orElseThrow();
    }

    private double flops(Architecture sizes, int rank) {
        double tokens = (double) batchSize * length;
        double hidden = sizes.hiddenSize();
        double wide = widest(sizes);
        double linear = 2 * (4 * hidden * hidden + 2 * hidden * wide);
        double attention = 2 * 2 * length * hidden;
        double forward = sizes.layers() * (linear + attention);
        double backward = sizes.layers() * (linear + 2 * attention) - 2 * 3 * hidden * hidden;
        double inputsAndOutputs = 4 * 2 * hidden + 2 * (hidden + wide);
        double lowRank = sizes.layers() * 3 * 2 * rank * inputsAndOutputs;
        return tokens * (forward + backward + lowRank);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
