package io.rankstream.ops.stack;

import io.rankstream.ops.stack.ChildJvm.Command;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An Apicurio schema registry with Confluent's API in a child JVM on the loopback interface. Its
 * schemas are in its memory alone.
 */
public final class LocalRegistry implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

    private final ChildJvm child;
    private final String url;

    private LocalRegistry(ChildJvm child, String url) {
        this.child = child;
        this.url = url;
    }

    /**
     * Starts a registry that refuses schemas which are not backward compatible, and waits until it
     * serves.
     *
     * @param distribution where its class path is
     * @param folder working folder; it is made where it is missing
     * @param log file that its output is appended to
     */
    public static LocalRegistry start(Distribution distribution, Path folder, Path log)
            throws StackException, InterruptedException {
        Ports.Server server =
                Ports.serve(
                        (port, attempt) -> launch(distribution, folder, log, port),
                        LocalRegistry::awaitReady);
        return new LocalRegistry(server.child(), url(server.port()));
    }

    private static void awaitReady(Ports.Server server)
            throws StackException, InterruptedException {
        String url = url(server.port());
        server.child().awaitReady(READY_LIMIT, () -> serves(url));
        server.child().awaitReady(READY_LIMIT, () -> demandsBackwardCompatibility(url));
    }

    private static String url(int port) {
        return "http://%s:%d/apis/ccompat/v7".formatted(HOST, port);
    }

    /** Base URL of Confluent's API. */
    public String url() {
        return url;
    }

    /** Process id of the registry. */
    public long pid() {
        return child.pid();
    }

    void requireRunning() throws StackException {
        child.requireRunning();
    }

    @Override
    public void close() {
        child.close();
    }

    private static ChildJvm launch(Distribution distribution, Path folder, Path log, int port)
            throws StackException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StackException("cannot write the registry's files to " + folder, e);
        }
        Command command =
                new Command(
                        List.of(
                                "-Xmx512m",
                                "-Xrs", // Ctrl-C ends it at once: nothing of it is kept
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.io.tmpdir=" + folder,
                                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                "-Dquarkus.http.host=" + HOST,
                                "-Dquarkus.http.port=" + port),
                        List.of(
                                distribution.registryJar().toString(),
                                distribution.opsJar().toString()),
                        "io.quarkus.runner.GeneratedMain",
                        List.of(),
                        Map.of());
        return ChildJvm.start("schema registry", folder, log, command);
    }

    private static boolean serves(String url) throws IOException, InterruptedException {
        return status(HttpRequest.newBuilder(URI.create(url + "/subjects"))) == 200;
    }

    private static boolean demandsBackwardCompatibility(String url)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + "/config"))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString("{\"compatibility\":\"BACKWARD\"}"));
        return status(request) == 200;
    }

    private static int status(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<Void> response =
                HttpClient.newHttpClient()
                        .send(request.timeout(REQUEST_LIMIT).build(), BodyHandlers.discarding());
        return response.statusCode();
    }
}
