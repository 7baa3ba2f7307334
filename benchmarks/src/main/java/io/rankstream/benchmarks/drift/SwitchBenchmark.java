package io.rankstream.benchmarks.drift;

import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.benchmarks.workload.TopicSwitch;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.ops.demo.MailStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What becomes of the ranks when the data changes: the streaming schedule beside the paper's. */
@Command(
        name = "switch",
        description = {
            "Trains the list adapter on mails of lists for conversation, then on mails of lists"
                    + " about programs, with the streaming schedule and with the paper's finite"
                    + " one, which ends at the switch. Both are the same until their ramp is over."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class SwitchBenchmark implements Callable<Integer> {

    private static final String STREAMING = "streaming";
    private static final String FINITE = "finite";
    private static final int INIT_RANK = 12;
    private static final int WARM_UP = 50;
    private static final int RAMP = 100;
    private static final int MASK_INTERVAL = 10;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 64;

    @Option(names = "--batch-size", description = "Examples a step.")
    private int batchSize = 8;

    @Option(names = "--threads", description = "Threads that train; 0: all cores.")
    private int threads;

    @Option(names = "--seeds", split = ",", description = "Seeds; the figure shows the first.")
    private List<Long> seeds = List.of(42L);

    @Option(names = "--figure", paramLabel = "FILE", description = "Draws the run as PNG.")
    private Optional<Path> figure = Optional.empty();

    @Option(names = "--csv", paramLabel = "FILE", description = "Every step and every live rank.")
    private Optional<Path> csv = Optional.empty();

    private final MailStream mails = MailStream.open();
    private final TopicSwitch stream = TopicSwitch.of(mails);

    @Override
    public Integer call() throws Exception {
        System.out.printf(
                "%d examples before the switch (%d steps), %d after it%n%n",
                stream.before(), switchStep(), stream.after());
        System.out.printf(
                "%5s %-10s %9s %21s %21s %29s%n",
                "", "", "triplets", "Σ |change of rank|", "entries a mask", "accuracy");
        System.out.printf(
                "%5s %-10s %9s %10s %10s %10s %10s %9s %9s %9s%n",
                "seed",
                "schedule",
                "entered",
                "first mask",
                "end",
                "before",
                "after",
                "before",
                "after",
                "last half");
        Map<Long, Map<String, RankHistory>> runs = new LinkedHashMap<>();
        for (long seed : seeds) {
            for (String schedule : List.of(STREAMING, FINITE)) {
                RankHistory run = new RankHistory();
                BareLoop.run(config(schedule, seed), stream.examples(), run);
                runs.computeIfAbsent(seed, s -> new LinkedHashMap<>()).put(schedule, run);
                print(seed, schedule, run);
            }
        }
        if (figure.isPresent()) {
            new SwitchFigure(runs.get(seeds.get(0)), switchStep(), INIT_RANK).write(figure.get());
        }
        if (csv.isPresent()) {
            write(runs, csv.get());
        }
        return 0;
    }

    /** The last step with an example from before the switch. */
    private int switchStep() {
        return (stream.before() + batchSize - 1) / batchSize;
    }

    private JobConfig config(String schedule, long seed) throws ConfigException {
        List<String> budget =
                schedule.equals(STREAMING)
                        ? List.of("budget.ramp-steps: " + RAMP)
                        : List.of(
                                "budget.schedule: finite",
                                "budget.total-steps: " + switchStep(),
                                "budget.final-steps: " + (switchStep() - WARM_UP - RAMP));
        List<String> common =
                List.of(
                        "init-rank: " + INIT_RANK,
                        "budget.warmup-steps: " + WARM_UP,
                        "budget.mask-interval: " + MASK_INTERVAL,
                        "seed: " + seed);
        return MailConfig.of(
                mails,
                maxLength,
                batchSize,
                threads,
                Stream.concat(common.stream(), budget.stream()).toList());
    }

    private void print(long seed, String schedule, RankHistory run) {
        int firstSteady = WARM_UP + RAMP + 1;
        int end = run.steps();
        int before = stream.before();
        int all = before + stream.after();
        System.out.printf(
                Locale.ROOT,
                "%5d %-10s %9d %10d %10d %10.1f %10.1f %9.4f %9.4f %9.4f%n",
                seed,
                schedule,
                run.entered(switchStep(), end),
                run.rankChange(switchStep(), firstMask()),
                run.rankChange(switchStep(), end),
                run.entries(firstSteady, switchStep()) / masks(firstSteady, switchStep()),
                run.entries(switchStep(), end) / masks(switchStep(), end),
                run.accuracy(0, before),
                run.accuracy(before, all),
                run.accuracy(before + stream.after() / 2, all));
    }

    /** The step of the first mask after the switch; steps of a mask follow a multiple of ΔT. */
    private int firstMask() {
        return (switchStep() + MASK_INTERVAL - 1) / MASK_INTERVAL * MASK_INTERVAL + 1;
    }

    private static double masks(int from, int to) {
        return (to - from) / (double) MASK_INTERVAL;
    }

    private static void write(Map<Long, Map<String, RankHistory>> runs, Path file)
            throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            List<String> modules = runs.values().iterator().next().get(STREAMING).modules();
            out.println("seed,schedule,step,examples,right," + String.join(",", modules));
            runs.forEach((seed, of) -> of.forEach((name, run) -> write(out, seed, name, run)));
        }
    }

    private static void write(PrintWriter out, long seed, String schedule, RankHistory run) {
        for (int step = 1; step <= run.steps(); step++) {
            out.printf(
                    "%d,%s,%d,%d,%d,%s%n",
                    seed,
                    schedule,
                    step,
                    run.seen(step),
                    run.right(0, run.seen(step)),
                    Arrays.stream(run.ranks(step))
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(",")));
        }
    }
}
