package io.rankstream.benchmarks.serve;

import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.files.Trees;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Requests for predictions, answered by Rankstream's server and by PEFT behind FastAPI: the same
 * base model, adapters and texts, the same clients, in turns.
 */
@Command(
        name = "serve",
        description =
                "Requests/s and their times, of Rankstream's server and of PEFT behind FastAPI, which"
                        + " switches adapters: the same adapters and texts, in turns.",
        mixinStandardHelpOptions = true)
public final class ServeBenchmark implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final double ALIKE = 1e-4;

    @Option(
            names = "--adapters",
            split = ",",
            defaultValue = "1,16,1000",
            description = "Numbers of adapters, default ${DEFAULT-VALUE}.")
    private List<Integer> adapters;

    @Option(
            names = "--clients",
            split = ",",
            defaultValue = "1,16",
            description = "Numbers of clients, default ${DEFAULT-VALUE}.")
    private List<Integer> clients;

    @Option(
            names = "--exponent",
            defaultValue = "1",
            description = "Zipf's law: whom clients ask, default ${DEFAULT-VALUE}.")
    private double exponent;

    @Option(
            names = "--max-length",
            defaultValue = "64",
            description = "Tokens of a text, default ${DEFAULT-VALUE}.")
    private int length;

    @Option(
            names = "--seconds",
            defaultValue = "15",
            description = "Of each measurement, default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "5",
            description = "Seconds before each, default ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--threads",
            defaultValue = "0",
            description = "Threads that compute, on either side; 0 takes every core.")
    private int threads;

    @Option(
            names = "--cache-mib",
            defaultValue = "512",
            description = "MiB of adapters in memory of our server, default ${DEFAULT-VALUE}.")
    private int cache;

    @Option(
            names = "--linger-ms",
            defaultValue = "0",
            description = "serve.linger of our server, default ${DEFAULT-VALUE}.")
    private int linger;

    @Option(names = "--without-peft", description = "Measures our server alone.")
    private boolean alone;

    @Mixin private FiguresFile figures;

    /** A line of the table. */
    private record Row(
            String server,
            int adapters,
            int clients,
            double requestsPerSecond,
            double p50Millis,
            double p99Millis,
            long failures,
            double startSeconds,
            double mebibytes,
            double load) {}

    @Override
    public Integer call() throws Exception {
        List<LabeledExample> mails =
                MailStream.open().examplesOf(MailStream.SPAM_ADAPTER).stream()
                        .filter(mail -> !mail.getText().isBlank())
                        .toList();
        List<String> texts = mails.stream().map(LabeledExample::getText).toList();
        Path folder = Files.createTempDirectory("rankstream-serve");
        try {
            int most = adapters.stream().mapToInt(count -> count).max().orElseThrow();
            Tenants.publish(folder, most, length, mails);
            System.out.println(
                    "| server | adapters | clients | requests/s | p50 ms | p99 ms | failed | start s | MiB | load |");
            System.out.println("|---|---|---|---|---|---|---|---|---|---|");
            List<Row> rows = new ArrayList<>();
            for (int count : adapters) {
                compare(folder, count, texts, rows);
            }
            figures.write(rows);
        } finally {
            Trees.delete(folder);
        }
        return 0;
    }

    private void compare(Path folder, int count, List<String> texts, List<Row> rows)
            throws Exception {
        double[] ours = new double[Math.min(count, 8)];
        try (ServerProcess server = ServerProcess.start(ours(folder, count), PATIENCE)) {
            measure("Rankstream", server, count, texts, rows);
            sample(server, count, texts, ours);
        }
        if (alone) {
            return;
        }
        double[] theirs = new double[ours.length];
        try (ServerProcess server = ServerProcess.start(theirs(folder, count), PATIENCE)) {
            measure("PEFT, FastAPI", server, count, texts, rows);
            sample(server, count, texts, theirs);
        }
        for (int i = 0; i < ours.length; i++) {
            if (Math.abs(ours[i] - theirs[i]) > ALIKE) {
                throw new IOException(
                        "%s says %s here and %s there of one text, expected the same"
                                .formatted(Tenants.name(i), ours[i], theirs[i]));
            }
        }
    }

    private void sample(ServerProcess server, int count, List<String> texts, double[] said)
            throws Exception {
        Clients client = new Clients(server.address(), texts, count, exponent);
        for (int i = 0; i < said.length; i++) {
            said[i] = client.probability(i, texts.get(i));
        }
    }

    private void measure(
            String name, ServerProcess server, int count, List<String> texts, List<Row> rows)
            throws Exception {
        Clients asking = new Clients(server.address(), texts, count, exponent);
        for (int together : clients) {
            asking.ask(together, Duration.ofSeconds(warmUp));
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            Clients.Outcome outcome = asking.ask(together, Duration.ofSeconds(seconds));
            Row row =
                    new Row(
                            name,
                            count,
                            together,
                            outcome.nanos().length / (double) seconds,
                            outcome.percentile(.5),
                            outcome.percentile(.99),
                            outcome.failures(),
                            server.startTime().toMillis() / 1e3,
                            server.mebibytes(),
                            load);
            rows.add(row);
            System.out.printf(
                    "| %s | %,d | %d | %.1f | %.1f | %.1f | %d | %.1f | %,.0f | %.1f |%n",
                    row.server(),
                    row.adapters(),
                    row.clients(),
                    row.requestsPerSecond(),
                    row.p50Millis(),
                    row.p99Millis(),
                    row.failures(),
                    row.startSeconds(),
                    row.mebibytes(),
                    row.load());
        }
    }

    private int threads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    private List<String> ours(Path folder, int count) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.rankstream.benchmarks.Benchmarks",
                        "served",
                        folder.toString(),
                        "--cache-mib=" + cache,
                        "--linger-ms=" + linger));
        command.addAll(common(count));
        return command;
    }

    private List<String> theirs(Path folder, int count) {
        Path root = Path.of(System.getProperty("rankstream.command")).getParent();
        List<String> command = new ArrayList<>();
        command.add(root.resolve("benchmarks/peft/run").toString());
        command.add("serve");
        command.add(folder.toString());
        command.addAll(common(count));
        return command;
    }

    private List<String> common(int count) {
        return List.of("--adapters=" + count, "--length=" + length, "--threads=" + threads());
    }
}
