package io.rankstream.ops.summary;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.ops.standing.LoopJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalDouble;

/** The summary for machines. */
public final class SummaryJson {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private SummaryJson() {}

    /** Writes the file as a whole or not at all; its folder is made where it is missing. */
    public static void write(Summary summary, Path file) throws IOException {
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.writeString(part, text(summary));
            Files.move(
                    part,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    static String text(Summary summary) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode adapters = root.putObject("adapters");
        summary.adapters().forEach((id, adapter) -> write(adapter, adapters.putObject(id)));
        if (!summary.loops().isEmpty()) {
            ObjectNode loops = root.putObject("loop");
            summary.loops().forEach((id, loop) -> write(loop, loops.putObject(id)));
        }
        root.put("deadLetters", summary.deadLetterCount());
        root.put("seconds", summary.seconds());
        summary.secondsToFirstStep().ifPresent(seconds -> root.put("secondsToFirstStep", seconds));
        root.put("examplesPerSecond", summary.examplesPerSecond());
        ArrayNode course = root.putArray("course");
        summary.course().forEach(mark -> write(mark, course.addObject()));
        return JSON.writeValueAsString(root) + "\n";
    }

    private static void write(Mark mark, ObjectNode node) {
        node.put("seconds", Summary.seconds(mark.elapsed()));
        node.put("examples", mark.done());
    }

    private static void write(LoopSummary loop, ObjectNode node) {
        node.put("inputs", loop.inputs());
        node.put("asked", loop.asked());
        node.put("labels", loop.labels());
        loop.quality().ifPresent(quality -> LoopJson.write(quality, node.putObject("quality")));
    }

    private static void write(AdapterSummary adapter, ObjectNode node) {
        node.put("examples", adapter.examples());
        node.put("steps", adapter.steps());
        node.put("prequentialAccuracy", orNull(adapter.prequentialAccuracy()));
        node.put("prequentialAccuracyLast1000", orNull(adapter.prequentialAccuracyLast1000()));
        node.put("majorityAccuracy", orNull(adapter.majorityAccuracy()));
        node.put("driftAlarms", adapter.alarms());
        adapter.forgetting()
                .ifPresent(
                        found ->
                                node.putObject("forgetting")
                                        .put("withheld", found.getWithheld())
                                        .put("probes", found.getProbes())
                                        .put("then", found.getThen())
                                        .put("now", found.getNow()));
        ObjectNode metrics = node.putObject("metrics");
        adapter.metrics().forEach(metrics::put);
        node.put("liveRanks", adapter.liveRanks());
        node.put("budget", adapter.budget());
        node.put("version", adapter.version());
        node.put("path", adapter.path());
    }

    private static Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
