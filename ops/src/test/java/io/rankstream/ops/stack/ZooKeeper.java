package io.rankstream.ops.stack;

import io.rankstream.ops.stack.ChildJvm.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The ZooKeeper that comes with Flink, as a single node in a child JVM. */
public final class ZooKeeper implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private static final int ANSWER_LIMIT_MILLIS = 5_000;

    private final Ports.Server server;

    private ZooKeeper(Ports.Server server) {
        this.server = server;
    }

    /**
     * Starts a node and waits until it serves.
     *
     * @param folder empty working folder; it is made where it is missing
     */
    public static ZooKeeper start(Distribution distribution, Path folder)
            throws StackException, InterruptedException {
        return new ZooKeeper(
                Ports.serve(
                        0,
                        port -> launch(distribution, folder, port),
                        started ->
                                started.child()
                                        .awaitReady(READY_LIMIT, () -> isWell(started.port()))));
    }

    /** {@code host:port}. */
    public String address() {
        return HOST + ":" + server.port();
    }

    @Override
    public void close() {
        server.child().close();
    }

    private static ChildJvm launch(Distribution distribution, Path folder, int port)
            throws StackException {
        Path properties = folder.resolve("zoo.cfg");
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    properties,
                    """
                    tickTime=1000
                    clientPort=%d
                    clientPortAddress=%s
                    dataDir=%s
                    admin.enableServer=false
                    4lw.commands.whitelist=ruok
                    """
                            .formatted(port, HOST, folder.resolve("data")));
        } catch (IOException e) {
            throw new StackException("cannot write ZooKeeper's files to " + folder, e);
        }
        Command command =
                new Command(
                        List.of(
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.io.tmpdir=" + folder,
                                "-Dlog4j2.configurationFile="
                                        + "classpath:io/rankstream/ops/stack/child-log4j2.xml"),
                        FlinkProcesses.classPath(distribution),
                        "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                        List.of("--zkConfigFile", properties.toString(), "--peerId", "1"),
                        Map.of());
        return ChildJvm.start("ZooKeeper", folder, folder.resolve("zookeeper.log"), command);
    }

    private static boolean isWell(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
            socket.getOutputStream().write("ruok".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.US_ASCII).equals("imok");
        }
    }
}
