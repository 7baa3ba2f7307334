package io.rankstream.ops.cli;

import io.rankstream.ops.stack.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line in a process of its own, started as the start script does. */
public final class CommandProcess {

    /** As the start script has them. */
    private static final List<String> JVM_FLAGS =
            List.of(
                    "-Xmx2g",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Dpekko.scheduler.tick-duration=100ms");

    private CommandProcess() {}

    /**
     * Starts {@code rankstream} with its output in the files {@code out} and {@code err}.
     *
     * @param folder for all that the process writes; it is made where it is missing
     * @param environment variables on top of ours
     */
    public static Process start(Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        ProcessBuilder builder =
                of(folder, arguments)
                        .redirectOutput(folder.resolve("out").toFile())
                        .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /**
     * {@code rankstream}, ready to start, with temporary files in {@code tmp} and logs in {@code
     * rankstream}.
     */
    public static ProcessBuilder of(Path folder, String... arguments) throws IOException {
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Distribution distribution = Distribution.locate();
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(JVM_FLAGS);
        line.add("-Djava.io.tmpdir=" + temporary);
        line.add("-Dai.djl.offline=true");
        line.add("-D" + Distribution.HOME_PROPERTY + "=" + distribution.home());
        line.add("-cp");
        line.add(distribution.classPath().toString());
        line.add(RankstreamCommand.class.getName());
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("XDG_STATE_HOME", folder.toString());
        return builder;
    }
}
