package io.rankstream.ops.serve.api;

import io.rankstream.adapters.task.Target;
import io.rankstream.ops.serve.predict.Answer;
import io.rankstream.ops.serve.version.AdapterStatus;
import io.rankstream.ops.serve.version.RefusedVersion;
import io.rankstream.ops.serve.version.VersionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is told of adapters, as maps that are JSON objects. */
final class AnswerJson {

    private AnswerJson() {}

    static Map<String, Object> of(Answer answer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("adapter", answer.adapterId());
        json.put("version", answer.version());
        json.put("step", answer.step());
        json.put("labels", answer.labels());
        List<Object> predictions = new ArrayList<>();
        answer.said().forEach(said -> predictions.add(of(answer, said)));
        json.put("predictions", predictions);
        return json;
    }

    private static Map<String, Object> of(Answer answer, Answer.Said said) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (said.target() instanceof Target.Numeric number) {
            json.put("number", number.value());
        } else {
            json.put("label", label(said.target()));
            if (!said.probabilities().isEmpty()) {
                json.put(
                        "probabilities",
                        answer.labels().stream().map(said.probabilities()::get).toList());
            }
        }
        said.passage().ifPresent(text -> json.put("answer", text));
        said.entities().ifPresent(texts -> json.put("entities", texts));
        json.put("truncated", said.truncated());
        return json;
    }

    /** A text, an object of start, end and label, or a list of one of them. */
    private static Object label(Target target) {
        if (target instanceof Target.Several several) {
            return several.members().stream().map(AnswerJson::label).toList();
        }
        if (target instanceof Target.Span span) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("start", span.start());
            json.put("end", span.end());
            span.label().ifPresent(label -> json.put("label", label));
            return json;
        }
        return target.shown();
    }

    static Map<String, Object> of(AdapterStatus status) {
        Map<String, Object> newest = new LinkedHashMap<>();
        newest.put("version", status.newest().id().version());
        newest.put("step", status.newest().step());
        newest.put("examples", status.newest().examples());
        newest.put("labels", status.newest().labels());
        newest.put("baseModel", status.newest().baseModel());
        newest.put("path", status.newest().id().folder());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("adapter", status.newest().id().adapterId());
        json.put("announced", newest);
        json.put("serving", status.serving().map(VersionId::version).orElse(null));
        json.put("ready", status.ready());
        json.put("refused", status.refused().stream().map(AnswerJson::of).toList());
        return json;
    }

    private static Map<String, Object> of(RefusedVersion refused) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", refused.id().version());
        json.put("reason", refused.reason());
        json.put("since", refused.since().toString());
        return json;
    }
}
