package io.rankstream.ops.labelstudio.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.ops.labelstudio.api.LabelStudioException.Kind;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The calls that the bridge makes. Each is one attempt.
 *
 * <p>For use by one thread. Every call throws {@link LabelStudioException} where Label Studio does
 * not answer, or answers with an error.
 */
public final class LabelStudioApi {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MOST_BYTES = 256 << 20;
    private static final int PROJECTS_A_PAGE = 100;

    /** What of a task, and of its annotations, is listed: the text is left where it is. */
    private static final String FIELDS =
            "id,meta,overlap,is_labeled,created_at,updated_at,annotations,result,completed_by,was_cancelled,lead_time";

    private final ApiConnection connection;

    /** Calls nothing yet. */
    public LabelStudioApi(URI base, ApiToken token) {
        this(base, token, LIMIT, MOST_BYTES);
    }

    LabelStudioApi(URI base, ApiToken token, Duration limit, int mostBytes) {
        this.connection = new ApiConnection(base, token, limit, mostBytes);
    }

    /** Release of Label Studio. */
    public String version() throws LabelStudioException, InterruptedException {
        return connection
                .call("GET", "/api/version/", null, "asking for its version")
                .path("release")
                .asText("unknown");
    }

    /** All projects that the user may see. */
    public List<ApiProject> projects() throws LabelStudioException, InterruptedException {
        List<ApiProject> projects = new ArrayList<>();
        JsonNode page;
        int number = 0;
        do {
            number++;
            page =
                    connection.call(
                            "GET",
                            "/api/projects/?page_size=%d&page=%d"
                                    .formatted(PROJECTS_A_PAGE, number),
                            null,
                            "listing projects");
            page.path("results").forEach(each -> projects.add(ApiProject.of(each)));
        } while (!page.path("next").isNull() && !page.path("next").isMissingNode());
        return projects;
    }

    /** A project. */
    public ApiProject project(long id) throws LabelStudioException, InterruptedException {
        return ApiProject.of(
                connection.call("GET", of(id), null, "looking up project %d".formatted(id)));
    }

    /** Makes a project, in which no annotation can be submitted empty. */
    public ApiProject create(String title, String description, String labelConfig)
            throws LabelStudioException, InterruptedException {
        ObjectNode body =
                ApiConnection.JSON
                        .createObjectNode()
                        .put("title", title)
                        .put("description", description)
                        .put("label_config", labelConfig)
                        .put("enable_empty_annotation", false);
        return ApiProject.of(
                connection.call(
                        "POST", "/api/projects/", body, "making project '%s'".formatted(title)));
    }

    /** Changes the labeling configuration of a project. */
    public void configure(long project, String labelConfig)
            throws LabelStudioException, InterruptedException {
        connection.call(
                "PATCH",
                of(project),
                ApiConnection.JSON.createObjectNode().put("label_config", labelConfig),
                "changing the labeling configuration of project %d".formatted(project));
    }

    /**
     * Adds tasks.
     *
     * @return their ids, in the order of {@code tasks}
     */
    public List<Long> add(long project, ArrayNode tasks)
            throws LabelStudioException, InterruptedException {
        String what = "adding tasks to project %d".formatted(project);
        JsonNode ids =
                connection
                        .call("POST", of(project) + "import?return_task_ids=true", tasks, what)
                        .path("task_ids");
        if (ids.size() != tasks.size()) {
            throw new LabelStudioException(
                    Kind.TRANSIENT,
                    "Label Studio named %d tasks while %s, expected %d"
                            .formatted(ids.size(), what, tasks.size()),
                    null);
        }
        List<Long> added = new ArrayList<>();
        ids.forEach(id -> added.add(id.asLong()));
        return added;
    }

    /**
     * Tasks of a project by their ids, without their texts.
     *
     * @param after greatest id that is left out; 0 for none
     * @param changedAfter those alone that have changed later than that; empty for all
     * @param most at most so many
     */
    public List<ApiTask> tasks(long project, long after, Optional<Instant> changedAfter, int most)
            throws LabelStudioException, InterruptedException {
        ObjectNode query = ApiConnection.JSON.createObjectNode();
        query.putArray("ordering").add("tasks:id");
        ObjectNode filters = query.putObject("filters").put("conjunction", "and");
        ArrayNode items = filters.putArray("items");
        items.addObject()
                .put("filter", "filter:tasks:id")
                .put("operator", "greater")
                .put("type", "Number")
                .put("value", after);
        changedAfter.ifPresent(
                time ->
                        items.addObject()
                                .put("filter", "filter:tasks:updated_at")
                                .put("operator", "greater")
                                .put("type", "Datetime")
                                .put("value", Times.written(time)));
        JsonNode page =
                connection.call(
                        "GET",
                        "/api/tasks?project=%d&fields=all&page_size=%d&include=%s&query=%s"
                                .formatted(
                                        project,
                                        most,
                                        FIELDS,
                                        URLEncoder.encode(
                                                query.toString(), StandardCharsets.UTF_8)),
                        null,
                        "listing tasks of project %d".formatted(project));
        List<ApiTask> tasks = new ArrayList<>();
        page.path("tasks").forEach(each -> tasks.add(ApiTask.of(each)));
        return tasks;
    }

