package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.serve.AdapterServer;
import io.rankstream.ops.serve.version.AnnouncementFollower;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** What {@code rankstream serve} makes of a job's versions, asked by HTTP. */
final class ServedJob implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final AdapterServer server;
    private final AnnouncementFollower follower;

    private ServedJob(AdapterServer server, AnnouncementFollower follower) {
        this.server = server;
        this.follower = follower;
    }

    /** Serves what a job publishes, from now on. */
    static ServedJob of(JobConfig job) throws Exception {
        AdapterServer server = AdapterServer.open(job.model(), job.serve().withPort(0));
        return new ServedJob(server, AnnouncementFollower.start(job, server.listener()));
    }

    /** Probabilities that the newest version gives a text, once that is it. */
    String whenServing(String adapter, long version, String text) throws Exception {
        JsonNode answer = ask(adapter, "latest", text);
        while (answer.path("version").asLong() != version) {
            answer = ask(adapter, "latest", text);
        }
        return probabilities(answer, version);
    }

    /** Probabilities that a version gives a text. */
    String probabilities(String adapter, long version, String text) throws Exception {
        return probabilities(ask(adapter, Long.toString(version), text), version);
    }

    private static String probabilities(JsonNode answer, long version) {
        assertThat(answer.path("version").asLong()).as(answer.toString()).isEqualTo(version);
        return answer.at("/predictions/0/probabilities").toString();
    }

    private JsonNode ask(String adapter, String version, String text) throws Exception {
        return json(
                HttpRequest.newBuilder(
                                server.address()
                                        .resolve(
                                                "/v1/adapters/%s/predict?version=%s"
                                                        .formatted(adapter, version)))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        JSON.writeValueAsString(Map.of("texts", List.of(text)))))
                        .build());
    }

    private JsonNode json(HttpRequest request) throws Exception {
        return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    @Override
    public void close() {
        follower.close();
        server.close();
    }
}
