package io.rankstream.benchmarks.baseline;

import java.util.List;

/**
 * A method of the comparison: the same trainer, told apart by configuration alone. α is 8/3 of the
 * initial rank throughout, so that every method scales its low-rank path alike.
 */
enum Baseline {
    ADALORA(
            "AdaLoRA, rank 12 to 8",
            """
            method: adalora
            init-rank: 12
            alpha: 32
            budget.target-rank: 8
            """),
    LORA(
            "LoRA, rank 8",
            """
            method: lora
            init-rank: 8
            alpha: 21.333333
            """),
    SVD_LORA_8(
            "SVD-LoRA, rank 8 for ever",
            """
            method: adalora
            budget.schedule: constant
            init-rank: 8
            alpha: 21.333333
            """),
    SVD_LORA_12(
            "SVD-LoRA, rank 12 for ever",
            """
            method: adalora
            budget.schedule: constant
            init-rank: 12
            alpha: 32
            """),
    HEAD("head alone", "method: head");

    private final String title;
    private final String overrides;

    Baseline(String title, String overrides) {
        this.title = title;
        this.overrides = overrides;
    }

    /** Name in a table. */
    String title() {
        return title;
    }

    /** Lines below {@code training:} that make the method. */
    List<String> overrides() {
        return overrides.lines().toList();
    }
}
