package io.rankstream.ops.stack;

import io.rankstream.ops.stack.ChildJvm.Command;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * One Kafka node (broker and controller) in a child JVM on the loopback interface.
 *
 * <p>It is ended without a flush, as by a crash. Its data lie in the working folder, and {@link
 * #restart} recovers them, as a broker does after a crash.
 *
 * <p>One caller at a time.
 */
public final class LocalBroker implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration READY_LIMIT = Duration.ofSeconds(90);
    private static final Duration LONGEST_TRANSACTION = Duration.ofHours(1);

    /** What a broker has besides the plain listener. */
    interface Extension {
        void addTo(Properties broker) throws StackException;
    }

    private final Distribution distribution;
    private final Path folder;
    private final Path log;
    private final int port;
    private ChildJvm child;

    private LocalBroker(
            Distribution distribution, Path folder, Path log, int port, ChildJvm child) {
        this.distribution = distribution;
        this.folder = folder;
        this.log = log;
        this.port = port;
        this.child = child;
    }

    /**
     * Starts a broker and waits until it serves.
     *
     * @param distribution where its class path is
     * @param folder working folder, empty if there is to be no topic; it is made where it is
     *     missing
     * @param port port of 127.0.0.1; 0 for any that is free
     * @param log file that its output is appended to
     */
    static LocalBroker start(Distribution distribution, Path folder, Path log, int port)
            throws StackException, InterruptedException {
        return start(distribution, folder, log, port, properties -> {});
    }

    /** Starts a broker on any free port. */
    public static LocalBroker start(Distribution distribution, Path folder, Path log)
            throws StackException, InterruptedException {
        return start(distribution, folder, log, 0);
    }

    /**
     * Starts a broker that has more to it than the plain listener.
     *
     * @param extension adds to the broker's properties, anew for each port that is tried
     */
    static LocalBroker start(
            Distribution distribution, Path folder, Path log, int port, Extension extension)
            throws StackException, InterruptedException {
        Ports.Server server =
                Ports.serve(
                        port,
                        tried -> launch(distribution, folder, log, tried, extension),
                        started -> awaitReady(started.child(), address(started.port())));
        return new LocalBroker(distribution, folder, log, server.port(), server.child());
    }

    /** Ends the broker if it runs, and starts it on the same port with the data that it has. */
    public void restart() throws StackException, InterruptedException {
        child.kill();
        child = run(distribution, folder, log);
        awaitReady(child, address(port));
    }

    private static void awaitReady(ChildJvm child, String address)
            throws StackException, InterruptedException {
        child.awaitReady(READY_LIMIT, () -> serves(address));
    }

    static String address(int port) {
        return HOST + ":" + port;
    }

    /** {@code host:port} of the broker. */
    public String bootstrapServers() {
        return address(port);
    }

    int port() {
        return port;
    }

    /** Process id of the broker. */
    public long pid() {
        return child.pid();
    }

    /** Ends the broker at once, as a crash would. */
    public void kill() {
        child.kill();
    }

    void requireRunning() throws StackException {
        child.requireRunning();
    }

    @Override
    public void close() {
        child.close();
    }

    private static ChildJvm launch(
            Distribution distribution, Path folder, Path log, int port, Extension extension)
            throws StackException {
        Properties broker = properties(folder.resolve("data"), port, Ports.free());
        extension.addTo(broker);
        try {
            Files.createDirectories(folder);
            try (Writer writer =
                    Files.newBufferedWriter(propertiesFile(folder), StandardCharsets.UTF_8)) {
                broker.store(writer, null);
            }
        } catch (IOException e) {
            throw new StackException("cannot write the broker's files to " + folder, e);
        }
        return run(distribution, folder, log);
    }

    private static Path propertiesFile(Path folder) {
        return folder.resolve("broker.properties");
    }

    /** Runs the broker of a folder, which it formats at its first start. */
    private static ChildJvm run(Distribution distribution, Path folder, Path log)
            throws StackException {
        Command command =
                new Command(
                        List.of(
                                "-Xmx512m",
                                "-Xrs", // Ctrl-C ends it at once
                                "-XX:+UseSerialGC",
                                "-XX:-UsePerfData",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.io.tmpdir=" + folder,
                                "-Dlog4j2.configurationFile="
                                        + "classpath:io/rankstream/ops/stack/child-log4j2.xml"),
                        distribution.brokerClassPath(),
                        BrokerMain.class.getName(),
                        List.of(propertiesFile(folder).toString()),
                        Map.of());
        return ChildJvm.start("broker", folder, log, command);
    }

    private static Properties properties(Path data, int port, int controllerPort) {
        Properties broker = new Properties();
        broker.put("process.roles", "broker,controller");
        broker.put("node.id", "1");
        broker.put("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
        broker.put("controller.listener.names", "CONTROLLER");
        broker.put(
                "listeners",
                "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(HOST, port, HOST, controllerPort));
        broker.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        broker.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        broker.put("log.dirs", data.toString());
        broker.put("auto.create.topics.enable", "false");
        broker.put("num.partitions", "1");
        broker.put("default.replication.factor", "1");
        broker.put("min.insync.replicas", "1");
        broker.put("offsets.topic.replication.factor", "1");
        broker.put("offsets.topic.num.partitions", "1");
        broker.put("transaction.state.log.replication.factor", "1");
        broker.put("transaction.state.log.min.isr", "1");
        broker.put("transaction.state.log.num.partitions", "1");
        broker.put("share.coordinator.state.topic.replication.factor", "1");
        broker.put("share.coordinator.state.topic.min.isr", "1");
        broker.put("share.coordinator.state.topic.num.partitions", "1");
        broker.put("transaction.max.timeout.ms", Long.toString(LONGEST_TRANSACTION.toMillis()));
        broker.put("group.initial.rebalance.delay.ms", "0");
        // A broker that was killed is accepted again sooner.
        broker.put("broker.session.timeout.ms", "3000");
        broker.put("broker.heartbeat.interval.ms", "1000");
        // Records that say nothing tell other controllers that this one lives; there are none.
        broker.put("metadata.max.idle.interval.ms", "0");
        // Each thread wakes up several times a second, be there a request or not.
        broker.put("num.network.threads", "1");
        broker.put("num.io.threads", "2");
        return broker;
    }

    private static boolean serves(String address) throws Exception {
        Map<String, Object> options =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address,
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 1000,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2000);
        try (Admin admin = Admin.create(options)) {
            return !admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).isEmpty();
        }
    }
}
