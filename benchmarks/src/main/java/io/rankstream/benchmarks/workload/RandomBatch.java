package io.rankstream.benchmarks.workload;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.training.TrainingExample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Micro-batches of random tokens, all of one length. */
public final class RandomBatch {
    /** Labels of the examples. */
    public static final List<String> LABELS = List.of("ham", "spam");

    private RandomBatch() {}

    /** One of {@link #LABELS}. */
    public static Target target(int label) {
        return new Target.Label(LABELS.get(label));
    }

    /** {@code size} examples of two labels; the same seed gives the same ones. */
    public static List<TrainingExample> of(long seed, int size, int length, int vocabulary) {
        Random random = new Random(seed);
        List<TrainingExample> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int[] ids = random.ints(length, 0, vocabulary).toArray();
            batch.add(new TrainingExample(ids, target(random.nextInt(2)), false));
        }
        return batch;
    }
}
