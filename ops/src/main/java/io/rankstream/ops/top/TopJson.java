package io.rankstream.ops.top;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.ops.standing.AdapterLine;
import io.rankstream.ops.standing.Drift;
import io.rankstream.ops.standing.LoopJson;
import io.rankstream.ops.standing.Standing;
import java.util.Locale;
import java.util.OptionalDouble;

/** How adapters do, for machines. What is not known is null. */
public final class TopJson {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private TopJson() {}

    /** The text. */
    public static String of(TopView view) throws JsonProcessingException {
        ObjectNode root = JSON.createObjectNode();
        root.put("job", view.job().doing().name().toLowerCase(Locale.ROOT));
        ArrayNode adapters = root.putArray("adapters");
        view.adapters().forEach(adapter -> write(adapter, adapters.addObject()));
        root.put("refusedWithoutAdapter", view.refusedOfNobody());
        root.put("unreadableRecords", view.unreadable());
        ArrayNode cut = root.putArray("onlyNewestRecordsOf");
        view.cut().forEach(cut::add);
        return JSON.writeValueAsString(root) + "\n";
    }

    private static void write(AdapterLine adapter, ObjectNode node) {
        node.put("adapter", adapter.id());
        node.put("examples", adapter.examples());
        node.put("steps", adapter.steps());
        node.put("accuracy", orNull(adapter.accuracy()));
        node.put("accuracyLast" + Standing.RECENT, orNull(adapter.recentAccuracy()));
        node.put("recentExamples", adapter.recentExamples());
        node.put("majorityAccuracy", orNull(adapter.majority()));
        node.put("loss", orNull(adapter.loss()));
        node.put("version", adapter.version());
        node.put("budget", adapter.budget());
        node.put("refused", adapter.refused());
        node.put("refusedLastHour", adapter.refusedLately());
        node.put("examplesPerSecond", adapter.rate());
        node.put("paused", adapter.paused());
        node.put("driftAlarms", adapter.alarms());
        node.set("driftAlarm", adapter.alarm().map(TopJson::alarm).orElse(null));
        ObjectNode metrics = node.putObject("metrics");
        adapter.metrics().forEach(metrics::put);
        adapter.loop().ifPresent(loop -> LoopJson.write(loop, node.putObject("loop")));
    }

    private static JsonNode alarm(Drift alarm) {
        return JSON.createObjectNode()
                .put("example", alarm.example())
                .put("beginning", alarm.event().getBeginning())
                .put("rateBefore", alarm.event().getRateBefore())
                .put("rateSince", alarm.event().getRateSince())
                .put("confirmed", alarm.said() == Drift.Said.CONFIRMED);
    }

    private static Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
