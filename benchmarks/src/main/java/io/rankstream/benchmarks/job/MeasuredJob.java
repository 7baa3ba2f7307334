package io.rankstream.benchmarks.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.JobConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;

/** A job in this process, and what its JobManager says of it. */
public final class MeasuredJob {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int POLL_MILLIS = 50;

    /**
     * What a checkpoint cost.
     *
     * @param bytes what it added to those before it
     * @param stateBytes all that it consists of
     * @param millis from its start to its completion
     * @param syncMillis longest time for which it stopped a task
     * @param asyncMillis longest time that it went on beside a task
     */
    public record Checkpoint(
            long bytes, long stateBytes, long millis, long syncMillis, long asyncMillis) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final JobClient client;
    private final URI base;

    private MeasuredJob(JobClient client, int port) {
        this.client = client;
        this.base = URI.create("http://127.0.0.1:" + port + "/jobs/" + client.getJobID());
    }

    /** Starts the job of {@code config}, which says at which port it answers. */
    public static MeasuredJob start(JobConfig config) throws Exception {
        int port = Integer.parseInt(config.flink().get(RestOptions.BIND_PORT));
        return new MeasuredJob(RankstreamJob.start(config), port);
    }

    /** Mean of one of its figures over several checkpoints. */
    public static double mean(List<Checkpoint> taken, ToLongFunction<Checkpoint> figure) {
        return taken.stream().mapToLong(figure).average().orElseThrow();
    }

    public JobClient client() {
        return client;
    }

    /** Every checkpoint that was completed, the newest first. */
    List<Checkpoint> completed() throws IOException, InterruptedException {
        List<Checkpoint> completed = new ArrayList<>();
        for (JsonNode one : get("/checkpoints").get("history")) {
            if (one.get("status").asText().equals("COMPLETED")) {
                completed.add(checkpoint(one.get("id").asLong()));
            }
        }
        return completed;
    }

    /** Takes a checkpoint, waits for it and says what it cost. */
    public Checkpoint takeCheckpoint() throws IOException, InterruptedException {
        return await(triggerCheckpoint());
    }

    /**
     * Asks for a checkpoint.
     *
     * @return what {@link #await} wants
     */
    public String triggerCheckpoint() throws IOException, InterruptedException {
        HttpRequest.Builder trigger =
                request("/checkpoints")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"checkpointType\":\"CONFIGURED\"}"));
        return send(trigger).get("request-id").asText();
    }

    /** What a checkpoint cost that was asked for. */
    public Checkpoint await(String request) throws IOException, InterruptedException {
        String path = "/checkpoints/" + request;
        JsonNode answer = get(path);
        while (!answer.at("/status/id").asText().equals("COMPLETED")) {
            Thread.sleep(POLL_MILLIS);
            answer = get(path);
        }
        JsonNode operation = answer.get("operation");
        if (!operation.hasNonNull("checkpointId")) {
            throw new IOException("the checkpoint failed: " + operation.get("failureCause"));
        }
        return checkpoint(operation.get("checkpointId").asLong());
    }

    /** Sum of a metric of an operator over its subtasks, as of a moment ago. */
    public long metric(String operator, String name) throws IOException, InterruptedException {
        String get = "/subtasks/metrics?agg=sum&get=" + operator + "." + name;
        for (JsonNode vertex : get("").get("vertices")) {
            JsonNode found = get("/vertices/" + vertex.get("id").asText() + get);
            if (!found.isEmpty()) {
                return found.get(0).get("sum").asLong();
            }
        }
        throw new IOException("no task has the metric " + name + " of operator " + operator);
    }

    private Checkpoint checkpoint(long id) throws IOException, InterruptedException {
        String path = "/checkpoints/details/" + id;
        JsonNode all = get(path);
        long sync = 0;
        long async = 0;
        for (String vertex : (Iterable<String>) () -> all.get("tasks").fieldNames()) {
            JsonNode took = get(path + "/subtasks/" + vertex).at("/summary/checkpoint_duration");
            sync = Math.max(sync, took.at("/sync/max").asLong());
            async = Math.max(async, took.at("/async/max").asLong());
        }
        return new Checkpoint(
                all.get("checkpointed_size").asLong(),
                all.get("state_size").asLong(),
                all.get("end_to_end_duration").asLong(),
                sync,
                async);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(
                    "%s answered %d: %s"
                            .formatted(response.uri(), response.statusCode(), response.body()));
        }
        return JSON.readTree(response.body());
    }
}
