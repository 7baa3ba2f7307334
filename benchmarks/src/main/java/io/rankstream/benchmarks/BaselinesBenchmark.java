package io.rankstream.benchmarks;

import io.rankstream.job.config.ConfigException;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** AdaLoRA beside what it has to beat, each at its own best learning rate. */
@Command(
        name = "baselines",
        description = {
            "Prequential accuracy on the mail stream of AdaLoRA, LoRA, SVD-LoRA without pruning and"
                    + " the head alone. The learning rate of each method on each adapter is the"
                    + " best of a grid, on one seed over the start of the stream; a grid whose best"
                    + " rate is its highest or lowest is continued by factors of two."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class BaselinesBenchmark implements Callable<Integer> {

    private static final int BATCH_SIZE = 16;
    private static final long TUNING_SEED = 1;

    /** What is compared: a method on the examples of an adapter. */
    private record Contender(Baseline method, String adapter) {}

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 32;

    @Option(
            names = "--examples",
            description = "First N examples of each adapter.",
            defaultValue = "2147483647")
    private int examples;

    @Option(
            names = "--tuning-examples",
            description = "First N examples of each adapter, to choose the rate on.")
    private int tuningExamples = 1500;

    @Option(
            names = "--grid",
            split = ",",
            description = "Learning rates, of the low-rank updates and of the head alike.")
    private List<Double> grid = List.of(2e-3, 4e-3);

    @Option(names = "--seeds", split = ",", description = "Seeds of the runs at the best rate.")
    private List<Long> seeds = List.of(42L, 43L, 44L);

    @Option(names = "--threads", description = "Threads of the tensor library; 0: all cores.")
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
        Map<Contender, Double> rates = new LinkedHashMap<>();
        for (String adapter : mails.labels().keySet()) {
            for (Baseline method : Baseline.values()) {
                Contender contender = new Contender(method, adapter);
                rates.put(contender, bestRate(contender));
            }
        }
        // Seed after seed, so that a run that is cut has compared all of them on the first ones.
        for (long seed : seeds) {
            for (Map.Entry<Contender, Double> entry : rates.entrySet()) {
                run(entry.getKey(), entry.getValue(), seed, examples);
            }
        }
        System.out.printf(
                "%n%-8s %-26s %7s %9s %25s %25s%n",
                "adapter", "method (mean, min to max)", "rate", "live", "overall", "second half");
        for (Map.Entry<Contender, Double> entry : rates.entrySet()) {
            print(entry.getKey(), entry.getValue());
        }
        return 0;
    }

    private double bestRate(Contender contender) throws IOException, ConfigException {
        TreeMap<Double, Double> accuracies = new TreeMap<>();
        for (double rate : grid) {
            accuracies.put(rate, tuningAccuracy(contender, rate));
        }
        while (true) {
            double best =
                    accuracies.keySet().stream()
                            .max(Comparator.comparing(accuracies::get))
                            .orElseThrow();
            if (best == accuracies.lastKey()) {
                accuracies.put(best * 2, tuningAccuracy(contender, best * 2));
            } else if (best == accuracies.firstKey()) {
                accuracies.put(best / 2, tuningAccuracy(contender, best / 2));
            } else {
                return best;
            }
        }
    }

    private double tuningAccuracy(Contender contender, double rate)
            throws IOException, ConfigException {
        double accuracy = run(contender, rate, TUNING_SEED, tuningExamples).overall();
        System.out.printf(
                Locale.ROOT,
                "%-8s %-26s %7.1e %9s %.4f%n",
                contender.adapter(),
                contender.method().title(),
                rate,
                "tuning",
                accuracy);
        return accuracy;
    }

    private BaselineRun run(Contender contender, double rate, long seed, int limit)
            throws IOException, ConfigException {
        BaselineRun.Setting setting =
                new BaselineRun.Setting(
                        contender.method(), contender.adapter(), rate, seed, limit, maxLength);
        Optional<BaselineRun> earlier = finished.find(setting);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        List<LabeledExample> own =
                mails.examples(Integer.MAX_VALUE).stream()
                        .filter(example -> example.getAdapterId().equals(setting.adapter()))
                        .limit(limit)
                        .toList();
        BaselineRun run = BaselineRun.of(setting, BareLoop.run(config(setting), own));
        finished.add(run);
        return run;
    }

    private JobConfig config(BaselineRun.Setting setting) throws ConfigException {
        List<String> overrides = new ArrayList<>(setting.method().overrides());
        overrides.add("optimizer.learning-rate: " + setting.learningRate());
        overrides.add("optimizer.head-learning-rate: " + setting.learningRate());
        overrides.add("seed: " + setting.seed());
        return MailConfig.of(mails, setting.maxLength(), BATCH_SIZE, threads, overrides);
    }

    private void print(Contender contender, double rate) throws IOException, ConfigException {
        List<BaselineRun> runs = new ArrayList<>();
        for (long seed : seeds) {
            runs.add(run(contender, rate, seed, examples));
        }
        System.out.printf(
                Locale.ROOT,
                "%-8s %-26s %7.1e %9d %25s %25s%n",
                contender.adapter(),
                contender.method().title(),
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
