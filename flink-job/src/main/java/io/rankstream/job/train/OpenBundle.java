package io.rankstream.job.train;

import io.rankstream.job.batch.MicroBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Micro-batches of different adapters that wait to go through the base model together, in their
 * order. The bundle is full when its tokens reach a limit. A limit of 0 lets each go by itself.
 */
final class OpenBundle {

    private final int fullTokens;
    private final Map<String, MicroBatch> waiting = new LinkedHashMap<>();
    private long tokens;

    /**
     * @param fullTokens tokens without padding
     */
    OpenBundle(int fullTokens) {
        this.fullTokens = fullTokens;
    }

    /** Whether a micro-batch would fill a bundle by itself, and has nothing to gain from others. */
    boolean isFilledBy(MicroBatch batch) {
        return batch.tokens() >= fullTokens;
    }

    /** Takes in a micro-batch of an adapter that has none here. */
    void add(MicroBatch batch) {
        waiting.put(batch.adapterId(), batch);
        tokens += batch.tokens();
    }

    boolean has(String adapterId) {
        return waiting.containsKey(adapterId);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean isFull() {
        return tokens >= fullTokens;
    }

    /** What it holds. */
    List<MicroBatch> batches() {
        return List.copyOf(waiting.values());
    }

    /** What it held; it is empty from now on. */
    List<MicroBatch> takeAll() {
        List<MicroBatch> all = batches();
        waiting.clear();
        tokens = 0;
        return all;
    }
}
