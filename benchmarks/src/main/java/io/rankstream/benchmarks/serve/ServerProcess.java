package io.rankstream.benchmarks.serve;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, on a free port. */
final class ServerProcess implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(200);

    private final Process process;
    private final URI address;
    private final Duration startTime;

    private ServerProcess(Process process, URI address, Duration startTime) {
        this.process = process;
        this.address = address;
        this.startTime = startTime;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param command its port is added
     */
    static ServerProcess start(List<String> command, Duration limit)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> whole = new ArrayList<>(command);
        whole.add("--port=" + port);
        long began = System.nanoTime();
        Process process =
                new ProcessBuilder(whole)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        URI address = URI.create("http://127.0.0.1:%d/".formatted(port));
        while (!isReady(address)) {
            if (!process.isAlive() || System.nanoTime() - began > limit.toNanos()) {
                process.destroy();
                throw new IOException("no server came up within %s: %s".formatted(limit, whole));
            }
            process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        return new ServerProcess(process, address, Duration.ofNanos(System.nanoTime() - began));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean isReady(URI address) throws InterruptedException {
        try {
            return HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(address.resolve("/readyz")).build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false; // nobody listens yet
        }
    }

    URI address() {
        return address;
    }

    /** From its start until it was ready. */
    Duration startTime() {
        return startTime;
    }

    /** Memory that it has, as the system counts it. */
    double mebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
