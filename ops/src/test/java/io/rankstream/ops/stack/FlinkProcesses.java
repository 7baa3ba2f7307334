package io.rankstream.ops.stack;

import io.rankstream.ops.stack.ChildJvm.Command;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A JobManager and a TaskManager in JVMs of their own, with Flink's own class path and command
 * line, as on a machine with Flink installed.
 */
public final class FlinkProcesses implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final String RUNTIME = "org.apache.flink.runtime.";

    private final Distribution distribution;
    private final Path folder;
    private final List<ChildJvm> running = new ArrayList<>();

    private FlinkProcesses(Distribution distribution, Path folder) {
        this.distribution = distribution;
        this.folder = folder;
    }

    /** Starts both and waits until the TaskManager's slots are offered. */
    public static FlinkProcesses start(Distribution distribution, Path folder)
            throws IOException, InterruptedException {
        FlinkProcesses flink = new FlinkProcesses(distribution, folder);
        int restPort = Ports.free();
        Files.createDirectories(folder.resolve("tmp"));
        Files.createDirectories(flink.configuration());
        Files.writeString(
                flink.configuration().resolve("config.yaml"),
                config(folder, Ports.free(), restPort));
        try {
            flink.launch(
                    "jobmanager",
                    RUNTIME + "entrypoint.StandaloneSessionClusterEntrypoint",
                    "-Xmx512m");
            ChildJvm taskManager =
                    flink.launch(
                            "taskmanager", RUNTIME + "taskexecutor.TaskManagerRunner", "-Xmx1g");
            taskManager.awaitReady(READY_LIMIT, () -> offersSlots(restPort));
            return flink;
        } catch (StackException | InterruptedException e) {
            flink.close();
            throw e;
        }
    }

    /**
     * Submits the job jar with {@code flink run} and waits until the job has ended.
     *
     * @return exit code of the command line
     */
    public int run(Path jobConfig, Duration limit) throws StackException, InterruptedException {
        List<String> arguments =
                List.of("run", distribution.jobJar().toString(), "--config", jobConfig.toString());
        try (ChildJvm cli =
                start("cli", "org.apache.flink.client.cli.CliFrontend", "-Xmx1g", arguments)) {
            return cli.awaitExit(limit);
        }
    }

    /** What the command line printed. */
    public String output() throws IOException {
        return Files.readString(folder.resolve("cli.log"));
    }

    @Override
    public void close() {
        running.forEach(ChildJvm::close);
    }

    private Path configuration() {
        return folder.resolve("conf");
    }

    private ChildJvm launch(String name, String mainClass, String heap) throws StackException {
        ChildJvm child =
                start(name, mainClass, heap, List.of("--configDir", configuration().toString()));
        running.add(child);
        return child;
    }

    private ChildJvm start(String name, String mainClass, String heap, List<String> arguments)
            throws StackException {
        List<String> flags = new ArrayList<>();
        flags.add(heap);
        flags.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
        flags.add("-Dai.djl.offline=true");
        flags.add("-Dlog4j2.configurationFile=classpath:io/rankstream/ops/stack/child-log4j2.xml");
        for (String opened :
                List.of("util", "lang", "util.concurrent", "time", "nio", "net", "io")) {
            flags.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
        }
        return ChildJvm.start(
                name,
                folder,
                folder.resolve(name + ".log"),
                new Command(
                        flags,
                        classPath(),
                        mainClass,
                        arguments,
                        Map.of("FLINK_CONF_DIR", configuration().toString())));
    }

    private List<String> classPath() throws StackException {
        List<String> classPath = new ArrayList<>();
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(distribution.flinkLib(), "*.jar")) {
            jars.forEach(jar -> classPath.add(jar.toString()));
        } catch (IOException e) {
            throw new StackException(distribution.flinkLib() + " cannot be read", e);
        }
        classPath.add(distribution.opsJar().toString());
        return classPath;
    }

    private static String config(Path folder, int rpcPort, int restPort) {
        return """
               jobmanager.rpc.address: %1$s
               jobmanager.rpc.port: %2$d
               jobmanager.bind-host: %1$s
               rest.address: %1$s
               rest.bind-address: %1$s
               rest.port: %3$d
               rest.bind-port: %3$d
               taskmanager.host: %1$s
               taskmanager.bind-host: %1$s
               taskmanager.numberOfTaskSlots: 2
               taskmanager.cpu.cores: 2
               taskmanager.memory.framework.heap.size: 128m
               taskmanager.memory.framework.off-heap.size: 128m
               taskmanager.memory.jvm-metaspace.size: 256m
               taskmanager.memory.jvm-overhead.min: 256m
               taskmanager.memory.jvm-overhead.max: 256m
               taskmanager.memory.task.heap.size: 768m
               taskmanager.memory.task.off-heap.size: 2g
               taskmanager.memory.network.min: 64m
               taskmanager.memory.network.max: 64m
               taskmanager.memory.managed.size: 256m
               io.tmp.dirs: '%4$s'
               """
                .formatted(HOST, rpcPort, restPort, folder.resolve("tmp"));
    }

    private static boolean offersSlots(int restPort) throws IOException, InterruptedException {
        URI overview = URI.create("http://%s:%d/overview".formatted(HOST, restPort));
        HttpRequest request =
                HttpRequest.newBuilder(overview).timeout(Duration.ofSeconds(5)).build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body()
                .contains("\"slots-available\":2");
    }
}
