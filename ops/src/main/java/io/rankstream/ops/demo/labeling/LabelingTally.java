package io.rankstream.ops.demo.labeling;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What became of every adapter's inputs, beside what is true of them. For use by one thread. */
final class LabelingTally {

    /** Inputs of the accuracy that tells how good an adapter is by now. */
    static final int RECENT = 1000;

    private final UnaryOperator<String> truths;
    private final Map<String, Adapter> adapters = new TreeMap<>();

    /**
     * @param truths what is true of an input, by the id of its example
     */
    LabelingTally(UnaryOperator<String> truths) {
        this.truths = truths;
    }

    /** What one adapter said, was told, and is thought to be worth. */
    private static final class Adapter {
        private final List<Answered> answered = new ArrayList<>();
        private long asked;
        private long labels;
        private long wrongLabels;
        private AdapterQuality quality;
    }

    private record Answered(Instant time, boolean isRight) {}

    /**
     * A line of the table.
     *
     * @param adapter id
     * @param inputs that it predicted
     * @param asked labels that were asked for
     * @param labels decisions that came of that
     * @param wrongLabels decisions for another label than is true
     * @param accuracy share of its inputs that it predicted right
     * @param recentAccuracy the same of its last {@link #RECENT}
     * @param quality newest estimate; null before the first
     * @param windowAccuracy share predicted right of the inputs that the estimate is of; NaN
     *     without one
     */
    record Line(
            String adapter,
            long inputs,
            long asked,
            long labels,
            long wrongLabels,
            double accuracy,
            double recentAccuracy,
            AdapterQuality quality,
            double windowAccuracy) {}

    void addPredictions(Collection<InputPrediction> predictions) {
        for (InputPrediction each : predictions) {
            boolean isRight = each.getPredictedLabel().equals(truths.apply(each.getExampleId()));
            adapter(each.getAdapterId()).answered.add(new Answered(each.getEventTime(), isRight));
        }
    }

    void addRequests(Collection<LabelRequest> requests) {
        for (LabelRequest each : requests) {
            if (each.getAction() == RequestAction.OPEN) {
                adapter(each.getAdapterId()).asked++;
            }
        }
    }

    void addOutcomes(Collection<LabelOutcome> outcomes) {
        for (LabelOutcome each : outcomes) {
            if (each.getStatus() == OutcomeStatus.FINAL) {
                Adapter adapter = adapter(each.getAdapterId());
                adapter.labels++;
                if (!each.getLabel().equals(truths.apply(each.getExampleId()))) {
                    adapter.wrongLabels++;
                }
            }
        }
    }

    void addQualities(Collection<AdapterQuality> qualities) {
        for (AdapterQuality each : qualities) {
            if (each.getAccuracy() != null) {
                adapter(each.getAdapterId()).quality = each;
            }
        }
    }

    /** One an adapter, by their ids. */
    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        adapters.forEach((id, adapter) -> lines.add(line(id, adapter)));
        return lines;
    }

    private static Line line(String id, Adapter adapter) {
        List<Answered> all = adapter.answered;
        AdapterQuality quality = adapter.quality;
        return new Line(
                id,
                all.size(),
                adapter.asked,
                adapter.labels,
                adapter.wrongLabels,
                accuracy(all),
                accuracy(all.subList(Math.max(0, all.size() - RECENT), all.size())),
                quality,
                quality == null
                        ? Double.NaN
                        : accuracy(
                                all.stream()
                                        .filter(each -> !each.time().isBefore(quality.getFrom()))
                                        .filter(
                                                each ->
                                                        each.time()
                                                                .isBefore(quality.getEstimatedTo()))
                                        .toList()));
    }

    private static double accuracy(List<Answered> answered) {
        return answered.stream().mapToInt(each -> each.isRight() ? 1 : 0).average().orElse(0);
    }

    private Adapter adapter(String id) {
        return adapters.computeIfAbsent(id, unseen -> new Adapter());
    }
}
