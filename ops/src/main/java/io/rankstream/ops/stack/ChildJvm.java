package io.rankstream.ops.stack;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A Java process that ends with this one, its output in a file.
 *
 * <p>Safe for use by several threads.
 */
final class ChildJvm implements AutoCloseable {

    /** What a child may know of our environment: settings of the user's must not reach it. */
    private static final Set<String> INHERITED =
            Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TZ", "DJL_CACHE_DIR");

    /** How the JDK and Quarkus say that somebody else holds a port. */
    private static final List<String> PORT_TAKEN =
            List.of("Address already in use", "seems to be in use by another process");

    private static final int LOG_LINES_IN_ERRORS = 30;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);

    private final String name;
    private final Process process;
    private final Path log;

    private ChildJvm(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * What to run.
     *
     * @param jvmFlags flags of the JVM
     * @param classPath jars and folders
     * @param mainClass main class
     * @param arguments its arguments
     * @param environment variables on top of the few that are inherited
     */
    record Command(
            List<String> jvmFlags,
            List<String> classPath,
            String mainClass,
            List<String> arguments,
            Map<String, String> environment) {}

    /** Says whether the child can serve; an exception counts as not yet. */
    interface Probe {
        boolean ready() throws Exception;
    }

    /**
     * Starts a child.
     *
     * @param name what users call it, e.g. {@code broker}
     * @param folder its working folder, which exists
     * @param log file that its output is appended to
     */
    static ChildJvm start(String name, Path folder, Path log, Command command)
            throws StackException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(command.jvmFlags());
        line.add("-cp");
        line.add(String.join(File.pathSeparator, command.classPath()));
        line.add(Tether.class.getName());
        line.add(command.mainClass());
        line.addAll(command.arguments());
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(command.environment());
        try {
            return new ChildJvm(name, builder.start(), log);
        } catch (IOException e) {
            throw new StackException("the " + name + " could not be started: " + e.getMessage(), e);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    void requireRunning() throws StackException {
        if (!isRunning()) {
            throw new StackException(
                    "the %s ended unasked with exit code %d; last lines of %s:%n%s"
                            .formatted(name, process.exitValue(), log, logTail()));
        }
    }

    long pid() {
        return process.pid();
    }

    /** Whether its log speaks of a port that somebody else holds. */
    boolean lostItsPort() {
        String tail = logTail();
        return PORT_TAKEN.stream().anyMatch(tail::contains);
    }

    /**
     * Waits until the child serves.
     *
     * @throws StackException if it ends or does not serve in time; the message shows its last lines
     */
    void awaitReady(Duration limit, Probe probe) throws StackException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (probe.ready()) {
                    return;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                last = e;
            }
            if (process.waitFor(PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StackException(
                        "the %s ended with exit code %d before it was ready; last lines of %s:%n%s"
                                .formatted(name, process.exitValue(), log, logTail()));
            }
        }
        throw new StackException(
                "the %s was not ready after %d s; last lines of %s:%n%s"
                        .formatted(name, limit.toSeconds(), log, logTail()),
                last);
    }

    /** Waits for the child's end and returns its exit code. */
    int awaitExit(Duration limit) throws StackException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new StackException(
                    "the %s did not end within %d s; last lines of %s:%n%s"
                            .formatted(name, limit.toSeconds(), log, logTail()));
        }
        return process.exitValue();
    }

    /** Ends the child at once, as a crash would. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Ends the child; it is gone when this returns. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroyForcibly();
        }
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly().onExit().join();
    }

    private String logTail() {
        try {
            List<String> lines =
                    new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
            int from = Math.max(0, lines.size() - LOG_LINES_IN_ERRORS);
            return String.join(System.lineSeparator(), lines.subList(from, lines.size()));
        } catch (IOException e) {
            return "(" + log + " cannot be read)";
        }
    }
}
