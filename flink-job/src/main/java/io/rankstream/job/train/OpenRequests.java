package io.rankstream.job.train;

import io.rankstream.job.batch.PredictionRequest;
import io.rankstream.job.encode.EncodedInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Inputs that wait to go through the base model together. Those of one adapter are one request, in
 * order of arrival; adapters are in the order of their first input. It is full when its tokens
 * reach a limit. A limit of 0 lets every request go by itself.
 */
final class OpenRequests {

    /**
     * A request, and when its inputs came.
     *
     * @param arrivals nanoseconds of {@link System#nanoTime()}, one an input
     */
    record Waiting(PredictionRequest request, List<Long> arrivals) {

        Waiting {
            arrivals = List.copyOf(arrivals);
        }
    }

    private static final class OfAdapter {
        final List<EncodedInput> inputs = new ArrayList<>();
        final List<Long> arrivals = new ArrayList<>();
    }

    private final int fullTokens;
    private final Map<String, OfAdapter> waiting = new LinkedHashMap<>();
    private long tokens;

    /**
     * @param fullTokens tokens without padding
     */
    OpenRequests(int fullTokens) {
        this.fullTokens = fullTokens;
    }

    /**
     * Takes in a request.
     *
     * @param now nanoseconds of {@link System#nanoTime()}
     */
    void add(PredictionRequest request, long now) {
        OfAdapter own = waiting.computeIfAbsent(request.adapterId(), id -> new OfAdapter());
        for (EncodedInput input : request.inputs()) {
            own.inputs.add(input);
            own.arrivals.add(now);
        }
        tokens += request.tokens();
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

    /** What it holds, one an adapter. */
    List<Waiting> waiting() {
        return waiting.entrySet().stream()
                .map(
                        each ->
                                new Waiting(
                                        new PredictionRequest(
                                                each.getKey(), each.getValue().inputs),
                                        each.getValue().arrivals))
                .toList();
    }

    /** What it held; it is empty from now on. */
    List<Waiting> takeAll() {
        List<Waiting> all = waiting();
        waiting.clear();
        tokens = 0;
        return all;
    }
}
