package io.rankstream.benchmarks.profile;

import io.rankstream.benchmarks.job.Workbench;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.measure.StepTimes;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.demo.DemoConfig;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.send.RecordSender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who uses the CPU while the pipeline learns from the mail stream as fast as it can. */
@Command(
        name = "profile",
        description = "CPU time of the pipeline, its broker and its registry, by who uses it.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class ProfileBenchmark implements Callable<Integer> {

    /**
     * What one used.
     *
     * @param cpuSeconds CPU time in the window
     * @param share of the CPU time of all
     * @param threads CPU time by the name of its threads
     */
    record Usage(String user, double cpuSeconds, double share, Map<String, Double> threads) {}

    /**
     * What is written as JSON.
     *
     * @param seconds length of the window
     */
    record Report(int maxLength, int processors, double seconds, List<Usage> usages) {}

    /** CPU time so far of the three processes. */
    private record Accounts(ThreadTimes pipeline, ThreadTimes broker, ThreadTimes registry) {

        static Accounts read(Workbench bench) throws IOException {
            return new Accounts(
                    ThreadTimes.of(ProcessHandle.current().pid()),
                    ThreadTimes.of(bench.stack().broker().pid()),
                    ThreadTimes.of(bench.stack().registry().pid()));
        }

        Map<CpuUser, Map<String, Double>> since(Accounts before) {
            Map<CpuUser, Map<String, Double>> users = new EnumMap<>(CpuUser.class);
            for (CpuUser user : CpuUser.values()) {
                users.put(user, new TreeMap<>());
            }
            pipeline.since(before.pipeline())
                    .forEach((name, used) -> users.get(CpuUser.ofThread(name)).put(name, used));
            users.put(CpuUser.BROKER, broker.since(before.broker()));
            users.put(CpuUser.REGISTRY, registry.since(before.registry()));
            return users;
        }
    }

    @Spec private CommandSpec spec;

    @Option(names = "--warm-up", description = "Examples before the window.")
    private int warmUp = 320;

    @Option(names = "--seconds", description = "Length of the window.")
    private int seconds = 60;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 128;

    @Option(names = "--figure", description = "File for the figure, PNG.")
    private Path figure;

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        if (!ThreadTimes.areThere()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "the profile is made from Linux's accounts under /proc, which %s does not have: run it on Linux"
                            .formatted(System.getProperty("os.name")));
        }
        Report report;
        try (Workbench bench = Workbench.start()) {
            report = profile(bench);
        }
        print(report);
        json.write(report);
        if (figure != null) {
            ProfileFigure.write(report, figure);
        }
        return 0;
    }

    private Report profile(Workbench bench) throws Exception {
        MailStream mails = MailStream.open();
        JobConfig config =
                bench.config(
                        "profile",
                        """
                        kafka.bounded: true
                        model.max-length: %d
                        batch.linger: 0 s
                        adapters:
                        %s"""
                                .formatted(maxLength, DemoConfig.adapters(mails.labels())));
        bench.createTopics(config);
        RecordSender.sendAll(config, Topic.LABELED_EXAMPLES, mails.examples(Integer.MAX_VALUE));
        try (RunningJob job = RunningJob.start(config)) {
            try (StepTimes steps = new StepTimes(job, config)) {
                steps.await(warmUp);
            }
            long start = System.nanoTime();
            Accounts before = Accounts.read(bench);
            Thread.sleep(Duration.ofSeconds(seconds).toMillis());
            Accounts after = Accounts.read(bench);
            double elapsed = (System.nanoTime() - start) / 1e9;
            if (job.hasEnded()) {
                job.await();
                throw new IllegalStateException(
                        "the stream ended within %d s: give fewer seconds".formatted(seconds));
            }
            return report(after.since(before), elapsed);
        }
    }

    private Report report(Map<CpuUser, Map<String, Double>> users, double elapsed) {
        double total = users.values().stream().mapToDouble(ProfileBenchmark::sum).sum();
        List<Usage> usages = new ArrayList<>();
        users.forEach(
                (user, threads) ->
                        usages.add(
                                new Usage(
                                        user.label(),
                                        sum(threads),
                                        sum(threads) / total,
                                        threads)));
        return new Report(maxLength, Runtime.getRuntime().availableProcessors(), elapsed, usages);
    }

    private static double sum(Map<String, Double> threads) {
        return threads.values().stream().mapToDouble(used -> used).sum();
    }

    private static void print(Report report) {
        double total = report.usages().stream().mapToDouble(Usage::cpuSeconds).sum();
        System.out.printf(
                Locale.ROOT,
                "%.1f s of CPU in %.1f s on %d processors%n%n",
                total,
                report.seconds(),
                report.processors());
        System.out.printf("%-36s %10s %7s%n", "who", "CPU", "share");
        for (Usage usage : report.usages()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-36s %8.2f s %6.1f%%%n",
                    usage.user(),
                    usage.cpuSeconds(),
                    100 * usage.share());
        }
    }
}
