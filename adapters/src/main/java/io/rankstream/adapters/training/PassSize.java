package io.rankstream.adapters.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How many adapters share a pass. The low-rank products of a pass are padded to its adapter with
 * the most tokens, and the frozen ones gain nothing from more rows than fill the processor, so
 * adapters of like size come together, and no more of them than pay.
 */
final class PassSize {

    /**
     * Most rows of a pass of several adapters, padding included. On two cores, 64 adapters with one
     * to four texts of 8 to 40 tokens take a quarter longer without a limit, and 16 the same.
     */
    private static final int ROWS = 1024;

    private PassSize() {}

    /** Each of {@code parts} in one of the passes. */
    static List<List<TrainingPass.Part>> split(List<TrainingPass.Part> parts) {
        List<TrainingPass.Part> longestFirst =
                parts.stream()
                        .sorted(Comparator.comparing(TrainingPass.Part::tokens).reversed())
                        .toList();
        List<List<TrainingPass.Part>> passes = new ArrayList<>();
        int from = 0;
        while (from < longestFirst.size()) {
            int fitting = Math.max(1, ROWS / longestFirst.get(from).tokens());
            int to = Math.min(longestFirst.size(), from + fitting);
            passes.add(longestFirst.subList(from, to));
            from = to;
        }
        return passes;
    }
}
