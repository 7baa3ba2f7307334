package io.rankstream.ops.summary;

import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.Program;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What somebody who watches a run is told of what it commits: that it learns, that an adapter has a
 * first version in it, and what is refused. The first of each kind is told at once, further ones
 * together, at most once a minute. For use by one thread.
 */
final class RunNews {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** More names than that do not fit on a line. */
    private static final int MOST_NAMES = 3;

    private static final int MOST_CHARACTERS = 300;

    private final Set<String> published = new HashSet<>();
    private final List<AdapterVersion> versions = new ArrayList<>();
    private final SortedMap<DeadLetterReason, Integer> refused = new TreeMap<>();
    private String learned = "";
    private String lastRefusal = "";
    private String predicted = "";
    private boolean learns;
    private boolean predicts;
    private Instant versionsTold = Instant.MIN;
    private Instant refusalsTold = Instant.MIN;

    void add(TrainingReport report) {
        if (!learns && report.getCommand() == null) {
            learns = true;
            learned =
                    "The first %s learned from, by adapter %s; '%s' shows how every adapter does."
                            .formatted(
                                    Amount.of(report.getExamples(), "example is", "examples are"),
                                    Excerpt.of(report.getAdapterId()),
                                    Program.commandOfJob("top"));
        }
    }

    void add(InputPrediction prediction) {
        if (!predicts) {
            predicts = true;
            predicted =
                    "The first input without a label came, of adapter %s; '%s' shows how every adapter does."
                            .formatted(
                                    Excerpt.of(prediction.getAdapterId()),
                                    Program.commandOfJob("top"));
        }
    }

    void add(AdapterVersion version) {
        if (published.add(version.getAdapterId())) {
            versions.add(version);
        }
    }

    void add(DeadLetter letter) {
        refused.merge(letter.getReason(), 1, Integer::sum);
        lastRefusal = letter.getMessage();
    }

    /** What there is to tell of progress, a line each. */
    List<String> progress(Instant now) {
        List<String> lines = new ArrayList<>();
        if (!learned.isEmpty()) {
            lines.add(learned);
            learned = "";
        }
        if (!predicted.isEmpty()) {
            lines.add(predicted);
            predicted = "";
        }
        if (!versions.isEmpty() && isDue(versionsTold, now)) {
            lines.add(versions());
            versions.clear();
            versionsTold = now;
        }
        return lines;
    }

    /** What there is to tell of refusals; a line at most. */
    List<String> refusals(Instant now) {
        if (refused.isEmpty() || !isDue(refusalsTold, now)) {
            return List.of();
        }
        int total = refused.values().stream().mapToInt(Integer::intValue).sum();
        String line =
                "refused %s (%s); the last: %s; '%s' shows them"
                        .formatted(
                                Amount.of(total, "record"),
                                refused.entrySet().stream()
                                        .map(reason -> reason.getValue() + " " + reason.getKey())
                                        .collect(Collectors.joining(", ")),
                                Excerpt.printable(lastRefusal, MOST_CHARACTERS),
                                Program.commandOfJob("dlq peek"));
        refused.clear();
        refusalsTold = now;
        return List.of(line);
    }

    private String versions() {
        if (versions.size() == 1) {
            AdapterVersion only = versions.get(0);
            return "Adapter %s has its first version of this run, version %d in %s"
                    .formatted(Excerpt.of(only.getAdapterId()), only.getVersion(), only.getPath());
        }
        String names =
                versions.stream()
                        .limit(MOST_NAMES)
                        .map(version -> Excerpt.of(version.getAdapterId()))
                        .collect(Collectors.joining(", "));
        int more = versions.size() - MOST_NAMES;
        return "%s have their first versions of this run: %s%s"
                .formatted(
                        Amount.of(versions.size(), "adapter"),
                        names,
                        more > 0 ? " and %,d more".formatted(more) : "");
    }

    private static boolean isDue(Instant told, Instant now) {
        return told.equals(Instant.MIN) || !now.isBefore(told.plus(INTERVAL));
    }
}
