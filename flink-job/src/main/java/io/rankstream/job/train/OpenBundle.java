package io.rankstream.job.train;

import io.rankstream.job.batch.BundledWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Work of different adapters that waits to go through the base model together, in its order. The
 * bundle is full when its tokens reach a limit. A limit of 0 lets all work go by itself.
 */
final class OpenBundle {

    private final int fullTokens;
    private final Map<String, BundledWork> waiting = new LinkedHashMap<>();
    private long tokens;

    /**
     * @param fullTokens tokens without padding
     */
    OpenBundle(int fullTokens) {
        this.fullTokens = fullTokens;
    }

    /** Whether work would fill a bundle by itself, and has nothing to gain from others. */
    boolean isFilledBy(BundledWork work) {
        return work.tokens() >= fullTokens;
    }

    /** Takes in work of an adapter that has none here. */
    void add(BundledWork work) {
        waiting.put(work.adapterId(), work);
        tokens += work.tokens();
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
    List<BundledWork> works() {
        return List.copyOf(waiting.values());
    }

    /** What it held; it is empty from now on. */
    List<BundledWork> takeAll() {
        List<BundledWork> all = works();
        waiting.clear();
        tokens = 0;
        return all;
    }
}
