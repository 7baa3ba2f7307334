package io.rankstream.benchmarks.job;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.measure.ResidentMemory;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.benchmarks.workload.RandomBatch;
import io.rankstream.ops.demo.MailStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Resident memory of the process over many training steps. */
@Command(
        name = "memory",
        description = "Resident memory over many steps; it should stay flat.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class MemoryBenchmark implements Callable<Integer> {

    /** Resident memory of the process after so many steps. */
    private record Sample(int steps, double mebibytes) {}

    private static final int FIRST_WORD = 1000;
    private static final int LAST_WORD = 30_000;

    @Option(names = "--steps", description = "Training steps.")
    private int steps = 2000;

    @Option(names = "--batch-size", description = "Examples a step.")
    private int batchSize = 4;

    @Option(names = "--max-length", description = "Tokens of the longest example.")
    private int maxLength = 48;

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        TrainingTemplate template =
                MailConfig.of(MailStream.open(), maxLength, batchSize, 0, List.of())
                        .adapters()
                        .template(MailStream.SPAM_ADAPTER)
                        .orElseThrow();
        try (Learner learner = Learner.open(new ModelSource.Embedded(), 0);
                ResidentAdapter adapter =
                        learner.admit(learner.create("memory", template), template)) {
            List<Sample> samples = new ArrayList<>();
            System.out.printf("%7s %14s%n", "steps", "resident");
            for (int step = 0; step <= steps; step++) {
                if (step % Math.max(1, steps / 10) == 0) {
                    Sample sample = new Sample(step, ResidentMemory.mebibytes());
                    System.out.printf(
                            Locale.ROOT, "%7d %10.1f MiB%n", sample.steps(), sample.mebibytes());
                    samples.add(sample);
                }
                adapter.train(batch(step));
            }
            json.write(samples);
        }
        return 0;
    }

    private List<TrainingExample> batch(long seed) {
        Random random = new Random(seed);
        List<TrainingExample> batch = new ArrayList<>();
        for (int i = 0; i < batchSize; i++) {
            int length = 3 + random.nextInt(maxLength - 2);
            int[] ids = random.ints(length, FIRST_WORD, LAST_WORD).toArray();
            batch.add(new TrainingExample(ids, RandomBatch.target(random.nextInt(2)), false));
        }
        return batch;
    }
}
