package io.rankstream.benchmarks.baseline;

import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** AdaLoRA beside what it has to beat, each at its own best learning rate for each adapter. */
@Command(
        name = "baselines",
        description = {
            "Prequential accuracy on the mail stream of AdaLoRA, LoRA, SVD-LoRA without pruning and"
                    + " the head alone. The learning rate of each is the best of a grid, for each"
                    + " adapter, on one seed over the start of the adapter's examples; a grid whose"
                    + " best rate is its highest or lowest is continued by factors of two. The head"
                    + " is tuned first, alone, and keeps its rate beside every other method."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class BaselinesBenchmark implements Callable<Integer> {

    private static final int BATCH_SIZE = 16;
    private static final long TUNING_SEED = 1;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 32;

    @Option(
            names = "--examples",
            description = "First N examples of an adapter.",
            defaultValue = "2147483647")
    private int examples;

    @Option(
            names = "--tuning-examples",
            description = "First N examples of an adapter, to choose the rate on.")
    private int tuningExamples = 1500;

    @Option(names = "--grid", split = ",", description = "Learning rates to begin with.")
    private List<Double> grid = List.of(2.5e-4, 5e-4, 1e-3, 2e-3, 4e-3);

    @Option(names = "--seeds", split = ",", description = "Seeds of the runs at the best rate.")
    private List<Long> seeds = List.of(42L, 43L, 44L);

    @Option(names = "--adapters", split = ",", description = "Adapters to run.")
    private List<String> adapters = List.of("list", "spam");

    @Option(names = "--methods", split = ",", description = "Methods: ${COMPLETION-CANDIDATES}.")
    private List<Baseline> methods = List.of(Baseline.values());

    @Option(names = "--threads", description = "Threads that train; 0: all cores.")
    private int threads;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Keeps every finished run; those found there are not run again.")
    private Optional<Path> json = Optional.empty();

    private final MailStream mails = MailStream.open();
    private BaselineFile finished;

    @Override
    public Integer call() throws Exception {
        finished = BaselineFile.open(json);
        for (String adapter : adapters) {
            compare(adapter);
        }
        return 0;
    }

    private void compare(String adapter) throws Exception {
        TreeMap<Baseline, Double> rates = new TreeMap<>();
        double headRate = bestRate(Baseline.HEAD, adapter, OptionalDouble.empty());
        for (Baseline method : methods) {
            rates.put(
                    method,
                    method == Baseline.HEAD
                            ? headRate
                            : bestRate(method, adapter, OptionalDouble.of(headRate)));
        }
        TreeMap<Baseline, List<BaselineRun>> runs = new TreeMap<>();
        for (long seed : seeds) {
            for (Baseline method : methods) {
                runs.computeIfAbsent(method, first -> new ArrayList<>())
                        .add(run(method, adapter, rates.get(method), headRate, seed, examples));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%n%s, majority class %.4f%n%-26s %7s %9s %25s %25s%n",
                adapter,
                runs.firstEntry().getValue().get(0).majority(),
                "method (mean, min to max)",
                "rate",
                "live",
                "overall",
                "second half");
        runs.forEach((method, own) -> print(method, rates.get(method), own));
    }

    /**
     * The best learning rate.
     *
     * @param headRate rate of the head; empty where it is the one that is tuned
     */
    private double bestRate(Baseline method, String adapter, OptionalDouble headRate)
            throws Exception {
        TreeMap<Double, Double> accuracies = new TreeMap<>();
        for (double rate : grid) {
            accuracies.put(rate, tuningAccuracy(method, adapter, rate, headRate.orElse(rate)));
        }
        while (true) {
            double best =
                    accuracies.keySet().stream()
                            .max(Comparator.comparing(accuracies::get))
                            .orElseThrow();
            if (best == accuracies.lastKey()) {
                accuracies.put(
                        best * 2,
                        tuningAccuracy(method, adapter, best * 2, headRate.orElse(best * 2)));
            } else if (best == accuracies.firstKey()) {
                accuracies.put(
                        best / 2,
                        tuningAccuracy(method, adapter, best / 2, headRate.orElse(best / 2)));
            } else {
                return best;
            }
        }
    }

    private double tuningAccuracy(Baseline method, String adapter, double rate, double headRate)
            throws Exception {
        double accuracy =
                run(method, adapter, rate, headRate, TUNING_SEED, tuningExamples).overall();
        System.out.printf(
                Locale.ROOT, "%-5s %-26s %.1e  %.4f%n", adapter, method.title(), rate, accuracy);
        return accuracy;
    }

    private BaselineRun run(
            Baseline method, String adapter, double rate, double headRate, long seed, int limit)
            throws Exception {
        BaselineRun.Setting setting =
                new BaselineRun.Setting(method, adapter, rate, headRate, seed, limit, maxLength);
        Optional<BaselineRun> earlier = finished.find(setting);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        List<LabeledExample> own = mails.examplesOf(adapter).stream().limit(limit).toList();
        BareLoop.Run loop = BareLoop.run(config(setting), own);
        BaselineRun run = BaselineRun.of(setting, loop.adapters().get(adapter));
        finished.add(run);
        return run;
    }

    private JobConfig config(BaselineRun.Setting setting) throws Exception {
        List<String> overrides = new ArrayList<>(setting.method().overrides());
        overrides.add("optimizer.learning-rate: " + setting.learningRate());
        overrides.add("optimizer.head-learning-rate: " + setting.headLearningRate());
        overrides.add("seed: " + setting.seed());
        return MailConfig.of(mails, setting.maxLength(), BATCH_SIZE, threads, overrides);
    }

    private static void print(Baseline method, double rate, List<BaselineRun> runs) {
        System.out.printf(
                Locale.ROOT,
                "%-26s %.1e %9d %25s %25s%n",
                method.title(),
                rate,
                runs.get(0).liveParameters(),
                spread(runs, BaselineRun::overall),
                spread(runs, BaselineRun::secondHalf));
    }

    private static String spread(List<BaselineRun> runs, ToDoubleFunction<BaselineRun> figure) {
        DoubleSummaryStatistics values = runs.stream().mapToDouble(figure).summaryStatistics();
        return String.format(
                Locale.ROOT,
                "%.4f (%.4f to %.4f)",
                values.getAverage(),
                values.getMin(),
                values.getMax());
    }
}
