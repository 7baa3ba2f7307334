package io.rankstream.job.train;

import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.encode.EncodedExample;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Micro-batches for tests of training. */
final class MicroBatches {

    /** Token ids below are special tokens and the one that poisons. */
    static final int FIRST_TOKEN = PoisonedBert.POISON + 1;

    private MicroBatches() {}

    /** The micro-batch with number {@code index}: always the same examples. */
    static MicroBatch batch(String adapterId, int index, int size) {
        SplittableRandom random = new SplittableRandom(index);
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int[] tokens =
                    random.ints(3 + random.nextInt(6), FIRST_TOKEN, FIRST_TOKEN + 50).toArray();
            examples.add(Examples.of(adapterId, index * size + i, random.nextInt(2), tokens));
        }
        return new MicroBatch(adapterId, examples);
    }

    /** A micro-batch that no number comes of. */
    static MicroBatch poison(String adapterId) {
        return new MicroBatch(
                adapterId, List.of(Examples.of(adapterId, 0, 0, PoisonedBert.POISON)));
    }

    /** A micro-batch whose label the adapter does not have. */
    static MicroBatch unlabeled(String adapterId) {
        return new MicroBatch(
                adapterId,
                List.of(Examples.labeled("eggs", Examples.of(adapterId, 0, 0, FIRST_TOKEN))));
    }
}