    /** A task; empty if it is not there. */
    public Optional<ApiTask> task(long id) throws LabelStudioException, InterruptedException {
        return ifThere(
                () ->
                        ApiTask.of(
                                connection.call(
                                        "GET",
                                        ofTask(id),
                                        null,
                                        "looking up task %d".formatted(id))));
    }

    /**
     * Changes what belongs to the bridge in a task.
     *
     * @param overlap annotations of different people that it waits for
     * @param isLabeled whether it waits for none
     * @return whether it was there
     */
    public boolean change(long task, JsonNode meta, int overlap, boolean isLabeled)
            throws LabelStudioException, InterruptedException {
        ObjectNode body = ApiConnection.JSON.createObjectNode();
        body.set("meta", meta);
        body.put("overlap", overlap).put("is_labeled", isLabeled);
        return ifThere(
                        () ->
                                connection.call(
                                        "PATCH",
                                        ofTask(task),
                                        body,
                                        "changing task %d".formatted(task)))
                .isPresent();
    }

    /** Deletes a task, with all that is in it. That it is not there is as good. */
    public void delete(long task) throws LabelStudioException, InterruptedException {
        ifThere(
                () ->
                        connection.call(
                                "DELETE", ofTask(task), null, "deleting task %d".formatted(task)));
    }

    /** Deletes the predictions of a task, so that whoever labels it next sees none. */
    public void deletePredictions(long task) throws LabelStudioException, InterruptedException {
        String what = "deleting predictions of task %d".formatted(task);
        JsonNode predictions =
                connection.call("GET", "/api/predictions/?task=%d".formatted(task), null, what);
        for (JsonNode prediction : predictions) {
            String path = "/api/predictions/%d/".formatted(prediction.path("id").asLong());
            ifThere(() -> connection.call("DELETE", path, null, what));
        }
    }

    /** Webhooks of a project. */
    public List<ApiWebhook> webhooks(long project)
            throws LabelStudioException, InterruptedException {
        JsonNode found =
                connection.call(
                        "GET",
                        "/api/webhooks/?project=%d".formatted(project),
                        null,
                        "listing webhooks of project %d".formatted(project));
        List<ApiWebhook> webhooks = new ArrayList<>();
        found.forEach(
                each ->
                        webhooks.add(
                                new ApiWebhook(
                                        each.path("id").asLong(), each.path("url").asText())));
        return webhooks;
    }

    /**
     * Has Label Studio post to a URL when annotations or tasks of a project change. What is posted
     * names the action alone.
     */
    public void addWebhook(long project, String url)
            throws LabelStudioException, InterruptedException {
        ObjectNode body =
                ApiConnection.JSON
                        .createObjectNode()
                        .put("project", project)
                        .put("url", url)
                        .put("send_payload", false)
                        .put("send_for_all_actions", false);
        body.putArray("actions")
                .add("ANNOTATION_CREATED")
                .add("ANNOTATIONS_CREATED")
                .add("ANNOTATION_UPDATED")
                .add("ANNOTATIONS_DELETED");
        connection.call(
                "POST",
                "/api/webhooks/",
                body,
                "adding a webhook to project %d".formatted(project));
    }

    /** Deletes a webhook. That it is not there is as good. */
    public void deleteWebhook(long id) throws LabelStudioException, InterruptedException {
        ifThere(
                () ->
                        connection.call(
                                "DELETE",
                                "/api/webhooks/%d/".formatted(id),
                                null,
                                "deleting webhook %d".formatted(id)));
    }

    private interface Call<T> {
        T make() throws LabelStudioException, InterruptedException;
    }

    private static <T> Optional<T> ifThere(Call<T> call)
            throws LabelStudioException, InterruptedException {
        try {
            return Optional.of(call.make());
        } catch (LabelStudioException e) {
            if (e.kind() == Kind.GONE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String of(long project) {
        return "/api/projects/%d/".formatted(project);
    }

    private static String ofTask(long task) {
        return "/api/tasks/%d/".formatted(task);
    }
}
