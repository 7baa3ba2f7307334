package io.rankstream.ops.labelstudio;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.schemas.LabelRequest;
import java.util.List;
import java.util.Map;

/** The form in which a request is added to a project. */
final class TaskForm {

    private static final char REPLACEMENT = '\uFFFD';

    private TaskForm() {}

    /**
     * The task of a request. A project shows people the predictions of one model version alone, and
     * an adapter has a new version within minutes: so the model version is the adapter, and its own
     * version is told beside the text.
     */
    static ObjectNode of(LabelRequest request) {
        ObjectNode task = JsonNodeFactory.instance.objectNode();
        ObjectNode data = task.putObject("data");
        data.put(LabelingConfig.TEXT, harmless(request.getText()));
        data.put(
                LabelingConfig.TEXT_PAIR,
                request.getTextPair() == null ? "" : harmless(request.getTextPair()));
        ObjectNode metadata = data.putObject(LabelingConfig.METADATA);
        request.getMetadata().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> metadata.put(harmless(each.getKey()), harmless(each.getValue())));
        data.put("priority", request.getPriority());
        data.put("reason", request.getReason().name());
        data.put("version", request.getVersion() == null ? "" : request.getVersion().toString());
        task.set("meta", TaskMeta.of(request).json());
        if (request.getSuggestion() != null) {
            ObjectNode prediction = task.putArray("predictions").addObject();
            prediction.put("model_version", request.getAdapterId());
            if (request.getSuggestionProbability() != null) {
                prediction.put("score", request.getSuggestionProbability());
            }
            suggest(request.getSuggestion(), prediction.putArray("result"));
        }
        return task;
    }

    /** Of none of several labels there is nothing to show. */
    private static void suggest(Object suggestion, ArrayNode result) {
        if (suggestion instanceof Double number) {
            region(result).put("type", "number").putObject("value").put("number", number);
            return;
        }
        List<?> labels = suggestion instanceof List<?> several ? several : List.of(suggestion);
        if (!labels.isEmpty()) {
            ArrayNode choices =
                    region(result).put("type", "choices").putObject("value").putArray("choices");
            labels.forEach(label -> choices.add((String) label));
        }
    }

    private static ObjectNode region(ArrayNode result) {
        return result.addObject()
                .put("from_name", LabelingConfig.CONTROL)
                .put("to_name", LabelingConfig.TEXT);
    }

    /**
     * {@code text} with another character for those that a database cannot hold: one task with half
     * a character keeps Label Studio from listing any task of the project.
     */
    private static String harmless(String text) {
        StringBuilder harmless = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        point ->
                                harmless.appendCodePoint(
                                        point == 0
                                                        || Character.getType(point)
                                                                == Character.SURROGATE
                                                ? REPLACEMENT
                                                : point));
        return harmless.toString();
    }
}
