package io.rankstream.benchmarks.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.measure.Course;
import io.rankstream.benchmarks.measure.DeviceOption;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.workload.MailConfig;
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
import java.util.stream.DoubleStream;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What Kafka and Flink cost: the demo, in a process of its own, against the trainer alone, on the
 * same examples, in turns. Both are measured twice: from the end of the first step to the end of
 * the run, which for the demo includes what its processes still have to compile, the last
 * checkpoint and the job's end; and from the end of a warm-up to the last step, as a stream without
 * end goes on.
 */
@Command(
        name = "pipeline",
        description = "Examples/s through Kafka and Flink against the bare trainer loop.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class PipelineBenchmark implements Callable<Integer> {

    private static final int BATCH = 16;

    /** A run of the demo, as its summary tells it. */
    private record DemoRun(
            double examplesPerSecond, double steadyExamplesPerSecond, double secondsToFirstStep) {}

    /**
     * Both, one after the other.
     *
     * @param bareExamplesPerSecond rate of the trainer alone from the first step on
     * @param bareSteadyExamplesPerSecond its rate after the warm-up
     */
    private record Round(
            double bareExamplesPerSecond, double bareSteadyExamplesPerSecond, DemoRun pipeline) {
        double ratio() {
            return pipeline.examplesPerSecond() / bareExamplesPerSecond;
        }

        double steadyRatio() {
            return pipeline.steadyExamplesPerSecond() / bareSteadyExamplesPerSecond;
        }
    }

    /** What is written as JSON. */
    private record Figures(
            int examples,
            int warmUp,
            int maxLength,
            int threads,
            String device,
            List<Round> rounds) {}

    @Option(names = "--examples", description = "Examples of each run.")
    private int examples = 1600;

    @Option(
            names = "--warm-up",
            description = "Examples of each run before its steady rate is measured.")
    private int warmUp = 320;

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

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (warmUp > examples - 2 * BATCH) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--warm-up is %d, expected at most %d of %d examples, so that steps follow it"
                            .formatted(warmUp, examples - 2 * BATCH, examples));
        }
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
                printHeader();
            }
            trained = loop.examples();
            Round round =
                    new Round(loop.course().rate(BATCH), loop.course().rate(warmUp), demo(trained));
            done.add(round);
            print(round);
        }
        if (rounds > 1) {
            printSpread("whole run", done.stream().mapToDouble(Round::ratio));
            printSpread("after the warm-up", done.stream().mapToDouble(Round::steadyRatio));
        }
        json.write(
                new Figures(
                        trained, warmUp, maxLength, threads, device.setting().toString(), done));
        return 0;
    }

    private static void printHeader() {
        System.out.printf(
                "%n%34s   %34s%n%12s %12s %8s   %12s %12s %8s %12s%n",
                "whole run",
                "after the warm-up",
                "bare loop",
                "pipeline",
                "ratio",
                "bare loop",
                "pipeline",
                "ratio",
                "first step");
    }

    private static void print(Round round) {
        System.out.printf(
                Locale.ROOT,
                "%10.1f/s %10.1f/s %7.1f%%   %10.1f/s %10.1f/s %7.1f%% %10.1f s%n",
                round.bareExamplesPerSecond(),
                round.pipeline().examplesPerSecond(),
                100 * round.ratio(),
                round.bareSteadyExamplesPerSecond(),
                round.pipeline().steadyExamplesPerSecond(),
                100 * round.steadyRatio(),
                round.pipeline().secondsToFirstStep());
    }

    private static void printSpread(String what, DoubleStream ratios) {
        double[] sorted = ratios.sorted().toArray();
        int last = sorted.length - 1;
        System.out.printf(
                Locale.ROOT,
                "%s: median %.1f%% (%.1f to %.1f)%n",
                what,
                50 * (sorted[last / 2] + sorted[sorted.length / 2]),
                100 * sorted[0],
                100 * sorted[last]);
    }

    private DemoRun demo(int trained) throws Exception {
        Path folder = Files.createTempDirectory("rankstream-benchmark");
        try {
            Path json = folder.resolve("summary.json");
            runDemo(folder.resolve("out"), json);
            JsonNode summary = new ObjectMapper().readTree(json.toFile());
            double start = summary.get("secondsToFirstStep").asDouble();
            double rate = (trained - BATCH) / (summary.get("seconds").asDouble() - start);
            return new DemoRun(rate, course(summary).rate(warmUp), start);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static Course course(JsonNode summary) {
        List<Course.Mark> marks = new ArrayList<>();
        for (JsonNode mark : summary.get("course")) {
            marks.add(
                    new Course.Mark(mark.get("seconds").asDouble(), mark.get("examples").asLong()));
        }
        return new Course(marks);
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
