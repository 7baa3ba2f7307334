package io.rankstream.benchmarks.fleet;

import io.rankstream.adapters.fleet.FleetAccount;
import io.rankstream.adapters.fleet.FleetBudget;
import io.rankstream.adapters.fleet.FleetNeed;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.benchmarks.drift.LabeledStream;
import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What it brings that adapters share one rank budget. */
@Command(
        name = "fleet-budget",
        description =
                "Accuracy of adapters whose streams are mingled, each with the same rank budget, or"
                        + " all with one that moves between them.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class FleetBudgetBenchmark implements Callable<Integer> {

    /** Linear layers of the default base model that are adapted. */
    private static final int MODULES = 36;

    private enum Division {
        /** Each adapter has the same. */
        UNIFORM,
        /** The fleet's. */
        FLEET
    }

    /**
     * How a run went.
     *
     * @param accuracy by adapter, over its whole stream
     * @param secondHalf the same over the second half
     * @param budgets triplets by adapter at the end
     */
    public record Figures(
            String division,
            int averageRank,
            boolean mixture,
            long seed,
            SortedMap<String, Double> accuracy,
            SortedMap<String, Double> secondHalf,
            SortedMap<String, Integer> budgets) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-8s %4d %-7s %4d  %.4f %.4f  %s",
                    division,
                    averageRank,
                    mixture,
                    seed,
                    mean(accuracy),
                    mean(secondHalf),
                    accuracy.keySet().stream()
                            .map(this::ofAdapter)
                            .collect(Collectors.joining("  ")));
        }

        private String ofAdapter(String id) {
            return String.format(
                    Locale.ROOT,
                    "%s %.4f %.4f %d",
                    id,
                    accuracy.get(id),
                    secondHalf.get(id),
                    budgets.get(id));
        }

        private static double mean(SortedMap<String, Double> values) {
            return values.values().stream().mapToDouble(v -> v).average().orElseThrow();
        }
    }

    @Option(
            names = "--file",
            required = true,
            paramLabel = "FILE",
            description = "The stream of one adapter: JSON lines with text and label.")
    private List<Path> files = List.of();

    @Option(names = "--mails", description = "Mails of spam, and as many of list.")
    private int mails = 400;

    @Option(names = "--divisions", split = ",", description = "Of ${COMPLETION-CANDIDATES}.")
    private List<Division> divisions = List.of(Division.values());

    @Option(names = "--ranks", split = ",", description = "Average ranks of a module.")
    private List<Integer> ranks = List.of(1, 2, 4);

    @Option(
            names = "--mixture",
            arity = "1",
            split = ",",
            description = "Whether the online head and the words speak too, or the head alone.")
    private List<Boolean> mixtures = List.of(false);

    @Option(names = "--interval", description = "Examples between two allocations.")
    private int interval = 400;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 64;

    @Option(names = "--batch-size", description = "Examples a step.")
    private int batchSize = 4;

    @Option(names = "--threads", description = "Threads that train; 0: all cores.")
    private int threads;

    @Option(names = "--seeds", split = ",", description = "Seeds.")
    private List<Long> seeds = List.of(42L, 43L, 44L);

    @Option(
            names = "--set",
            paramLabel = "KEY: VALUE",
            description = "Training option, e.g. --set 'budget.ramp-examples: 100'.")
    private List<String> overrides = List.of();

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        List<LabeledStream> streams = new ArrayList<>();
        for (Path file : files) {
            streams.add(LabeledStream.read(file));
        }
        MailStream all = MailStream.open();
        for (String adapter : List.of(MailStream.SPAM_ADAPTER, MailStream.LIST_ADAPTER)) {
            streams.add(LabeledStream.natural(all, adapter).first(mails));
        }
        System.out.println(
                "division rank mixture seed  mean second half  of each adapter: accuracy, second half, triplets");
        List<Figures> figures = new ArrayList<>();
        for (boolean mixture : mixtures) {
            for (int rank : ranks) {
                for (long seed : seeds) {
                    for (Division division : divisions) {
                        figures.add(run(streams, division, rank, mixture, seed));
                        System.out.println(figures.get(figures.size() - 1));
                        json.write(figures);
                    }
                }
            }
        }
        return 0;
    }

    private Figures run(
            List<LabeledStream> streams, Division division, int rank, boolean mixture, long seed)
            throws ConfigException, IOException {
        Map<String, List<String>> labels = new TreeMap<>();
        streams.forEach(stream -> labels.putAll(stream.labels()));
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "seed: " + seed,
                                "mixture: " + mixture,
                                "budget.target-rank: " + rank));
        lines.addAll(overrides);
        JobConfig config =
                MailConfig.of(labels, maxLength, batchSize, threads, MailConfig.CPU, lines);
        Sharing sharing = new Sharing(division, rank, streams.size());
        BareLoop.Run run = BareLoop.run(config, mingled(streams), sharing);
        return new Figures(
                division.name().toLowerCase(Locale.ROOT),
                rank,
                mixture,
                seed,
                figures(run, result -> result.score().accuracy()),
                figures(run, BareLoop.Result::secondHalf),
                sharing.budgets());
    }

    private interface Figure {
        double of(BareLoop.Result result);
    }

    private static SortedMap<String, Double> figures(BareLoop.Run run, Figure figure) {
        SortedMap<String, Double> figures = new TreeMap<>();
        run.adapters().forEach((id, result) -> figures.put(id, figure.of(result)));
        return figures;
    }

    /** All streams as one, each spread evenly over it. */
    private static List<LabeledExample> mingled(List<LabeledStream> streams) {
        record Placed(double place, LabeledExample example) {}
        List<Placed> placed = new ArrayList<>();
        for (LabeledStream stream : streams) {
            int size = stream.examples().size();
            for (int i = 0; i < size; i++) {
                placed.add(new Placed((i + .5) / size, stream.examples().get(i)));
            }
        }
        return placed.stream()
                .sorted(Comparator.comparingDouble(Placed::place))
                .map(Placed::example)
                .toList();
    }

    /** The budget that the adapters of a run share. */
    private final class Sharing implements BareLoop.StepListener {

        private final boolean moves;
        private final int even;
        private final FleetBudget budget;
        private final SortedMap<String, FleetAccount> accounts = new TreeMap<>();
        private final Map<String, ResidentAdapter> adapters = new TreeMap<>();
        private final SortedMap<String, Integer> live = new TreeMap<>();
        private long examples;
        private long allocated;

        Sharing(Division division, int rank, int adapters) {
            this.moves = division != Division.UNIFORM;
            this.even = MODULES * rank;
            this.budget = new FleetBudget(even * adapters);
        }

        @Override
        public void trained(ResidentAdapter adapter, List<Boolean> hits) {
            examples += hits.size();
            live.put(adapter.meta().adapterId(), adapter.budget().liveTriplets());
        }

        @Override
        public void reported(ResidentAdapter adapter, StepReport report) {
            if (!moves || report.importance().isEmpty()) {
                return;
            }
            String id = adapter.meta().adapterId();
            int target = adapter.budget().target();
            FleetNeed need =
                    new FleetNeed(
                            report.step(),
                            report.score().examples(),
                            report.importance().get(),
                            adapter.budget().live().length,
                            target == BudgetState.OF_SCHEDULE ? even : target,
                            false);
            boolean isNew = adapters.put(id, adapter) == null;
            accounts.merge(id, FleetAccount.opened(need), (known, opened) -> known.after(need));
            if (isNew || examples - allocated >= interval) {
                allocated = examples;
                budget.allocate(accounts);
                for (int round = 0; round < 2; round++) {
                    budget.asks(accounts).forEach(this::set);
                }
            }
        }

        private void set(String id, int triplets) {
            adapters.get(id).setBudgetTarget(triplets);
            accounts.computeIfPresent(id, (known, a) -> a.withTarget(triplets, false, true));
        }

        SortedMap<String, Integer> budgets() {
            return live;
        }
    }
}
