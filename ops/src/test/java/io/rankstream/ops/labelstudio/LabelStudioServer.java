package io.rankstream.ops.labelstudio;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.rankstream.ops.fault.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Label Studio from PyPI on the loopback address, which a test can kill and start again. Property
 * {@code rankstream.test.label-studio} names its executable; else one is installed once, in a
 * virtual environment below {@code target}.
 */
final class LabelStudioServer implements AutoCloseable {

    static final String TOKEN = "0123456789abcdef0123456789abcdef01234567";

    private static final String RELEASE = "1.23.2";
    private static final String EXECUTABLE = System.getProperty("rankstream.test.label-studio", "");
    private static final Path ENVIRONMENT = Path.of("target", "label-studio").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path executable;
    private final Path folder;
    private final int port;
    private Process process;

    private LabelStudioServer(Path executable, Path folder, int port) {
        this.executable = executable;
        this.folder = folder;
        this.port = port;
    }

    /** Starts one; the test is skipped where there is no Python, or no way to PyPI. */
    static LabelStudioServer start(Path folder) throws Exception {
        Path executable = EXECUTABLE.isEmpty() ? installed() : Path.of(EXECUTABLE);
        LabelStudioServer server =
                new LabelStudioServer(executable, Files.createDirectories(folder), freePort());
        server.start();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Path installed() throws Exception {
        Path executable = ENVIRONMENT.resolve("bin").resolve("label-studio");
        if (!Files.isExecutable(executable)) {
            assumeTrue(
                    run("python3", "-m", "venv", ENVIRONMENT.toString()),
                    "no Python to run Label Studio with");
            assumeTrue(
                    run(
                            ENVIRONMENT.resolve("bin").resolve("pip").toString(),
                            "install",
                            "--quiet",
                            "label-studio==" + RELEASE),
                    "Label Studio cannot be installed from PyPI");
        }
        return executable;
    }

    private static boolean run(String... line) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(line).inheritIO().start();
            return process.waitFor(10, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts it, with what it had before. */
    void start() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        executable.toString(),
                        "start",
                        "--no-browser",
                        "--port",
                        Integer.toString(port),
                        "--internal-host",
                        "127.0.0.1",
                        "--username",
                        "annotator@example.org",
                        "--password",
                        "Annotate-1234",
                        "--user-token",
                        TOKEN);
        builder.environment()
                .putAll(
                        Map.of(
                                "LABEL_STUDIO_BASE_DATA_DIR",
                                folder.resolve("data").toString(),
                                "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN",
                                "true",
                                "SSRF_PROTECTION_ENABLED",
                                "false",
                                "COLLECT_ANALYTICS",
                                "0",
                                "LATEST_VERSION_CHECK",
                                "0"));
        process =
                builder.redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        Await.until(
                "Label Studio is up",
                () -> {
                    HttpRequest health =
                            HttpRequest.newBuilder(URI.create(address() + "/health")).build();
                    return http.send(health, BodyHandlers.discarding()).statusCode() == 200;
                });
    }

    /** Kills it. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** A personal access token of its user. */
    String personalToken() throws Exception {
        return call("POST", "/api/token/", "{}").path("token").asText();
    }

    /** The task of a request; a missing node where there is none. */
    JsonNode taskOf(String request) throws Exception {
        for (JsonNode project : call("GET", "/api/projects/", null).path("results")) {
            String tasks = "/api/tasks?fields=all&project=" + project.path("id").asLong();
            for (JsonNode task : call("GET", tasks, null).path("tasks")) {
                if (task.path("meta").path("requestId").asText().equals(request)) {
                    return task;
                }
            }
        }
        return MissingNode.getInstance();
    }

    /** A person answers a request. */
    long annotate(String request, String label) throws Exception {
        return submit(request, "[" + region(label) + "]", false);
    }

    /** A person cannot tell. */
    long skip(String request) throws Exception {
        return submit(request, "[]", true);
    }

    private long submit(String request, String result, boolean skips) throws Exception {
        return call(
                        "POST",
                        "/api/tasks/%d/annotations/".formatted(taskOf(request).path("id").asLong()),
                        "{\"result\": %s, \"was_cancelled\": %s, \"lead_time\": 2.5}"
                                .formatted(result, skips))
                .path("id")
                .asLong();
    }

    /** A person changes an annotation. */
    void change(long annotation, String label) throws Exception {
        call(
                "PATCH",
                "/api/annotations/%d/".formatted(annotation),
                "{\"result\": [%s]}".formatted(region(label)));
    }

    /** A person deletes an annotation. */
    void delete(long annotation) throws Exception {
        call("DELETE", "/api/annotations/%d/".formatted(annotation), null);
    }

    private static String region(String label) {
        return "{\"from_name\": \"label\", \"to_name\": \"text\", \"type\": \"choices\", \"value\": {\"choices\": [\"%s\"]}}"
                .formatted(label);
    }

    JsonNode call(String method, String path, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address() + path))
                        .header("Authorization", "Token " + TOKEN)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty()
                ? MissingNode.getInstance()
                : JSON.readTree(response.body());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
