package io.rankstream.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.demo.MailStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What Kafka and Flink cost: the demo, in a process of its own, against the trainer alone, on the
 * same examples. Both are measured from the end of the first step to the end of the run, which for
 * the demo includes the last checkpoint and the job's end; the start is shown beside it.
 */
@Command(
        name = "pipeline",
        description = "Examples/s through Kafka and Flink against the bare trainer loop.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class PipelineBenchmark implements Callable<Integer> {

    private static final int BATCH = 16;

    /** A run of the demo, as its summary tells it. */
    private record DemoRun(double examplesPerSecond, double secondsToFirstStep) {}

    @Option(names = "--examples", description = "Examples of each run.")
    private int examples = 1600;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 128;

    @Option(names = "--rounds", description = "Rounds of both, one after the other.")
    private int rounds = 3;

    @Override
    public Integer call() throws Exception {
        MailStream mails = MailStream.open();
        JobConfig config = MailConfig.of(mails, maxLength, BATCH, 0, List.of());
        Path folder = Files.createTempDirectory("rankstream-benchmark");
        try {
            System.out.printf(
                    "%5s %12s %12s %7s %14s%n",
                    "round", "bare loop", "pipeline", "ratio", "first step");
            for (int round = 1; round <= rounds; round++) {
                double bare =
                        BareLoop.run(config, mails.examples(examples))
                                .steadyExamplesPerSecond(BATCH);
                DemoRun demo = demo(folder.resolve("round-" + round));
                System.out.printf(
                        Locale.ROOT,
                        "%5d %10.1f/s %10.1f/s %6.1f%% %12.1f s%n",
                        round,
                        bare,
                        demo.examplesPerSecond(),
                        100 * demo.examplesPerSecond() / bare,
                        demo.secondsToFirstStep());
            }
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
        return 0;
    }

    private DemoRun demo(Path folder) throws Exception {
        Path json = folder.resolveSibling(folder.getFileName() + ".json");
        Process process =
                new ProcessBuilder(
                                System.getProperty("rankstream.command"),
                                "demo",
                                "--examples=" + examples,
                                "--max-length=" + maxLength,
                                "--out=" + folder,
                                "--json=" + json)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException("the demo ended with exit code " + exit);
        }
        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        double start = summary.get("secondsToFirstStep").asDouble();
        double rate = (examples - BATCH) / (summary.get("seconds").asDouble() - start);
        return new DemoRun(rate, start);
    }
}
