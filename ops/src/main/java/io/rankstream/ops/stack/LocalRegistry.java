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
 * schemas are in a database in its working folder, where {@link #restart} finds them again.
 *
 * <p>One caller at a time.
 */
public final class LocalRegistry implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

    private final Distribution distribution;
    private final Path folder;
    private final Path log;
    private Ports.Server server;

    private LocalRegistry(Distribution distribution, Path folder, Path log, Ports.Server server) {
        this.distribution = distribution;
        this.folder = folder;
        this.log = log;
        this.server = server;
    }

    /**
     * Starts a registry that refuses schemas which are not backward compatible, and waits until it
     * serves.
     *
     * @param distribution where its class path is
     * @param folder working folder, empty if there is to be no schema; it is made where it is
     *     missing
     * @param log file that its output is appended to
     * @param port port of 127.0.0.1; 0 for any that is free
     */
    static LocalRegistry start(Distribution distribution, Path folder, Path log, int port)
            throws StackException, InterruptedException {
        Ports.Server server =
                Ports.serve(
                        port,
                        tried -> launch(distribution, folder, log, tried),
                        LocalRegistry::awaitReady);
        return new LocalRegistry(distribution, folder, log, server);
    }

    /** Ends the registry if it runs, and starts it on the same port with the schemas it had. */
    public void restart() throws StackException, InterruptedException {
        server.child().kill();
        int port = server.port();
        server = new Ports.Server(launch(distribution, folder, log, port), port);
        awaitReady(server);
    }

    private static void awaitReady(Ports.Server server)
            throws StackException, InterruptedException {
        String url = url(server.port());
        server.child().awaitReady(READY_LIMIT, () -> serves(url));
        server.child().awaitReady(READY_LIMIT, () -> demandsBackwardCompatibility(url));
    }

    static String url(int port) {
        return "http://%s:%d/apis/ccompat/v7".formatted(HOST, port);
    }

    int port() {
        return server.port();
    }

    /** Base URL of Confluent's API. */
    public String url() {
        return url(server.port());
    }

    /** Process id of the registry. */
    public long pid() {
        return server.child().pid();
    }

    /** Ends the registry at once, as a crash would. */
    public void kill() {
        server.child().kill();
    }

    void requireRunning() throws StackException {
        server.child().requireRunning();
    }

    @Override
    public void close() {
        server.child().close();
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
                                "-Xrs", // Ctrl-C ends it at once
                                "-XX:+UseSerialGC",
                                "-XX:-UsePerfData",
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
                        Map.of("REGISTRY_DATASOURCE_URL", database(folder)));
        return ChildJvm.start("schema registry", folder, log, command);
    }

    /** A file to which every registration is written before it is answered. */
    private static String database(Path folder) {
        return "jdbc:h2:file:%s;WRITE_DELAY=0"
                .formatted(folder.resolve("schemas").toAbsolutePath());
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
