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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What Kafka and Flink cost: the demo, in a process of its own, against the trainer alone, on the
 * same examples. The demo's time includes starting the cluster and loading the model.
 */
@Command(
        name = "pipeline",
        description = "Examples/s through Kafka and Flink against the bare trainer loop.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class PipelineBenchmark implements Callable<Integer> {

    @Option(names = "--examples", description = "Examples of each run.")
    private int examples = 1600;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 128;

    @Option(names = "--rounds", description = "Rounds of both, one after the other.")
    private int rounds = 3;

    @Override
    public Integer call() throws Exception {
        MailStream mails = MailStream.open();
        JobConfig config = MailConfig.of(mails, maxLength, 16, 0, List.of());
        Path folder = Files.createTempDirectory("rankstream-benchmark");
        System.out.printf("%5s %14s %14s %7s%n", "round", "bare loop", "pipeline", "ratio");
        for (int round = 1; round <= rounds; round++) {
            double bare = BareLoop.run(config, mails.examples(examples)).examplesPerSecond();
            double pipeline = demo(folder.resolve("round-" + round));
            System.out.printf(
                    Locale.ROOT,
                    "%5d %12.1f/s %12.1f/s %6.1f%%%n",
                    round,
                    bare,
                    pipeline,
                    100 * pipeline / bare);
        }
        return 0;
    }

    private double demo(Path folder) throws Exception {
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
        return summary.get("examplesPerSecond").asDouble();
    }
}
