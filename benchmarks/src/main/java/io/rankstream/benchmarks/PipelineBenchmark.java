package io.rankstream.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What Kafka and Flink cost: the demo, in a process of its own, against the trainer alone, on the
 * same examples, in turns. Both are measured from the end of the first step to the end of the run,
 * which for the demo includes the last checkpoint and the job's end; the start is shown beside it.
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

    /**
     * Both, one after the other.
     *
     * @param bareExamplesPerSecond rate of the trainer alone
     */
    private record Round(double bareExamplesPerSecond, DemoRun pipeline) {
        double ratio() {
            return pipeline.examplesPerSecond() / bareExamplesPerSecond;
        }
    }

    /** What is written as JSON. */
    private record Figures(
            int examples, int maxLength, int threads, String device, List<Round> rounds) {}

    @Option(names = "--examples", description = "Examples of each run.")
    private int examples = 1600;

    @Option(names = "--rounds", description = "Runs of each, in turns.")
    private int rounds = 1;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 128;

    @Option(
            names = "--threads",
            description = "Threads of the trainer; 0 is one for each core, broker or no broker.")
    private int threads = 0;

    @Mixin private DeviceOption device;

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        MailStream mails = MailStream.open();
        JobConfig config =
                MailConfig.of(
                        mails.labels(), maxLength, BATCH, threads, device.setting(), List.of());
        List<LabeledExample> stream = mails.examples(examples);
        List<Round> done = new ArrayList<>();
        int trained = 0;
        for (int i = 0; i < rounds; i++) {
            BareLoop.Run loop = BareLoop.run(config, stream);
            if (i == 0) {
                StreamBenchmark.print(loop);
                System.out.printf(
                        Locale.ROOT,
                        "%n%12s %12s %7s %14s%n",
                        "bare loop",
                        "pipeline",
                        "ratio",
                        "first step");
            }
            trained = loop.examples();
            Round round = new Round(loop.steadyExamplesPerSecond(BATCH), demo(trained));
            done.add(round);
            print(round);
        }
        if (rounds > 1) {
            double[] ratios = done.stream().mapToDouble(Round::ratio).sorted().toArray();
            System.out.printf(
                    Locale.ROOT,
                    "median %.1f%% (%.1f to %.1f)%n",
                    50 * (ratios[(rounds - 1) / 2] + ratios[rounds / 2]),
                    100 * ratios[0],
                    100 * ratios[rounds - 1]);
        }
        json.write(new Figures(trained, maxLength, threads, device.setting().toString(), done));
        return 0;
    }

    private static void print(Round round) {
        System.out.printf(
                Locale.ROOT,
                "%10.1f/s %10.1f/s %6.1f%% %12.1f s%n",
                round.bareExamplesPerSecond(),
                round.pipeline().examplesPerSecond(),
                100 * round.ratio(),
                round.pipeline().secondsToFirstStep());
    }

    private DemoRun demo(int trained) throws Exception {
        Path folder = Files.createTempDirectory("rankstream-benchmark");
        try {
            Path json = folder.resolve("summary.json");
            runDemo(folder.resolve("out"), json);
            JsonNode summary = new ObjectMapper().readTree(json.toFile());
            double start = summary.get("secondsToFirstStep").asDouble();
            double rate = (trained - BATCH) / (summary.get("seconds").asDouble() - start);
            return new DemoRun(rate, start);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private void runDemo(Path folder, Path json) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                System.getProperty("rankstream.command"),
                                "demo",
                                "--examples=" + examples,
                                "--max-length=" + maxLength,
                                "--threads=" + threads,
                                "--device=" + device.setting(),
                                "--out=" + folder,
                                "--json=" + json)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException("the demo ended with exit code " + exit);
        }
    }
}
