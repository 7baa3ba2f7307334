package io.rankstream.ops;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The start script, with nothing on its PATH but the few tools that it may count on, and nothing in
 * its environment but what is given.
 */
final class Launcher {

    private static final List<String> TOOLS = List.of("dirname", "head", "readlink", "sed");
    private static final int LIMIT_SECONDS = 300;

    private final Path script;
    private final Path folder;
    private final Path tools;

    /**
     * A script to start.
     *
     * @param folder its working folder, home and folder for temporary files, which exists
     */
    Launcher(Path script, Path folder) throws IOException {
        this.script = script;
        this.folder = folder;
        this.tools = folder.resolve("tools");
        if (!Files.isDirectory(tools)) {
            Files.createDirectory(tools);
            addTools(TOOLS);
        }
    }

    /** Puts more tools of the system on the script's path. */
    void addTools(List<String> names) throws IOException {
        for (String name : names) {
            Files.createSymbolicLink(tools.resolve(name), Path.of("/usr/bin", name));
        }
    }

    /** What the script did. */
    record Run(int exitCode, String out, String err) {}

    /** Runs the script to its end. */
    Run run(Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(script.toString());
        line.addAll(arguments);
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(line + " did not end: " + read(out) + read(err));
        }
        return new Run(process.exitValue(), read(out), read(err));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
