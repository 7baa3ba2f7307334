package io.rankstream.ops.top;

import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** What is known of one adapter. Reports and versions may come in any order. */
final class Standing {

    /** Newest examples that show how it does now. */
    static final int RECENT = 50;

    private static final Duration RATE_WINDOW = Duration.ofMinutes(1);
    private static final Duration REFUSAL_WINDOW = Duration.ofHours(1);

    /** Some examples were learned from at some time. */
    private record Step(Instant time, int examples) {}

    private final String id;
    private final Deque<Prediction> recent = new ArrayDeque<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    private TrainingReport report;
    private AdapterVersion version;
    private Instant active = Instant.MIN;
    private final Deque<Instant> refusedLately = new ArrayDeque<>();
    private long refused;

    Standing(String id) {
        this.id = id;
    }

    void stepped(TrainingReport step, Instant time) {
        report = step;
        steps.addLast(new Step(time, step.getExamples()));
        active = later(active, time);
        while (steps.getFirst().time().isBefore(time.minus(RATE_WINDOW))) {
            steps.removeFirst();
        }
    }

    void predicted(Prediction prediction) {
        recent.addLast(prediction);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    void published(AdapterVersion announced) {
        if (version == null || announced.getVersion() > version.getVersion()) {
            version = announced;
        }
    }

    void refused(Instant time) {
        refused++;
        refusedLately.addLast(time);
        while (refusedLately.getFirst().isBefore(time.minus(REFUSAL_WINDOW))) {
            refusedLately.removeFirst();
        }
        active = later(active, time);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** When it last learned or was refused something. */
    Instant active() {
        return active;
    }

    AdapterLine line(Instant now) {
        int right = (int) recent.stream().filter(Standing::isRight).count();
        int size = recent.size();
        return new AdapterLine(
                id,
                report != null
                        ? report.getExamplesTotal()
                        : version != null ? version.getExamples() : 0,
                accuracy(),
                size == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) right / size),
                size,
                report == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(report.getMajorityAccuracy()),
                recent.stream().mapToDouble(Prediction::getLoss).average(),
                version == null ? 0 : version.getVersion(),
                report != null ? report.getBudget() : version != null ? version.getBudget() : 0,
                refused,
                refusedLately(now),
                rate(now),
                report != null ? report.getStep() : version != null ? version.getStep() : 0);
    }

    private static boolean isRight(Prediction prediction) {
        return prediction.getPredictedLabel().equals(prediction.getLabel());
    }

    private OptionalDouble accuracy() {
        if (report != null) {
            return OptionalDouble.of(report.getPrequentialAccuracy());
        }
        return version == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(version.getPrequentialAccuracy());
    }

    private long refusedLately(Instant now) {
        Instant from = now.minus(REFUSAL_WINDOW);
        return refusedLately.stream().filter(time -> time.isAfter(from)).count();
    }

    private double rate(Instant now) {
        Instant from = now.minus(RATE_WINDOW);
        return (double)
                        steps.stream()
                                .filter(step -> step.time().isAfter(from))
                                .mapToLong(Step::examples)
                                .sum()
                / RATE_WINDOW.toSeconds();
    }
}
