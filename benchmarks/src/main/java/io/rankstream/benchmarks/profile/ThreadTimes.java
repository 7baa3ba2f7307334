package io.rankstream.benchmarks.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * CPU time that a process has used so far, from the kernel's accounts under /proc.
 *
 * @param total seconds of the whole process, threads that have ended included
 * @param threads seconds of each thread that is there
 */
record ThreadTimes(double total, Map<ThreadTimes.Task, Double> threads) {

    /**
     * A thread, which is a task to the kernel.
     *
     * @param name its first 15 characters
     */
    record Task(long id, String name) {}

    private static final Path PROC = Path.of("/proc");

    /** Ticks in a second: what Linux shows to programs on every machine. */
    private static final double TICKS = 100;

    /** Position of user and system time behind the name in a line of accounts. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    private record Account(String name, double seconds) {}

    /** Whether this system has such accounts. */
    static boolean areThere() {
        return Files.isDirectory(PROC.resolve("self/task"));
    }

    static ThreadTimes of(long pid) throws IOException {
        Path process = PROC.resolve(Long.toString(pid));
        Map<Task, Double> threads = new HashMap<>();
        for (Path thread : threadsOf(process)) {
            long id = Long.parseLong(thread.getFileName().toString());
            try {
                Account account = read(thread);
                threads.put(new Task(id, account.name()), account.seconds());
            } catch (IOException ended) {
                // its time is in the total alone
            }
        }
        return new ThreadTimes(read(process).seconds(), threads);
    }

    private static List<Path> threadsOf(Path process) throws IOException {
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            return threads.toList();
        }
    }

    /** A name may have blanks and parentheses in it. */
    private static Account read(Path account) throws IOException {
        String line = Files.readString(account.resolve("stat"));
        int end = line.lastIndexOf(')');
        String[] fields = line.substring(end + 2).split(" ", -1);
        double ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
        return new Account(line.substring(line.indexOf('(') + 1, end), ticks / TICKS);
    }

    /** Seconds since {@code before}, by the name of the threads; of ended ones under no name. */
    Map<String, Double> since(ThreadTimes before) {
        Map<String, Double> byName =
                threads.entrySet().stream()
                        .collect(
                                Collectors.groupingBy(
                                        thread -> thread.getKey().name(),
                                        Collectors.summingDouble(
                                                thread ->
                                                        thread.getValue()
                                                                - before.threads()
                                                                        .getOrDefault(
                                                                                thread.getKey(),
                                                                                0.0))));
        double named = byName.values().stream().mapToDouble(seconds -> seconds).sum();
        byName.put("", Math.max(0, total - before.total() - named));
        return byName;
    }
}
