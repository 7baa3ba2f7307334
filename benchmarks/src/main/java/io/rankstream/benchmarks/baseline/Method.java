package io.rankstream.benchmarks.baseline;

import java.util.ArrayList;
import java.util.List;

/**
 * A method of the comparison: the same trainer, told apart by configuration alone.
 *
 * <p>Every method ends with the same average rank. That is as many triplets, not as many
 * parameters: AdaLoRA may keep those of wider layers. It begins with half as much rank again, as in
 * the paper, and has come down in the middle of the stream. α is 8/3 of the initial rank
 * throughout, so that every method scales its low-rank path alike.
 */
enum Method {
    ADALORA_STREAMING("AdaLoRA, streaming", "adalora"),
    ADALORA_FINITE("AdaLoRA, finite", "adalora"),
    LORA("LoRA", "lora"),
    SVD_LORA("SVD-LoRA, never pruned", "adalora"),
    HEAD("head alone", "head");

    private final String title;
    private final String method;

    Method(String title, String method) {
        this.title = title;
        this.method = method;
    }

    /** Name in a table. */
    String title() {
        return title;
    }

    /** Whether it has triplets, and so a rank. */
    boolean hasRank() {
        return this != HEAD;
    }

    /**
     * Lines below {@code training:} that make the method.
     *
     * @param rank average rank of a module in the end
     * @param steps optimizer steps of the run
     */
    List<String> overrides(int rank, int steps) {
        List<String> lines = new ArrayList<>(List.of("method: " + method));
        if (!hasRank()) {
            return lines;
        }
        int initial = initialRank(rank);
        lines.add("init-rank: " + initial);
        lines.add("alpha: " + initial * 8 / 3.0);
        int warmUp = steps / 10;
        int half = steps / 2;
        switch (this) {
            case ADALORA_STREAMING ->
                    lines.addAll(
                            List.of(
                                    "budget.schedule: streaming",
                                    "budget.target-rank: " + rank,
                                    "budget.warmup-steps: " + warmUp,
                                    "budget.ramp-steps: " + (half - warmUp)));
            case ADALORA_FINITE ->
                    lines.addAll(
                            List.of(
                                    "budget.schedule: finite",
                                    "budget.target-rank: " + rank,
                                    "budget.warmup-steps: " + warmUp,
                                    "budget.total-steps: " + steps,
                                    "budget.final-steps: " + (steps - half)));
            case SVD_LORA -> lines.add("budget.schedule: constant");
            case LORA, HEAD -> {}
        }
        return lines;
    }

    private int initialRank(int rank) {
        return switch (this) {
            case ADALORA_STREAMING, ADALORA_FINITE -> (3 * rank + 1) / 2;
            case LORA, SVD_LORA, HEAD -> rank;
        };
    }
}
