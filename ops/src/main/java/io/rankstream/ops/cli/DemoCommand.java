package io.rankstream.ops.cli;

import io.rankstream.adapters.engine.TensorEngine;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.ops.cli.option.ConsoleOption;
import io.rankstream.ops.cli.option.DeviceConverter;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.Terminal;
import io.rankstream.ops.demo.Demo;
import io.rankstream.ops.demo.DemoOptions;
import io.rankstream.ops.demo.DemoStage;
import io.rankstream.ops.demo.OutputFolder;
import io.rankstream.ops.demo.labeling.LabelingDemo;
import io.rankstream.ops.stack.Distribution;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs the whole pipeline on the mail stream, with a broker and a registry of its own. */
@Command(
        name = "demo",
        description = {
            "Two adapters learn from 6,046 mails in their order of arrival: one tells spam from ham,"
                    + " one tells mailing lists apart. Broker and schema registry are started on free"
                    + " ports of this machine and stopped at the end."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Send the first N examples only; 0 sends all. With --labeling, N mails to each adapter.")
    private int examples;

    @Option(
            names = "--labeling",
            description = {
                "The mails come without their labels, and simulated people answer what the job asks"
                        + " them: late, at times wrong, a tenth of the mails. It takes some ten"
                        + " minutes."
            })
    private boolean labeling;

    @Option(
            names = "--max-length",
            paramLabel = "TOKENS",
            defaultValue = "64",
            description = "Token limit of a text, 8 to 512.")
    private int maxLength;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "4",
            description = "Examples of one training step, 1 to 1024.")
    private int batchSize;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that train; 0 takes every core.")
    private int threads;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            converter = DeviceConverter.class,
            description = "Where the model and the adapters live: cpu, gpu or gpu:N.")
    private DeviceSetting device;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "rankstream-out",
            description = "Folder for adapters, configuration and logs.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Seed of everything random.")
    private long seed;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the summary to this file as well, in JSON.")
    private Path json;

    @Option(
            names = "--keep-running",
            description = "Leave broker and registry up after the summary, until Ctrl-C.")
    private boolean keepRunning;

    @Mixin private ConsoleOption console;

    @ParentCommand private RankstreamCommand root;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        requireWithin("--examples", examples, 0, Integer.MAX_VALUE);
        requireWithin("--max-length", maxLength, 8, 512);
        requireWithin("--batch-size", batchSize, 1, 1024);
        requireWithin("--threads", threads, 0, 1024);
        if (json != null) {
            requireWritable("--json", json);
        }
        try (OutputFolder folder = OutputFolder.claim(out)) {
            Distribution.locate().requireLocal();
            TensorEngine.choose(null);
            root.logByDefaultTo(folder.logs().resolve("rankstream.log"));
            DemoStage stage =
                    new DemoStage(
                            folder,
                            spec.commandLine().getOut(),
                            Terminal.columns(),
                            (job, subject, say) -> console.open(job, subject, say, say));
            if (labeling) {
                new LabelingDemo(options(), stage).run();
            } else {
                new Demo(options(), stage).run();
            }
            return ExitCode.OK;
        }
    }

    private DemoOptions options() {
        return new DemoOptions(
                examples == 0 ? Integer.MAX_VALUE : examples,
                maxLength,
                batchSize,
                threads,
                device,
                seed,
                Optional.ofNullable(json),
                keepRunning);
    }

    private void requireWithin(String option, int value, int smallest, int largest) {
        if (value < smallest || value > largest) {
            String expected =
                    largest == Integer.MAX_VALUE
                            ? smallest + " or more"
                            : smallest + " to " + largest;
            throw new ParameterException(
                    spec.commandLine(), "%s is %d, expected %s".formatted(option, value, expected));
        }
    }

    /** Makes no folder: it may be part of an output that is yet to be replaced. */
    private void requireWritable(String option, Path file) {
        if (Files.isDirectory(file)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s is %s, expected a file, not a folder".formatted(option, file));
        }
        Path folder = file.toAbsolutePath().getParent();
        while (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            folder = folder.getParent();
        }
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s is %s, but %s is not a folder that can be written to"
                            .formatted(option, file, folder));
        }
    }
}
