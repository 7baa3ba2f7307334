package io.rankstream.ops.top;

import io.rankstream.ops.standing.AdapterLine;
import io.rankstream.ops.standing.LoopLine;
import io.rankstream.ops.standing.Metrics;
import io.rankstream.schemas.AdapterQuality;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a table says of inputs without a label. */
final class LoopColumns {

    /** Estimates are told for whole hours of the stream, UTC. */
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private LoopColumns() {}

    /** Columns of these adapters, each of which has such inputs. */
    static List<TopColumn> of(List<AdapterLine> adapters) {
        List<TopColumn> columns = new ArrayList<>();
        columns.add(TopColumn.ID);
        boolean asks = adapters.stream().map(LoopColumns::loop).anyMatch(LoopColumns::isAsked);
        if (asks) {
            columns.add(column("estimate", 0, LoopColumns::estimate));
            columns.add(column("95 % interval", 1, LoopColumns::interval));
            columns.add(ofQuality("until", 8, quality -> HOUR.format(quality.getEstimatedTo())));
            columns.add(ofQuality("labels", 2, quality -> number(quality.getReturned())));
            columns.add(ofQuality("of inputs", 4, quality -> number(quality.getInputs())));
            columns.add(column("open", 3, loop -> number(loop.openRequests())));
            columns.add(
                    ofQuality(
                            "agreement",
                            5,
                            quality -> Metrics.cell(Metrics.known(quality.getAgreement()))));
            columns.add(
                    ofQuality(
                            "spent of budget",
                            6,
                            quality ->
                                    String.format(
                                            Locale.ROOT,
                                            "%,d of %,.0f",
                                            quality.getSpent(),
                                            Math.floor(quality.getBudget()))));
        }
        columns.add(
                column(
                        "inputs per min",
                        asks ? 7 : 0,
                        loop -> String.format(Locale.ROOT, "%,.0f", loop.rate() * 60)));
        return columns;
    }

    /** What has to be said beside the table, a line each. */
    static String notes(List<AdapterLine> adapters) {
        StringBuilder notes = new StringBuilder();
        if (adapters.stream().map(LoopColumns::loop).anyMatch(loop -> !isTrusted(loop))) {
            notes.append(
                    "A ? behind an estimate: too few labels yet for an interval.%n".formatted());
        }
        String waiting =
                adapters.stream()
                        .filter(line -> isAsked(loop(line)) && loop(line).quality().isEmpty())
                        .map(
                                line ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s (%,d)",
                                                TopColumn.shortened(line.id()),
                                                loop(line).labels()))
                        .collect(Collectors.joining(", "));
        if (!waiting.isEmpty()) {
            notes.append(
                    "No estimate yet, and in brackets the labels so far: %s%n".formatted(waiting));
        }
        return notes.toString();
    }

    private static boolean isAsked(LoopLine loop) {
        return loop.asked() > 0
                || loop.openRequests() > 0
                || loop.quality().isPresent()
                || !loop.outcomes().isEmpty();
    }

    private static boolean isTrusted(LoopLine loop) {
        return loop.quality()
                .filter(quality -> quality.getAccuracy() != null)
                .map(AdapterQuality::getTrusted)
                .orElse(true);
    }

    private static String estimate(LoopLine loop) {
        return quality(loop, quality -> Metrics.cell(Metrics.known(quality.getAccuracy())))
                + (isTrusted(loop) ? "" : "?");
    }

    private static String interval(LoopLine loop) {
        return quality(
                loop,
                quality ->
                        !quality.getTrusted()
                                        || quality.getLow() == null
                                        || quality.getHigh() == null
                                ? "-"
                                : String.format(
                                        Locale.ROOT,
                                        "%.3f to %.3f",
                                        quality.getLow(),
                                        quality.getHigh()));
    }

    private static TopColumn ofQuality(
            String header, int dispensable, Function<AdapterQuality, String> cell) {
        return column(header, dispensable, loop -> quality(loop, cell));
    }

    private static TopColumn column(
            String header, int dispensable, Function<LoopLine, String> cell) {
        return new TopColumn(header, dispensable, line -> cell.apply(loop(line)));
    }

    private static String quality(LoopLine loop, Function<AdapterQuality, String> cell) {
        Optional<AdapterQuality> quality = loop.quality();
        return quality.isEmpty() ? "-" : cell.apply(quality.get());
    }

    private static LoopLine loop(AdapterLine line) {
        return line.loop().orElseThrow();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
