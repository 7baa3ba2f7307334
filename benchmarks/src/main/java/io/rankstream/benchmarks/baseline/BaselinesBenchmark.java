package io.rankstream.benchmarks.baseline;

import io.rankstream.benchmarks.drift.LabeledStream;
import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.demo.MailStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** AdaLoRA beside what it has to beat, at equal average ranks, each at its own best rate. */
@Command(
        name = "baselines",
        description = {
            "Prequential accuracy of AdaLoRA with either schedule, LoRA, SVD-LoRA without pruning and"
                    + " the head alone, at equal average ranks. The mixture is off. The learning rate"
                    + " of each method and rank is the best of a grid, for each stream, on one seed"
                    + " over the start of the stream; a grid whose best rate is its highest or lowest"
                    + " is continued by factors of two. The head is tuned first, alone, and keeps its"
                    + " rate beside every other method."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class BaselinesBenchmark implements Callable<Integer> {

    private enum Stream {
        LIST,
        SPAM,
        /** Files alone. */
        NONE
    }

    private static final long TUNING_SEED = 1;

    @Option(
            names = "--model",
            paramLabel = "DIRECTORY",
            description = "Base model, as model.directory; all-MiniLM-L6-v2 if not given.")
    private Optional<Path> model = Optional.empty();

    @Option(
            names = "--streams",
            split = ",",
            description = "Mails of these adapters of the demo, of ${COMPLETION-CANDIDATES}.")
    private List<Stream> streams = List.of(Stream.LIST, Stream.SPAM);

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "One more stream: JSON lines with text and label.")
    private List<Path> files = List.of();

    @Option(names = "--ranks", split = ",", description = "Average ranks in the end.")
    private List<Integer> ranks = List.of(1, 2, 4, 8);

    @Option(names = "--methods", split = ",", description = "Methods: ${COMPLETION-CANDIDATES}.")
    private List<Method> methods = List.of(Method.values());

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 32;

    @Option(names = "--batch-size", description = "Examples of a step.")
    private int batchSize = 8;

    @Option(
            names = "--examples",
            description = "First N examples of a stream.",
            defaultValue = "2147483647")
    private int examples;

    @Option(
            names = "--tuning-examples",
            description = "First N examples of a stream, to choose the rate on.")
    private int tuningExamples = 2000;

    @Option(names = "--grid", split = ",", description = "Learning rates to begin with.")
    private List<Double> grid = List.of(1e-3, 2e-3, 4e-3);

    @Option(
            names = "--head-grid",
            split = ",",
            description = "Learning rates of the head to begin with.")
    private List<Double> headGrid = List.of(1.6e-2, 3.2e-2, 6.4e-2);

    @Option(names = "--seeds", split = ",", description = "Seeds of the runs at the best rate.")
    private List<Long> seeds = List.of(42L, 43L, 44L);

    @Option(names = "--threads", description = "Threads that train; 0: all cores.")
    private int threads;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Keeps every finished run; those found there are not run again.")
    private Optional<Path> json = Optional.empty();

    private BaselineFile finished;

    /** A method at a rank, on a stream. */
    private record Contestant(LabeledStream stream, Method method, int rank) {

        @Override
        public String toString() {
            return method.hasRank() ? method.title() + ", rank " + rank : method.title();
        }
    }

    @Override
    public Integer call() throws Exception {
        finished = BaselineFile.open(json);
        MailStream mails = MailStream.open();
        for (Stream stream : streams) {
            switch (stream) {
                case LIST -> compare(LabeledStream.natural(mails, MailStream.LIST_ADAPTER));
                case SPAM -> compare(LabeledStream.natural(mails, MailStream.SPAM_ADAPTER));
                case NONE -> {}
            }
        }
        for (Path file : files) {
            compare(LabeledStream.read(file));
        }
        return 0;
    }

    private void compare(LabeledStream stream) throws Exception {
        double headRate =
                bestRate(new Contestant(stream, Method.HEAD, 0), headGrid, OptionalDouble.empty());
        List<String> lines = new ArrayList<>();
        double majority = 0;
        for (Contestant contestant : contestants(stream)) {
            double rate =
                    contestant.method().hasRank()
                            ? bestRate(contestant, grid, OptionalDouble.of(headRate))
                            : headRate;
            List<BaselineRun> runs = new ArrayList<>();
            for (long seed : seeds) {
                runs.add(run(contestant, rate, headRate, seed, examples));
            }
            majority = runs.get(0).majority();
            lines.add(line(contestant, rate, runs));
        }
        System.out.printf(
                Locale.ROOT,
                "%n%s, %s, majority class %.4f, rate of the head %.1e%n%-32s %7s %9s %25s %25s%n",
                modelName(),
                stream.name(),
                majority,
                headRate,
                "method (mean, min to max)",
                "rate",
                "live",
                "overall",
                "second half");
        lines.forEach(System.out::println);
    }

    private List<Contestant> contestants(LabeledStream stream) {
        List<Contestant> all = new ArrayList<>();
        for (int rank : ranks) {
            methods.stream()
                    .filter(Method::hasRank)
                    .forEach(method -> all.add(new Contestant(stream, method, rank)));
        }
        if (methods.contains(Method.HEAD)) {
            all.add(new Contestant(stream, Method.HEAD, 0));
        }
        return all;
    }

    /**
     * The best learning rate.
     *
     * @param headRate rate of the head; empty where it is the one that is tuned
     */
    private double bestRate(Contestant contestant, List<Double> first, OptionalDouble headRate)
            throws Exception {
        TreeMap<Double, Double> accuracies = new TreeMap<>();
        for (double rate : first) {
            accuracies.put(rate, tuningAccuracy(contestant, rate, headRate.orElse(rate)));
        }
        while (true) {
            double best = best(accuracies);
            boolean highest = best == accuracies.lastKey();
            if (!highest && best != accuracies.firstKey()) {
                return best;
            }
            double next = highest ? best * 2 : best / 2;
            double accuracy = tuningAccuracy(contestant, next, headRate.orElse(next));
            accuracies.put(next, accuracy);
            if (accuracy == accuracies.get(best)) {
                return best;
            }
        }
    }

    /** The highest of those that are equally good. */
    private static double best(NavigableMap<Double, Double> accuracies) {
        return accuracies.descendingKeySet().stream()
                .max(Comparator.comparing(accuracies::get))
                .orElseThrow();
    }

    private double tuningAccuracy(Contestant contestant, double rate, double headRate)
            throws Exception {
        double accuracy = run(contestant, rate, headRate, TUNING_SEED, tuningExamples).overall();
        System.out.printf(
                Locale.ROOT,
                "%-10s %-32s %.1e  %.4f%n",
                contestant.stream().name(),
                contestant,
                rate,
                accuracy);
        return accuracy;
    }

    private BaselineRun run(
            Contestant contestant, double rate, double headRate, long seed, int limit)
            throws Exception {
        LabeledStream stream = contestant.stream();
        int count = Math.min(limit, stream.examples().size());
        BaselineRun.Setting setting =
                new BaselineRun.Setting(
                        modelName(),
                        stream.name(),
                        contestant.method(),
                        contestant.rank(),
                        rate,
                        headRate,
                        seed,
                        count,
                        maxLength,
                        batchSize);
        Optional<BaselineRun> earlier = finished.find(setting);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        BareLoop.Run loop = BareLoop.run(config(stream, setting), stream.first(count).examples());
        BaselineRun run = BaselineRun.of(setting, loop.adapters().values().iterator().next());
        finished.add(run);
        return run;
    }

    private JobConfig config(LabeledStream stream, BaselineRun.Setting setting) throws Exception {
        int steps = (setting.examples() + batchSize - 1) / batchSize;
        List<String> overrides = new ArrayList<>(setting.method().overrides(setting.rank(), steps));
        overrides.add("optimizer.learning-rate: " + setting.learningRate());
        overrides.add("optimizer.head-learning-rate: " + setting.headLearningRate());
        overrides.add("seed: " + setting.seed());
        overrides.add("mixture: false");
        return MailConfig.of(
                model, stream.labels(), maxLength, batchSize, threads, MailConfig.CPU, overrides);
    }

    private String modelName() {
        return model.map(directory -> directory.getFileName().toString())
                .orElse("all-MiniLM-L6-v2");
    }

    private static String line(Contestant contestant, double rate, List<BaselineRun> runs) {
        return String.format(
                Locale.ROOT,
                "%-32s %.1e %9d %25s %25s",
                contestant,
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
