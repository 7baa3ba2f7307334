package io.rankstream.benchmarks.job;

import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.measure.DeviceOption;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.demo.MailStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prequential accuracy on the mail stream. */
@Command(
        name = "stream",
        description = "Prequential accuracy over the mail stream in its order.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class StreamBenchmark implements Callable<Integer> {

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 128;

    @Option(names = "--batch-size", description = "Examples a step.")
    private int batchSize = 4;

    @Option(names = "--threads", description = "Threads that train; 0: all cores.")
    private int threads;

    @Mixin private DeviceOption device;

    @Option(names = "--examples", description = "First N examples.", defaultValue = "2147483647")
    private int examples;

    @Option(
            names = "--set",
            paramLabel = "KEY: VALUE",
            description = "Training option, e.g. --set 'optimizer.learning-rate: 1e-3'.")
    private List<String> overrides = List.of();

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        MailStream mails = MailStream.open();
        JobConfig config =
                MailConfig.of(
                        mails.labels(), maxLength, batchSize, threads, device.setting(), overrides);
        BareLoop.Run run = BareLoop.run(config, mails.examples(examples));
        print(run);
        json.write(run);
        return 0;
    }

    /** Accuracy by adapter, then the rate. */
    static void print(BareLoop.Run run) {
        System.out.printf(
                "%-8s %9s %9s %10s %10s %12s %10s %9s%n",
                "adapter",
                "examples",
                "accuracy",
                "first 100",
                "first 400",
                "second half",
                "last 1000",
                "majority");
        run.adapters()
                .forEach(
                        (id, result) ->
                                System.out.printf(
                                        Locale.ROOT,
                                        "%-8s %9d %9.4f %10.4f %10.4f %12.4f %10.4f %9.4f%n",
                                        id,
                                        result.score().examples(),
                                        result.score().accuracy(),
                                        result.first100(),
                                        result.first400(),
                                        result.secondHalf(),
                                        result.score().recentAccuracy(),
                                        result.score().majorityAccuracy()));
        System.out.printf(
                Locale.ROOT,
                "%d examples in %.0f s, %.1f examples/s%n",
                run.examples(),
                run.seconds(),
                run.examplesPerSecond());
    }
}
