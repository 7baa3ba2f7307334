package io.rankstream.ops.stack;

import io.rankstream.ops.stack.ChildJvm.Command;
import java.io.File;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JobManager and TaskManagers in JVMs of their own, with Flink's own class path and command line,
 * as on a machine with Flink installed. Each TaskManager is known by its resource id, which is
 * never given twice.
 */
public final class FlinkProcesses implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration READY_LIMIT = Duration.ofMinutes(5);
    private static final Duration SUBMIT_LIMIT = Duration.ofMinutes(5);
    private static final String RUNTIME = "org.apache.flink.runtime.";
    private static final String JOB_MANAGER = "jobmanager";

    /** Jars whose classes are in the lib folder of a Flink distribution. */
    private static final Pattern OF_FLINK =
            Pattern.compile(
                    "(flink-(annotations|clients|connector-datagen|core|core-api|datastream"
                            + "|datastream-api|file-sink-common|hadoop-fs|metrics-core"
                            + "|queryable-state-client-java|rpc-akka-loader|rpc-core|runtime"
                            + "|runtime-web|shaded-[a-z]+(-[0-9])?|statebackend-rocksdb"
                            + "|streaming-java)|frocksdbjni|async-profiler"
                            + "|commons-(cli|collections|compress|io|lang3|math3|text)"
                            + "|kryo|minlog|objenesis|reflectasm|javassist|jsr305"
                            + "|snakeyaml-engine|snappy-java|lz4-java|slf4j-api"
                            + "|log4j-(api|core|slf4j2-impl))-[0-9.]+.*[.]jar");

    private static final Pattern SUBMITTED = Pattern.compile("JobID ([0-9a-f]{32})");

    private final Distribution distribution;
    private final Path folder;
    private final int restPort;
    private final Map<String, ChildJvm> running = new LinkedHashMap<>();
    private int taskManagers;

    private FlinkProcesses(Distribution distribution, Path folder, int restPort) {
        this.distribution = distribution;
        this.folder = folder;
        this.restPort = restPort;
    }

    /** Starts one TaskManager with two slots, and waits until they are offered. */
    public static FlinkProcesses start(Distribution distribution, Path folder)
            throws IOException, InterruptedException {
        return start(distribution, folder, 1, "taskmanager.numberOfTaskSlots: 2\n");
    }

    /**
     * Starts two TaskManagers with a slot each, so that a job of parallelism one always has a
     * spare, and a JobManager that finds its jobs again in ZooKeeper when it is restarted. Whoever
     * is silent for six seconds is taken for dead.
     *
     * @param zooKeeper {@code host:port}
     */
    public static FlinkProcesses startHighlyAvailable(
            Distribution distribution, Path folder, String zooKeeper)
            throws IOException, InterruptedException {
        String options =
                """
                taskmanager.numberOfTaskSlots: 1
                heartbeat.interval: 1000
                heartbeat.timeout: 6000
                web.refresh-interval: 20 ms
                high-availability.type: zookeeper
                high-availability.zookeeper.quorum: %s
                high-availability.zookeeper.client.session-timeout: 6 s
                high-availability.storageDir: '%s'
                """
                        .formatted(zooKeeper, folder.resolve("ha").toUri());
        return start(distribution, folder, 2, options);
    }

    private static FlinkProcesses start(
            Distribution distribution, Path folder, int taskManagers, String options)
            throws IOException, InterruptedException {
        int restPort = Ports.free();
        FlinkProcesses flink = new FlinkProcesses(distribution, folder, restPort);
        Files.createDirectories(folder.resolve("tmp"));
        Files.createDirectories(flink.configuration());
        Files.writeString(
                flink.configuration().resolve("config.yaml"),
                config(folder, Ports.free(), restPort) + options);
        try {
            flink.startJobManager();
            for (int i = 0; i < taskManagers; i++) {
                flink.startTaskManager();
            }
            flink.awaitSlots();
            return flink;
        } catch (StackException | InterruptedException e) {
            flink.close();
            throw e;
        }
    }

    /** Base URL of the JobManager's REST API. */
    public URI rest() {
        return URI.create("http://%s:%d".formatted(HOST, restPort));
    }

    /** Starts the JobManager, or starts it again at the same address. */
    public synchronized void startJobManager() throws StackException {
        launch(JOB_MANAGER, RUNTIME + "entrypoint.StandaloneSessionClusterEntrypoint", "-Xmx512m");
    }

    /**
     * Starts a TaskManager and returns at once.
     *
     * @return its resource id
     */
    public synchronized String startTaskManager() throws StackException {
        taskManagers++;
        String id = "taskmanager-" + taskManagers;
        launch(
                id,
                RUNTIME + "taskexecutor.TaskManagerRunner",
                "-Xmx1g",
                "-Dtaskmanager.resource-id=" + id);
        return id;
    }

    /**
     * Starts a TaskManager in the place of each that has ended by itself, as a supervisor does.
     * Flink ends one when a task fails to clean up, as a Kafka sink does that was fenced.
     */
    public synchronized void replaceEndedTaskManagers() throws StackException {
        for (String id : List.copyOf(running.keySet())) {
            if (!id.equals(JOB_MANAGER) && !running.get(id).isRunning()) {
                running.remove(id);
                System.out.printf("%s ended by itself, %s replaces it%n", id, startTaskManager());
            }
        }
    }

    /** Resource ids of the TaskManagers that run. */
    public synchronized List<String> taskManagers() {
        return running.entrySet().stream()
                .filter(child -> !child.getKey().equals(JOB_MANAGER))
                .filter(child -> child.getValue().isRunning())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Process id of the JobManager. */
    public synchronized long jobManagerPid() {
        return running.get(JOB_MANAGER).pid();
    }

    /** Process id of a TaskManager. */
    public synchronized long taskManagerPid(String id) {
        return running.get(id).pid();
    }

    /** What a TaskManager has logged. */
    public Path taskManagerLog(String id) {
        return log(id);
    }

    /** Ends the JobManager at once, as a crash would. */
    public synchronized void killJobManager() {
        running.remove(JOB_MANAGER).kill();
    }

    /** Ends a TaskManager at once, as a crash would. */
    public synchronized void killTaskManager(String id) {
        running.remove(id).kill();
    }

    /**
     * Submits the job jar with {@code flink run} and waits until the job has ended.
     *
     * @return exit code of the command line
     */
    public int run(Path jobConfig, Duration limit) throws StackException, InterruptedException {
        return commandLine(
                limit, "run", distribution.jobJar().toString(), "--config", jobConfig.toString());
    }

    /**
     * Submits the job jar with {@code flink run --detached}.
     *
     * @param arguments more arguments of the job
     * @return the job's id
     */
    public String submit(Path jobConfig, String... arguments)
            throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--detached",
                                distribution.jobJar().toString(),
                                "--config",
                                jobConfig.toString()));
        line.addAll(List.of(arguments));
        int exitCode = commandLine(SUBMIT_LIMIT, line.toArray(String[]::new));
        Matcher submitted = SUBMITTED.matcher(output());
        if (exitCode != 0 || !submitted.find()) {
            throw new StackException("flink run ended with " + exitCode + ": " + output());
        }
        return submitted.group(1);
    }

    /** What the command line printed. */
    public String output() throws IOException {
        return Files.readString(log("cli"));
    }

    @Override
    public synchronized void close() {
        running.values().forEach(ChildJvm::close);
    }

    private Path configuration() {
        return folder.resolve("conf");
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private int commandLine(Duration limit, String... arguments)
            throws StackException, InterruptedException {
        try (ChildJvm cli =
                start(
                        "cli",
                        "org.apache.flink.client.cli.CliFrontend",
                        "-Xmx1g",
                        List.of(arguments))) {
            return cli.awaitExit(limit);
        }
    }

    private void launch(String name, String mainClass, String heap, String... options)
            throws StackException {
        List<String> arguments = new ArrayList<>();
        arguments.add("--configDir");
        arguments.add(configuration().toString());
        arguments.addAll(List.of(options));
        running.put(name, start(name, mainClass, heap, arguments));
    }

    private void awaitSlots() throws StackException, InterruptedException {
        running.get(JOB_MANAGER)
                .awaitReady(READY_LIMIT, () -> overview().contains("\"slots-available\":2"));
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
                log(name),
                new Command(
                        flags,
                        classPath(distribution),
                        mainClass,
                        arguments,
                        Map.of("FLINK_CONF_DIR", configuration().toString())));
    }

    /** Class path of every process of Flink's: what Flink brings, and what the job jar adds. */
    static List<String> classPath(Distribution distribution) throws StackException {
        List<String> classPath = new ArrayList<>();
        Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(
                        entry ->
                                OF_FLINK.matcher(Path.of(entry).getFileName().toString()).matches())
                .forEach(classPath::add);
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

    private String overview() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(rest().resolve("/overview"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
