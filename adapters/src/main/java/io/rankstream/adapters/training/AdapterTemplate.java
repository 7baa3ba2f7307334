package io.rankstream.adapters.training;

import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.classification.Pooling;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Hyperparameters that a new adapter starts from and every step of it follows. Defaults live in the
 * pipeline's configuration.
 *
 * @param labels names of the classes, at least two
 * @param pooling how token vectors become one
 * @param method what is learned beside the head
 * @param targetModules names of the linear layers that are adapted, or the ends of their names from
 *     a dot on, as in PEFT
 * @param initRank triplets a module starts with ({@code init_r})
 * @param alpha numerator of the scale s = α / (init_r + 1e-5), constant for the adapter's life
 * @param dropout probability that an input feature of the low-rank path is dropped, [0, 1)
 * @param schedule rank budget over steps
 * @param sensitivityDecay β1 of Ī
 * @param uncertaintyDecay β2 of Ū
 * @param orthogonality regulariser on P and Q
 * @param optimizer AdamW and the learning rate
 * @param examplesPerPass most examples of one forward and backward pass; the gradients of a larger
 *     micro-batch are accumulated over several. 0 takes any micro-batch at once
 * @param seed seed of the job; an adapter's own seed is derived from it and its id
 */
public record AdapterTemplate(
        List<String> labels,
        Pooling pooling,
        Method method,
        List<String> targetModules,
        int initRank,
        double alpha,
        double dropout,
        BudgetSchedule schedule,
        double sensitivityDecay,
        double uncertaintyDecay,
        OrthogonalityPenalty orthogonality,
        OptimizerSettings optimizer,
        int examplesPerPass,
        long seed)
        implements Serializable {

    public AdapterTemplate {
        labels = List.copyOf(labels);
        targetModules = List.copyOf(targetModules);
    }

    /**
     * The state with its labels as this template wants them: those that the configuration has
     * gained since the adapter last saw it are in use, those that it has lost are retired. It is
     * {@code state} itself if nothing has changed.
     *
     * @throws AdapterMismatchException if fewer than two labels would be in use
     */
    public AdapterState relabeled(AdapterState state) {
        LabelSet known = state.head().labels();
        LabelSet next = relabeled(known, state.meta());
        return next.equals(known) ? state : state.withLabels(next);
    }

    /**
     * As {@link #relabeled(AdapterState)}, where no more is known of the adapter.
     *
     * @param known its labels
     * @param meta its progress
     */
    public LabelSet relabeled(LabelSet known, AdapterMeta meta) {
        if (known.configured().equals(labels)) {
            return known;
        }
        Optional<String> obstacle = labelObstacle(known);
        if (obstacle.isPresent()) {
            throw new AdapterMismatchException(meta.adapterId(), List.of(obstacle.get()));
        }
        return known.under(labels, meta.step());
    }

    /**
     * Why an adapter cannot have its labels as this template wants them, as the end of "it has";
     * empty if it can.
     *
     * @param known its labels
     */
    public Optional<String> labelObstacle(LabelSet known) {
        return known.under(labels, 0).active().size() >= LabelSet.FEWEST
                ? Optional.empty()
                : Optional.of(
                        "labels %s in use and %s retired by commands, of which the configuration %s would leave fewer than two"
                                .formatted(known.active(), known.retired(), labels));
    }
}
