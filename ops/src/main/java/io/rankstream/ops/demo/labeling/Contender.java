package io.rankstream.ops.demo.labeling;

import java.util.Arrays;
import java.util.List;

/** Which inputs of an adapter get a label; adapters of the same task differ in that alone. */
enum Contender {
    /** Half of the budget to all inputs alike, half to those whose label teaches most. */
    SELECTED("", .1, .5),
    /** The same number of labels, drawn from all inputs alike. */
    RANDOM("-random", .1, 1),
    /** A label for every input. */
    ALL("-all", 1, 1);

    private final String suffix;
    private final double budgetShare;
    private final double uniformShare;

    Contender(String suffix, double budgetShare, double uniformShare) {
        this.suffix = suffix;
        this.budgetShare = budgetShare;
        this.uniformShare = uniformShare;
    }

    /** Id of its adapter for a task. */
    String adapter(String task) {
        return task + suffix;
    }

    /** Share of the inputs that a label is asked for. */
    double budgetShare() {
        return budgetShare;
    }

    /** Part of these that is drawn from all inputs alike. */
    double uniformShare() {
        return uniformShare;
    }

    /** Ids of all adapters for a task. */
    static List<String> adapters(String task) {
        return Arrays.stream(values()).map(each -> each.adapter(task)).toList();
    }
}
