package io.rankstream.ops.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What a JobManager says of a job. Every call fails while there is no JobManager. */
final class FlinkRest {

    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI base;
    private final String jobId;

    FlinkRest(URI base, String jobId) {
        this.base = base;
        this.jobId = jobId;
    }

    /** State of the job, e.g. {@code RUNNING}. */
    String state() throws IOException, InterruptedException {
        return job("").path("state").asText();
    }

    /** TaskManager that runs the job, which fits into one slot, or none if not all of it runs. */
    Optional<String> runsOn() throws IOException, InterruptedException {
        JsonNode vertices = job("").path("vertices");
        for (JsonNode vertex : vertices) {
            if (!vertex.path("status").asText().equals("RUNNING")) {
                return Optional.empty();
            }
        }
        String first = vertices.path(0).path("id").asText();
        JsonNode subtask = job("/vertices/" + first).path("subtasks").path(0);
        return Optional.of(subtask.path("taskmanager-id").asText());
    }

    /** Whether a failure has a text in its stack trace that is no older than a time. */
    boolean hasFailed(String text, long sinceMillis) throws IOException, InterruptedException {
        for (JsonNode entry : job("/exceptions").path("exceptionHistory").path("entries")) {
            if (entry.path("timestamp").asLong() >= sinceMillis
                    && entry.path("stacktrace").asText().contains(text)) {
                return true;
            }
        }
        return false;
    }

    /** Waits until a checkpoint is being taken, and returns its id. */
    long awaitCheckpointInProgress() throws InterruptedException {
        long[] checkpoint = new long[1];
        Await.until(
                "a checkpoint is in progress",
                () -> {
                    OptionalLong found = inProgress(false);
                    found.ifPresent(id -> checkpoint[0] = id);
                    return found.isPresent();
                });
        return checkpoint[0];
    }

    /** Whether a savepoint is being taken. */
    boolean isSavepointInProgress() throws IOException, InterruptedException {
        return inProgress(true).isPresent();
    }

    /**
     * Asks for a savepoint.
     *
     * @return the request's id
     */
    String triggerSavepoint(Path folder) throws IOException, InterruptedException {
        return post("/savepoints", "{\"target-directory\":\"%s\"}".formatted(folder.toUri()));
    }

    /** Ends the job as if its input had ended, behind a savepoint. */
    String stopAndDrain(Path folder) throws IOException, InterruptedException {
        return post(
                "/stop", "{\"targetDirectory\":\"%s\",\"drain\":true}".formatted(folder.toUri()));
    }

    /** Whether a savepoint that was asked for has been completed, or has failed. */
    boolean isSavepointOver(String request) throws IOException, InterruptedException {
        JsonNode status = job("/savepoints/" + request).path("status").path("id");
        return status.asText().equals("COMPLETED");
    }

    private OptionalLong inProgress(boolean savepoint) throws IOException, InterruptedException {
        for (JsonNode checkpoint : job("/checkpoints").path("history")) {
            if (checkpoint.path("status").asText().equals("IN_PROGRESS")
                    && checkpoint.path("is_savepoint").asBoolean() == savepoint) {
                return OptionalLong.of(checkpoint.path("id").asLong());
            }
        }
        return OptionalLong.empty();
    }

    private String post(String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body));
        return send(request).path("request-id").asText();
    }

    private JsonNode job(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve("/jobs/" + jobId + path)).timeout(REQUEST_LIMIT);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(
                    "%s answered %d: %s"
                            .formatted(response.uri(), response.statusCode(), response.body()));
        }
        return JSON.readTree(response.body());
    }
}
