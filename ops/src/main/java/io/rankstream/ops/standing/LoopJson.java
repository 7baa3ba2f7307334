package io.rankstream.ops.standing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.AnnotatorQuality;
import io.rankstream.schemas.ClassQuality;

/** How an adapter does on inputs without a label, for machines. What is not known is null. */
public final class LoopJson {

    private LoopJson() {}

    /** All that a line has. */
    public static void write(LoopLine loop, ObjectNode node) {
        node.put("inputsSeen", loop.inputs());
        node.put("inputsPerSecond", loop.rate());
        node.put("openRequests", loop.openRequests());
        ObjectNode outcomes = node.putObject("outcomesSeen");
        loop.outcomes().forEach((status, count) -> outcomes.put(status.name(), count));
        if (loop.quality().isPresent()) {
            write(loop.quality().get(), node.putObject("quality"));
        } else {
            node.putNull("quality");
        }
    }

    /** An estimate, in the names of its contract; the naive figure says that it is biased. */
    public static void write(AdapterQuality quality, ObjectNode node) {
        node.put("from", quality.getFrom().toString());
        node.put("to", quality.getTo().toString());
        node.put(
                "estimatedTo",
                quality.getEstimatedTo() == null ? null : quality.getEstimatedTo().toString());
        node.put("inputs", quality.getInputs());
        node.put("excluded", quality.getExcluded());
        node.put("asked", quality.getAsked());
        node.put("returned", quality.getReturned());
        node.put("accuracy", quality.getAccuracy());
        node.put("low", quality.getLow());
        node.put("high", quality.getHigh());
        node.put("lowest", quality.getLowest());
        node.put("highest", quality.getHighest());
        node.put("effectiveLabels", quality.getEffectiveLabels());
        node.put("trusted", quality.getTrusted());
        node.put("uniformAccuracy", quality.getUniformAccuracy());
        node.put("uniformLabels", quality.getUniformLabels());
        node.put("naiveAccuracyBiased", quality.getNaiveAccuracy());
        node.put("maturity", quality.getMaturity());
        node.put("delayP50Ms", quality.getDelayP50Ms());
        node.put("delayP95Ms", quality.getDelayP95Ms());
        node.put("expired", quality.getExpired());
        node.put("skipped", quality.getSkipped());
        node.put("conflicts", quality.getConflicts());
        node.put("corrected", quality.getCorrected());
        node.put("agreement", quality.getAgreement());
        node.put("budget", quality.getBudget());
        node.put("spent", quality.getSpent());
        ArrayNode classes = node.putArray("classes");
        quality.getClasses().forEach(one -> write(one, classes.addObject()));
        ArrayNode annotators = node.putArray("annotators");
        quality.getAnnotators().forEach(one -> write(one, annotators.addObject()));
    }

    private static void write(ClassQuality one, ObjectNode node) {
        node.put("label", one.getLabel());
        node.put("labels", one.getLabels());
        node.put("recall", one.getRecall());
    }

    private static void write(AnnotatorQuality one, ObjectNode node) {
        node.put("annotator", one.getAnnotator());
        node.put("votes", one.getVotes());
        node.put("skips", one.getSkips());
        node.put("agreement", one.getAgreement());
        node.put("weight", one.getWeight());
    }
}
