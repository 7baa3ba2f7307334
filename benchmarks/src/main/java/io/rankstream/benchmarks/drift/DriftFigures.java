package io.rankstream.benchmarks.drift;

import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.input.InputAlarm;
import io.rankstream.benchmarks.measure.BareLoop;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a method fared over a stream. Shares are of right predictions, each made before its example
 * was learned from.
 *
 * @param stream name of the stream
 * @param method what learned
 * @param batchSize examples a step
 * @param seed the adapter's
 * @param all over the whole stream
 * @param from100 from the 100th example on
 * @param secondHalf over the second half
 * @param last1000 over the newest 1,000
 * @param first100 over the first 100
 * @param parts over the whole stream, of parts of a mixture alone
 * @param examplesPerSecond tokenization included
 * @param changes what came after each change
 * @param kept what is still known of before the first change; none where nobody asked
 * @param alarms examples that raised an alarm, from 1, each with where the change is said to begin
 * @param advice the same by what was seen of inputs, where they are watched
 */
record DriftFigures(
        String stream,
        String method,
        int batchSize,
        long seed,
        double all,
        double from100,
        double secondHalf,
        double last1000,
        double first100,
        Map<String, Double> parts,
        double examplesPerSecond,
        List<AfterChange> changes,
        List<FrozenProbe.Kept> kept,
        List<DriftAlarm> alarms,
        List<InputAlarm> advice) {

    static final String HEADER =
            String.format(
                    "%-13s %5s %5s %-15s %6s %8s %8s %7s %9s  %-38s %5s  %s",
                    "stream",
                    "batch",
                    "seed",
                    "method",
                    "all",
                    "from 100",
                    "2nd half",
                    "last 1k",
                    "first 100",
                    "parts of it alone",
                    "ex/s",
                    "at each change: before; first 50, 100, 200, 400 after; examples until 3, 1"
                            + " points below before  (probe: before; 400 after; end)  [alarms (begun)]"
                            + " and advice");

    /**
     * What came after a change.
     *
     * @param before share over the examples before it
     * @param after share over the first {@link #AFTER} examples after it
     * @param within3 examples until the newest ones are at most 3 points below {@code before}; 0 if
     *     they never are
     * @param within1 the same of 1 point
     */
    record AfterChange(double before, double[] after, int within3, int within1) {

        private static final int[] AFTER = {50, 100, 200, 400};

        /** Of so many examples is the level before. */
        private static final int BEFORE = 300;

        /** So many newest examples must be back. */
        private static final int NEWEST = 50;

        static AfterChange of(List<Boolean> hits, int change) {
            double before = share(hits, change - BEFORE, change);
            return new AfterChange(
                    before,
                    Arrays.stream(AFTER)
                            .mapToDouble(n -> share(hits, change, change + n))
                            .toArray(),
                    back(hits, change, before - .03),
                    back(hits, change, before - .01));
        }

        private static int back(List<Boolean> hits, int change, double level) {
            return IntStream.rangeClosed(change + NEWEST, hits.size())
                    .filter(end -> share(hits, end - NEWEST, end) >= level)
                    .map(end -> end - change)
                    .findFirst()
                    .orElse(0);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.3f; %s; %s, %s",
                    before,
                    Arrays.stream(after)
                            .mapToObj(share -> String.format(Locale.ROOT, "%.3f", share))
                            .collect(Collectors.joining(" ")),
                    shown(within3),
                    shown(within1));
        }

        private static String shown(int examples) {
            return examples > 0 ? Integer.toString(examples) : "never";
        }
    }

    /**
     * What a run gives.
     *
     * @param hits of each example, whether it was predicted right
     * @param probe what asked about the time before the first change; empty if nobody did
     */
    static DriftFigures of(
            LabeledStream stream,
            String method,
            int batchSize,
            long seed,
            List<Boolean> hits,
            Optional<FrozenProbe> probe,
            BareLoop.Run run) {
        int size = hits.size();
        Map<String, Double> parts = new TreeMap<>();
        run.adapters()
                .values()
                .forEach(
                        result ->
                                result.score()
                                        .parts()
                                        .forEach((part, of) -> parts.put(part, of.share())));
        return new DriftFigures(
                stream.name(),
                method,
                batchSize,
                seed,
                share(hits, 0, size),
                share(hits, 100, size),
                share(hits, size / 2, size),
                share(hits, size - 1000, size),
                share(hits, 0, 100),
                parts,
                run.examplesPerSecond(),
                stream.changes().stream().map(change -> AfterChange.of(hits, change)).toList(),
                probe.map(FrozenProbe::kept).stream().toList(),
                run.adapters().values().stream()
                        .flatMap(result -> result.alarms().stream())
                        .toList(),
                run.adapters().values().stream()
                        .flatMap(result -> result.advice().stream())
                        .toList());
    }

    private static double share(List<Boolean> hits, int from, int to) {
        List<Boolean> some = hits.subList(Math.max(0, from), Math.min(to, hits.size()));
        return some.stream().filter(hit -> hit).count() / (double) some.size();
    }

    @Override
    public String toString() {
        return String.format(
                        Locale.ROOT,
                        "%-13s %5d %5d %-15s %6.4f %8.4f %8.4f %7.4f %9.4f  %-38s %5.1f  %s %s %s",
                        stream,
                        batchSize,
                        seed,
                        method,
                        all,
                        from100,
                        secondHalf,
                        last1000,
                        first100,
                        parts.entrySet().stream()
                                .map(
                                        part ->
                                                String.format(
                                                        Locale.ROOT,
                                                        "%s %.4f",
                                                        part.getKey(),
                                                        part.getValue()))
                                .collect(Collectors.joining(", ")),
                        examplesPerSecond,
                        changes.stream()
                                .map(AfterChange::toString)
                                .collect(Collectors.joining(" | ")),
                        kept.stream()
                                .map(shares -> "(" + shares + ")")
                                .collect(Collectors.joining()),
                        alarms.stream()
                                .map(alarm -> alarm.example() + " (" + alarm.beginning() + ")")
                                .collect(Collectors.joining(", ", "[", "]")))
                + advised();
    }

    private String advised() {
        return advice.stream()
                .map(
                        alarm ->
                                String.format(
                                        Locale.ROOT,
                                        " %s %d (%d)",
                                        alarm.signal().name().toLowerCase(Locale.ROOT),
                                        alarm.input(),
                                        alarm.beginning()))
                .collect(Collectors.joining());
    }
}
