package io.rankstream.ops.serve.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.ops.serve.http.Problem;
import io.rankstream.ops.serve.predict.Answer;
import io.rankstream.ops.serve.predict.Predictor;
import io.rankstream.ops.serve.predict.Text;
import io.rankstream.ops.serve.version.AdapterStatus;
import io.rankstream.ops.serve.version.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * What Label Studio asks of an ML backend: {@code health}, {@code setup}, {@code predict} and
 * {@code webhook}. The adapter is that of the URL under which the backend was added, or each task
 * names it: {@code adapterId} in its {@code meta} or its {@code data}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what follows an answer cannot fail
final class MlBackend {

    private static final String ADAPTER = "adapterId";

    private final Predictor predictor;
    private final Versions<?> versions;

    MlBackend(Predictor predictor, Versions<?> versions) {
        this.predictor = predictor;
        this.versions = versions;
    }

    Map<String, Object> health() {
        return Map.of("status", "UP", "model_class", "rankstream");
    }

    Map<String, Object> versions(Optional<String> adapter) throws Problem {
        return Map.of(
                "versions", adapter.isPresent() ? List.of(modelVersion(adapter.get())) : List.of());
    }

    /** Whether tasks of the project can be predicted, and by what. */
    Map<String, Object> setup(Optional<String> adapter, JsonNode body) throws Problem {
        if (body.path("schema").isTextual() && !body.path("schema").textValue().isBlank()) {
            LabelingConfig.of(body.path("schema").textValue());
        }
        return Map.of(
                "model_version", adapter.isPresent() ? modelVersion(adapter.get()) : "rankstream");
    }

    /** Annotations train by the topic of labels, which an answer to this cannot promise. */
    Map<String, Object> webhook() {
        return Map.of(
                "status",
                "ok",
                "detail",
                "nothing is trained by this: 'rankstream label-studio' takes annotations");
    }

    private String modelVersion(String adapterId) throws Problem {
        AdapterStatus status =
                versions.of(adapterId)
                        .orElseThrow(
                                () ->
                                        Problem.of(
                                                404,
                                                "no version of adapter %s was announced"
                                                        .formatted(Excerpt.of(adapterId))));
        long version =
                status.serving().map(id -> id.version()).orElse(status.newest().id().version());
        return modelVersion(adapterId, version);
    }

    private static String modelVersion(String adapterId, long version) {
        return "%s v%d".formatted(adapterId, version);
    }

    /** Predictions of tasks, one each in their order. */
    CompletableFuture<Map<String, Object>> predict(Optional<String> adapter, JsonNode body)
            throws Problem {
        LabelingConfig config = LabelingConfig.of(body.path("label_config").asText());
        JsonNode tasks = body.path("tasks");
        if (!tasks.isArray()) {
            throw Problem.of(400, "'tasks' is no list, expected the tasks to predict");
        }
        Map<String, List<Integer>> positions = new LinkedHashMap<>();
        Map<String, List<Text>> texts = new LinkedHashMap<>();
        for (int i = 0; i < tasks.size(); i++) {
            String asked = adapter.isPresent() ? adapter.get() : adapterOf(tasks.get(i), i);
            positions.computeIfAbsent(asked, id -> new ArrayList<>()).add(i);
            texts.computeIfAbsent(asked, id -> new ArrayList<>())
                    .add(text(tasks.get(i), config, i));
        }
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        try {
            for (Map.Entry<String, List<Text>> each : texts.entrySet()) {
                answers.add(
                        predictor.predict(each.getKey(), OptionalLong.empty(), each.getValue()));
            }
        } catch (Problem problem) {
            answers.forEach(answer -> answer.cancel(false));
            throw problem;
        }
        CompletableFuture<Map<String, Object>> results =
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .thenApply(
                                done ->
                                        results(
                                                config,
                                                tasks.size(),
                                                List.copyOf(positions.values()),
                                                answers));
        results.whenComplete((done, failure) -> answers.forEach(answer -> answer.cancel(false)));
        return results;
    }

    private static String adapterOf(JsonNode task, int index) throws Problem {
        for (String place : List.of("meta", "data")) {
            JsonNode id = task.path(place).path(ADAPTER);
            if (id.isTextual()) {
                return id.textValue();
            }
        }
        throw Problem.of(
                400,
                "task %d names no adapter, expected '%s' in its meta or its data; or add the backend as /label-studio/ID"
                        .formatted(index + 1, ADAPTER));
    }

    private static Text text(JsonNode task, LabelingConfig config, int index) throws Problem {
        JsonNode text = task.path("data").path(config.textField());
        if (!text.isTextual()) {
            throw Problem.of(
                    400,
                    "task %d has no text '%s' in its data"
                            .formatted(index + 1, config.textField()));
        }
        return new Text(text.textValue(), Optional.empty());
    }

    private static Map<String, Object> results(
            LabelingConfig config,
            int tasks,
            List<List<Integer>> positions,
            List<CompletableFuture<Answer>> answers) {
        Object[] results = new Object[tasks];
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i).join();
            for (int j = 0; j < answer.said().size(); j++) {
                results[positions.get(i).get(j)] = result(config, answer, answer.said().get(j));
            }
        }
        return Map.of("results", List.of(results));
    }

    /** Of labels that the project does not offer, nothing can be shown. */
    private static Map<String, Object> result(
            LabelingConfig config, Answer answer, Answer.Said said) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model_version", modelVersion(answer.adapterId(), answer.version()));
        List<String> labels =
                said.target().labels().stream().filter(config.choices()::contains).toList();
        if (labels.isEmpty() || said.probabilities().isEmpty()) {
            result.put("result", List.of());
            return result;
        }
        double least = labels.stream().mapToDouble(said.probabilities()::get).min().orElseThrow();
        result.put("score", (float) least);
        result.put(
                "result",
                List.of(
                        Map.of(
                                "from_name", config.fromName(),
                                "to_name", config.toName(),
                                "type", "choices",
                                "score", (float) least,
                                "value", Map.of("choices", labels))));
        return result;
    }
}
