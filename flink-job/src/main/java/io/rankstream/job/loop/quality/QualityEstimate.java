package io.rankstream.job.loop.quality;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.ClassQuality;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How good an adapter is on the inputs of a window.
 *
 * <p>Accuracy is estimated from the cohorts up to, and without, the first one that waits for an
 * answer and is younger than the horizon. Were each hour taken as soon as it is answered, hours of
 * hard texts, which take people longer, would be missing among the young ones.
 *
 * @param from stream time at which the window begins, milliseconds since the epoch
 * @param to stream time at which it ends, exclusive
 * @param estimatedTo stream time before which inputs are in the estimate
 * @param whole all inputs of the window
 * @param known those in the estimate
 * @param accuracy empty while there is no label to estimate from
 */
public record QualityEstimate(
        long from,
        long to,
        long estimatedTo,
        Cohort whole,
        Cohort known,
        Optional<AccuracyEstimate> accuracy) {

    /** Labels of equal weight from which on the interval is trusted. */
    private static final double TRUSTED = 50;

    /**
     * The estimate of a window.
     *
     * @param cohorts by the stream time at which they begin, milliseconds since the epoch; those
     *     that begin outside of the window are left out
     * @param cohortMs milliseconds that a cohort is long
     * @param now stream time of the adapter
     * @param horizonMs milliseconds after which a label that has not come does not come any more
     */
    public static QualityEstimate of(
            SortedMap<Long, Cohort> cohorts,
            long from,
            long to,
            long cohortMs,
            long now,
            long horizonMs) {
        Cohort whole = Cohort.NONE;
        Cohort known = Cohort.NONE;
        long estimatedTo = to;
        for (Map.Entry<Long, Cohort> of : cohorts.subMap(from, to).entrySet()) {
            boolean isOld = now - horizonMs >= of.getKey() + cohortMs;
            if (estimatedTo == to && !isOld && !of.getValue().isSettled()) {
                estimatedTo = of.getKey();
            }
            whole = whole.plus(of.getValue());
            known = of.getKey() < estimatedTo ? known.plus(of.getValue()) : known;
        }
        return new QualityEstimate(
                from,
                to,
                estimatedTo,
                whole,
                known,
                known.counts().judged() > 0
                        ? Optional.of(AccuracyEstimate.of(known.strata()))
                        : Optional.empty());
    }

    /**
     * Sets what is known of it: all of the record but the adapter, its budget, open requests,
     * agreement and annotators.
     *
     * @param labels of the adapter, in their order; others that were decided come after them, up to
     *     {@value StratumSums#MOST_CLASSES} together
     */
    public AdapterQuality.Builder fill(AdapterQuality.Builder record, List<String> labels) {
        CohortCounts all = whole.counts();
        CohortCounts judged = known.counts();
        record.setFrom(Instant.ofEpochMilli(from))
                .setTo(Instant.ofEpochMilli(to))
                .setEstimatedTo(Instant.ofEpochMilli(estimatedTo))
                .setInputs(all.inputs())
                .setExcluded(all.excluded())
                .setAsked(all.asked())
                .setReturned(all.returned())
                .setExpired(all.expired())
                .setSkipped(all.skipped())
                .setConflicts(all.conflicts())
                .setCorrected(all.corrected())
                .setMaturity(all.asked() == 0 ? 1 : (double) all.settled() / all.asked())
                .setDelayP50Ms(boxed(whole.delays().quantile(.5)))
                .setDelayP95Ms(boxed(whole.delays().quantile(.95)))
                .setUniformLabels(judged.uniformJudged())
                .setUniformAccuracy(uniformAccuracy(judged))
                .setNaiveAccuracy(share(judged.right(), judged.judged()))
                .setAccuracy(accuracy.map(AccuracyEstimate::accuracy).orElse(null))
                .setLow(accuracy.map(AccuracyEstimate::low).orElse(null))
                .setHigh(accuracy.map(AccuracyEstimate::high).orElse(null))
                .setLowest(accuracy.map(AccuracyEstimate::lowest).orElse(null))
                .setHighest(accuracy.map(AccuracyEstimate::highest).orElse(null))
                .setEffectiveLabels(accuracy.map(AccuracyEstimate::effectiveLabels).orElse(0.0))
                .setTrusted(
                        accuracy.filter(known -> known.effectiveLabels() >= TRUSTED).isPresent())
                .setClasses(classes(labels));
        return record;
    }

    private List<ClassQuality> classes(List<String> labels) {
        TreeSet<String> others = new TreeSet<>();
        known.strata().forEach(stratum -> others.addAll(stratum.classes().keySet()));
        labels.forEach(others::remove);
        return Stream.concat(labels.stream(), others.stream())
                .limit(StratumSums.MOST_CLASSES)
                .map(this::of)
                .toList();
    }

    private ClassQuality of(String label) {
        return ClassQuality.newBuilder()
                .setLabel(label)
                .setLabels(
                        known.strata().stream()
                                .flatMap(
                                        stratum ->
                                                Optional.ofNullable(stratum.classes().get(label))
                                                        .stream())
                                .mapToLong(ClassSums::labels)
                                .sum())
                .setRecall(accuracy.map(found -> found.recalls().get(label)).orElse(null))
                .build();
    }

    /** By the probability of each to be among them, which haste for the first labels raises. */
    private static Double uniformAccuracy(CohortCounts judged) {
        return judged.uniformJudged() == 0
                ? null
                : Math.max(0, Math.min(1, judged.uniformRight() / judged.uniformWeight()));
    }

    private static Double share(long some, long all) {
        return all == 0 ? null : (double) some / all;
    }

    private static Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
