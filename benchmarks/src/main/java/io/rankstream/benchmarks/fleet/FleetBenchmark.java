package io.rankstream.benchmarks.fleet;

import io.rankstream.benchmarks.fleet.FleetReport.Checkpoints;
import io.rankstream.benchmarks.fleet.FleetReport.Size;
import io.rankstream.benchmarks.fleet.FleetReport.Traffic;
import io.rankstream.benchmarks.job.JobBench;
import io.rankstream.benchmarks.job.MeasuredJob;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.measure.ResidentMemory;
import io.rankstream.benchmarks.workload.TenantMails;
import io.rankstream.benchmarks.workload.ZipfLaw;
import io.rankstream.schemas.LabeledExample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * One job over a fleet of adapters that is larger than its cache. The fleet grows by tens; at each
 * size, a known number of adapters learns one example between two checkpoints. In the end, traffic
 * after Zipf's law goes to all of them.
 */
@Command(
        name = "fleet",
        description = {
            "Checkpoints by the number of adapters and of those that have changed, then"
                    + " throughput, hit rate of the cache and memory under Zipf traffic, all in"
                    + " one job."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class FleetBenchmark implements Callable<Integer> {

    private static final int SMALLEST = 10;
    private static final int BATCH = 4;
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

    @Option(names = "--adapters", description = "Adapters in the end.")
    private int adapters = 1000;

    @Option(names = "--examples", description = "Examples of the traffic.")
    private int examples = 3000;

    @Option(names = "--rank", description = "Initial rank of every adapter.")
    private int rank = 4;

    @Option(names = "--cache-size", description = "Adapters kept ready to train.")
    private String cacheSize = "512 mb";

    @Option(
            names = "--changes",
            description = "How often each adapter changes in a row, on average.")
    private int changes = 3;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 32;

    @Option(names = "--exponent", description = "Exponent of Zipf's law.")
    private double exponent = 1;

    @Option(names = "--seed", description = "Seed of who gets which example.")
    private long seed = 42;

    @Option(names = "--set", description = "Another line of the configuration.")
    private List<String> more = List.of();

    @Mixin private FiguresFile json = new FiguresFile();

    private final TenantMails mails = new TenantMails();
    private Random random;

    @Override
    public Integer call() throws Exception {
        random = new Random(seed);
        try (JobBench bench = JobBench.open(settings())) {
            json.write(measure(bench));
        }
        return 0;
    }

    private List<String> settings() {
        List<String> settings = new ArrayList<>();
        settings.add("model.max-length: " + maxLength);
        settings.add("batch.max-examples: " + BATCH);
        settings.add("batch.linger: 100 ms");
        settings.add("train.max-adapters: " + adapters);
        settings.add("train.cache-size: " + cacheSize);
        settings.add("training.init-rank: " + rank);
        settings.add("training.budget.target-rank: " + Math.max(1, 2 * rank / 3));
        // checkpoints are asked for; the pause keeps the first of Flink's own from coming early
        settings.add("flink.execution.checkpointing.interval: 9 min");
        settings.add("flink.execution.checkpointing.min-pause: 9 min");
        settings.addAll(more);
        return settings;
    }

    private FleetReport measure(JobBench bench) throws Exception {
        try (Fleet fleet = Fleet.start(bench)) {
            List<Size> sizes = new ArrayList<>();
            List<Checkpoints> costs = new ArrayList<>();
            System.out.println(Checkpoints.HEADER);
            int created = 0;
            for (int size : sizes()) {
                fleet.learn(oneEach(IntStream.range(created, size).boxed().toList()));
                created = size;
                sizes.add(size(fleet, size, fleet.job().takeCheckpoint()));
                for (int dirty : sizesUpTo(size)) {
                    Checkpoints cost = checkpoints(fleet, size, dirty);
                    System.out.println(cost);
                    costs.add(cost);
                }
            }
            System.out.printf("%n%s%n", Size.HEADER);
            sizes.forEach(System.out::println);
            Traffic traffic = traffic(fleet);
            System.out.printf("%n%s%n%s%n", Traffic.HEADER, traffic);
            return new FleetReport(
                    rank, MemorySize.parse(cacheSize).getBytes(), sizes, costs, traffic);
        }
    }

    /** Powers of ten, and all adapters in the end. */
    private List<Integer> sizes() {
        return IntStream.concat(
                        IntStream.iterate(SMALLEST, size -> size < adapters, size -> 10 * size),
                        IntStream.of(adapters))
                .boxed()
                .toList();
    }

    private List<Integer> sizesUpTo(int most) {
        return sizes().stream().filter(size -> size <= most).toList();
    }

    private static Size size(Fleet fleet, int size, MeasuredJob.Checkpoint checkpoint)
            throws Exception {
        Fleet.Counts counts = fleet.counts();
        return new Size(
                size,
                checkpoint.stateBytes(),
                counts.residentAdapters(),
                counts.residentBytes(),
                ResidentMemory.mebibytes());
    }

    /** As many checkpoints as it takes for all rows to write equally much for each adapter. */
    private Checkpoints checkpoints(Fleet fleet, int size, int dirty) throws Exception {
        List<Integer> tenants = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        List<MeasuredJob.Checkpoint> taken = new ArrayList<>();
        for (int i = 0; i < changes * size / dirty; i++) {
            Collections.shuffle(tenants, random);
            fleet.learn(oneEach(tenants.subList(0, dirty)));
            taken.add(fleet.job().takeCheckpoint());
        }
        return Checkpoints.of(size, dirty, taken);
    }

    private List<LabeledExample> oneEach(List<Integer> tenants) {
        return tenants.stream().map(mails::next).toList();
    }

    private Traffic traffic(Fleet fleet) throws Exception {
        List<LabeledExample> stream = zipfStream();
        Fleet.Counts before = fleet.counts();
        long start = System.nanoTime();
        fleet.send(stream);
        List<String> requests = new ArrayList<>();
        while (!fleet.hasLearnedAll()) {
            if (System.nanoTime() - start > requests.size() * CHECKPOINT_INTERVAL.toNanos()) {
                requests.add(fleet.job().triggerCheckpoint());
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        for (String request : requests) {
            fleet.job().await(request);
        }
        Fleet.Counts after = fleet.counts();
        long hits = after.hits() - before.hits();
        long misses = after.misses() - before.misses();
        return new Traffic(
                stream.stream().map(LabeledExample::getAdapterId).distinct().count(),
                stream.size(),
                after.steps() - before.steps(),
                seconds,
                (double) hits / (hits + misses),
                // whoever came in and did not make the cache larger has taken another's place
                misses - (after.residentAdapters() - before.residentAdapters()),
                ResidentMemory.mebibytes());
    }

    /** Busy and idle tenants are mixed: which is which does not follow from when they came. */
    private List<LabeledExample> zipfStream() {
        List<Integer> tenants = new ArrayList<>(IntStream.range(0, adapters).boxed().toList());
        Collections.shuffle(tenants, random);
        ZipfLaw law = new ZipfLaw(adapters, exponent);
        return IntStream.range(0, examples)
                .mapToObj(i -> mails.next(tenants.get(law.draw(random))))
                .toList();
    }
}
