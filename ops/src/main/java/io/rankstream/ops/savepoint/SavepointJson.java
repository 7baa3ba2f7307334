package io.rankstream.ops.savepoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.job.savepoint.AdapterSummary;

/** A savepoint for machines. */
public final class SavepointJson {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private SavepointJson() {}

    /** One JSON object; accuracy is null where no example was scored. */
    public static String text(SavepointContent content) throws JsonProcessingException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode adapters = root.putArray("adapters");
        for (AdapterSummary adapter : content.adapters()) {
            write(adapter, content.pendingOf(adapter), adapters.addObject());
        }
        ObjectNode notTrainedYet = root.putObject("notTrainedYet");
        content.notTrainedYet().forEach(notTrainedYet::put);
        return JSON.writeValueAsString(root) + "\n";
    }

    private static void write(AdapterSummary adapter, int pending, ObjectNode node) {
        AdapterMeta meta = adapter.meta();
        node.put("adapter", meta.adapterId());
        node.put("step", meta.step());
        node.put("version", meta.version());
        node.put("publishedStep", meta.publishedStep());
        node.put("baseModel", meta.baseModel().name());
        node.put("baseModelSha256", meta.baseModel().sha256());
        node.put("labelRevision", adapter.labels().revision());
        adapter.labels().active().forEach(node.putArray("labels")::add);
        adapter.labels().retired().forEach(node.putArray("retiredLabels")::add);
        adapter.labels().configured().forEach(node.putArray("configuredLabels")::add);
        node.put("budget", adapter.budget());
        node.put("liveRanks", adapter.liveRanks());
        node.put("examples", meta.score().examples());
        node.put("accuracy", meta.score().metrics().get(PrequentialScore.ACCURACY));
        node.put("task", meta.score().task().id());
        ObjectNode metrics = node.putObject("metrics");
        meta.score().metrics().forEach(metrics::put);
        node.put("pendingExamples", pending);
        node.put("bytes", adapter.bytes());
        ArrayNode modules = node.putArray("modules");
        for (AdapterSummary.Module module : adapter.modules()) {
            modules.addObject()
                    .put("module", module.name())
                    .put("liveRank", module.liveRank())
                    .put("importance", module.importance());
        }
    }
}
