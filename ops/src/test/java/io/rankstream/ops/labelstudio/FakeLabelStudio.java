package io.rankstream.ops.labelstudio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Behaves as Label Studio 1.23.2 was seen to, traps included: ids of deleted tasks are given again,
 * an import is refused whole, and tasks wait for one annotation whatever they are sent with. Faults
 * are switched on by methods. Thread-safe.
 */
final class FakeLabelStudio implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PATH = Pattern.compile("/api/(\\w+)/?(\\d+)?/?(import)?/?");

    private final HttpServer server;
    private final Map<Long, ObjectNode> projects = new TreeMap<>();
    private final Map<Long, ObjectNode> tasks = new TreeMap<>();
    private final Map<Long, ObjectNode> webhooks = new TreeMap<>();
    private final List<String> calls = new ArrayList<>();

    private long annotations;
    private long ticks;
    private int failures;
    private int failure;
    private Optional<String> lostAnswer = Optional.empty();
    private Optional<String> poison = Optional.empty();
    private boolean refusesWebhooks;
    private long longestPage = Long.MAX_VALUE;
    private Optional<String> refusedConfiguration = Optional.empty();

    /** An answer: its status and what it says. */
    private record Answer(int status, JsonNode body) {}

    FakeLabelStudio() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next {@code number} calls are answered with a status, and nothing is done. */
    synchronized void fail(int number, int status) {
        failures = number;
        failure = status;
    }

    /** The next call like that, such as {@code POST import}, is carried out and not answered. */
    synchronized void loseAnswerOf(String call) {
        lostAnswer = Optional.of(call);
    }

    /** Refuses tasks with that text. */
    synchronized void refuse(String text) {
        poison = Optional.of(text);
    }

    /** Refuses projects whose labeling configuration has that in it. */
    synchronized void refuseConfigurationsWith(String text) {
        refusedConfiguration = Optional.of(text);
    }

    /** Takes every labeling configuration again. */
    synchronized void takeAllConfigurations() {
        refusedConfiguration = Optional.empty();
    }

    /** Lists no more tasks at once, whatever it is asked for. */
    synchronized void listAtMost(long tasksAPage) {
        longestPage = tasksAPage;
    }

    synchronized void refuseWebhooks() {
        refusesWebhooks = true;
    }

    /** Calls so far, as method and path without numbers. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Projects by their ids. */
    synchronized Map<Long, ObjectNode> projects() {
        return new TreeMap<>(projects);
    }

    synchronized void deleteProject(long id) {
        projects.remove(id);
        tasks.values().removeIf(task -> task.path("project").asLong() == id);
    }

    /** Tasks by their ids. */
    synchronized Map<Long, ObjectNode> tasks() {
        return new TreeMap<>(tasks);
    }

    /** The one task for a request. */
    synchronized ObjectNode taskOf(String request) {
        List<ObjectNode> found =
                tasks.values().stream()
                        .filter(
                                task ->
                                        task.path("meta")
                                                .path("requestId")
                                                .asText()
                                                .equals(request))
                        .toList();
        if (found.size() != 1) {
            throw new AssertionError("%d tasks for request %s".formatted(found.size(), request));
        }
        return found.get(0);
    }

    synchronized List<String> webhookUrls() {
        return webhooks.values().stream().map(each -> each.path("url").asText()).toList();
    }

    synchronized void addWebhook(long project, String url) {
        long id = webhooks.size() + 1L;
        webhooks.put(
                id, JSON.createObjectNode().put("id", id).put("project", project).put("url", url));
    }

    /** A person says that a label is right, for the request. */
    long annotate(String request, long user, String label) {
        return annotate(request, user, label, false);
    }

    /** A person cannot tell. */
    long skip(String request, long user) {
        return annotate(request, user, null, true);
    }

    private synchronized long annotate(String request, long user, String label, boolean skips) {
        ObjectNode task = taskOf(request);
        ObjectNode annotation = ((ArrayNode) task.get("annotations")).addObject();
        annotation
                .put("id", ++annotations)
                .put("completed_by", user)
                .put("was_cancelled", skips)
                .put("lead_time", 1.5)
                .put("updated_at", now())
                .set("result", result(label));
        isChanged(task);
        return annotations;
    }

    /** A person changes an annotation. */
    synchronized void change(long annotation, String label) {
        eachAnnotation(
                annotation,
                (task, list, index) ->
                        ((ObjectNode) list.get(index))
                                .put("updated_at", now())
                                .set("result", result(label)));
    }

    /** A person deletes an annotation. */
    synchronized void deleteAnnotation(long annotation) {
        eachAnnotation(annotation, (task, list, index) -> list.remove(index));
    }

    synchronized void deleteTask(String request) {
        tasks.remove(taskOf(request).path("id").asLong());
    }

    /** Somebody adds a task that has nothing to do with requests. */
    synchronized long addForeignTask(long project) {
        ObjectNode task = JSON.createObjectNode();
        task.putObject("data").put("text", "theirs");
        return add(project, task);
    }

    private interface Change {
        void make(ObjectNode task, ArrayNode list, int index);
    }

    private void eachAnnotation(long annotation, Change change) {
        for (ObjectNode task : tasks.values()) {
            ArrayNode list = (ArrayNode) task.get("annotations");
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).path("id").asLong() == annotation) {
                    change.make(task, list, i);
                    isChanged(task);
                    return;
                }
            }
        }
        throw new AssertionError("no annotation " + annotation);
    }

    private void isChanged(ObjectNode task) {
        task.put("updated_at", now());
        task.put("is_labeled", task.get("annotations").size() >= task.path("overlap").asInt());
    }

    private static ArrayNode result(String label) {
        ArrayNode result = JSON.createArrayNode();
        if (label != null) {
            result.addObject()
                    .put("from_name", "label")
                    .put("to_name", "text")
                    .put("type", "choices")
                    .putObject("value")
                    .putArray("choices")
                    .add(label);
        }
        return result;
    }

    private String now() {
        return Instant.parse("2026-05-04T10:00:00.000001Z").plusSeconds(++ticks).toString();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] sent = exchange.getRequestBody().readAllBytes();
        try (exchange) {
            Optional<Answer> answer = answer(exchange, sent);
            if (answer.isPresent()) {
                byte[] body = answer.get().body().toString().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.get().status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private synchronized Optional<Answer> answer(HttpExchange exchange, byte[] sent)
            throws IOException {
        String path = exchange.getRequestURI().getPath();
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            throw new AssertionError(path);
        }
        String what = matcher.group(3) == null ? matcher.group(1) : matcher.group(3);
        String call = exchange.getRequestMethod() + " " + what;
        calls.add(call);
        if (failures > 0) {
            failures--;
            return Optional.of(new Answer(failure, JSON.createObjectNode()));
        }
        long id = matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2));
        JsonNode body = sent.length == 0 ? null : JSON.readTree(sent);
        Answer answer = answer(call, id, query(exchange), body);
        if (lostAnswer.filter(call::equals).isPresent()) {
            lostAnswer = Optional.empty();
            return Optional.empty();
        }
        return Optional.of(answer);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new TreeMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private Answer answer(String call, long id, Map<String, String> query, JsonNode body)
            throws IOException {
        return switch (call) {
            case "GET version" -> new Answer(200, JSON.createObjectNode().put("release", "1.23.2"));
            case "GET projects" -> id == 0 ? listed() : found(projects.get(id));
            case "POST projects" -> isRefused(body) ? refused() : new Answer(201, create(body));
            case "PATCH projects" -> isRefused(body) ? refused() : patched(projects.get(id), body);
            case "POST import" -> imported(id, body);
            case "GET tasks" -> id == 0 ? listed(query) : found(tasks.get(id));
            case "PATCH tasks" -> patched(tasks.get(id), body);
            case "DELETE tasks" -> found(tasks.remove(id));
            case "GET predictions" -> predictions(query);
            case "DELETE predictions" -> deletedPrediction(id);
            case "GET webhooks" -> hooks(query);
            case "POST webhooks" -> hook(body);
            case "DELETE webhooks" -> found(webhooks.remove(id));
            default -> throw new AssertionError(call);
        };
    }

    private boolean isRefused(JsonNode project) {
        return refusedConfiguration
                .filter(project.path("label_config").asText()::contains)
                .isPresent();
    }

    private static Answer refused() {
        return new Answer(400, JSON.createObjectNode().put("detail", "Validation error"));
    }

    private static Answer found(JsonNode thing) {
        return thing == null
                ? new Answer(404, JSON.createObjectNode().put("detail", "No such thing."))
                : new Answer(200, thing);
    }

    private Answer listed() {
        ObjectNode page = JSON.createObjectNode().putNull("next");
        projects.values().forEach(page.putArray("results")::add);
        return new Answer(200, page);
    }

    private ObjectNode create(JsonNode body) {
        ObjectNode project = body.deepCopy();
        long id = projects.size() + 1L;
        project.put("id", id).put("created_at", now());
        projects.put(id, project);
        return project;
    }

    private Answer patched(ObjectNode thing, JsonNode body) {
        if (thing != null) {
            thing.setAll((ObjectNode) body);
            thing.put("updated_at", now());
        }
        return found(thing);
    }

    private Answer imported(long project, JsonNode body) {
        if (!projects.containsKey(project)) {
            return found(null);
        }
        for (JsonNode task : body) {
            if (poison.filter(task.path("data").path("text").asText()::equals).isPresent()) {
                return refused();
            }
        }
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode ids = answer.putArray("task_ids");
        body.forEach(task -> ids.add(add(project, task.deepCopy())));
        return new Answer(201, answer);
    }

    /** The id behind the largest, which a deleted task may have had. */
    private long add(long project, ObjectNode task) {
        long id = tasks.keySet().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
        String time = now();
        task.put("id", id)
                .put("project", project)
                .put("overlap", 1)
                .put("is_labeled", false)
                .put("created_at", time)
                .put("updated_at", time)
                .putArray("annotations");
        tasks.put(id, task);
        return id;
    }

    private Answer listed(Map<String, String> query) throws IOException {
        long project = Long.parseLong(query.get("project"));
        if (!projects.containsKey(project)) {
            return found(null);
        }
        JsonNode filters = JSON.readTree(query.get("query")).path("filters").path("items");
        ArrayNode page = JSON.createArrayNode();
        tasks.values().stream()
                .filter(task -> task.path("project").asLong() == project)
                .filter(task -> passes(task, filters))
                .limit(Math.min(longestPage, Long.parseLong(query.get("page_size"))))
                .forEach(page::add);
        return new Answer(200, JSON.createObjectNode().set("tasks", page));
    }

    private static boolean passes(JsonNode task, JsonNode filters) {
        for (JsonNode filter : filters) {
            boolean passes =
                    filter.path("type").asText().equals("Number")
                            ? task.path("id").asLong() > filter.path("value").asLong()
                            : Instant.parse(task.path("updated_at").asText())
                                    .isAfter(Instant.parse(filter.path("value").asText()));
            if (!passes) {
                return false;
            }
        }
        return true;
    }

    /** A task has one prediction at most, with the id of the task. */
    private Answer predictions(Map<String, String> query) {
        ArrayNode found = JSON.createArrayNode();
        ObjectNode task = tasks.get(Long.parseLong(query.get("task")));
        if (task != null && task.has("predictions")) {
            found.addObject().put("id", task.path("id").asLong());
        }
        return new Answer(200, found);
    }

    private Answer deletedPrediction(long task) {
        tasks.get(task).remove("predictions");
        return new Answer(200, JSON.createObjectNode());
    }

    private Answer hooks(Map<String, String> query) {
        ArrayNode found = JSON.createArrayNode();
        webhooks.values().stream()
                .filter(each -> each.path("project").asText().equals(query.get("project")))
                .forEach(found::add);
        return new Answer(200, found);
    }

    private Answer hook(JsonNode body) {
        if (refusesWebhooks) {
            return new Answer(
                    400, JSON.createObjectNode().put("detail", "URL resolves to a local address"));
        }
        addWebhook(body.path("project").asLong(), body.path("url").asText());
        return new Answer(201, body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
