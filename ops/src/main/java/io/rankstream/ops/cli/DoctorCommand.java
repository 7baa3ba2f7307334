package io.rankstream.ops.cli;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.job.train.TrainingDevice;
import io.rankstream.ops.cli.log.LogFile;
import io.rankstream.ops.cli.option.DeviceConverter;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.doctor.Compute;
import io.rankstream.ops.doctor.Finding;
import io.rankstream.ops.doctor.Installation;
import io.rankstream.ops.doctor.Machine;
import io.rankstream.ops.doctor.Room;
import io.rankstream.ops.doctor.Surroundings;
import io.rankstream.ops.run.PreparedJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a job needs and whether it is there. */
@Command(
        name = "doctor",
        description = {
            "Says, one line each, what a job needs, and what of it is there: Java, memory,"
                    + " processor, disk, libtorch, CUDA, driver, device, and with --config all that"
                    + " 'config --check' tries, broker, registry and rights among it. A line begins"
                    + " with ok, note (a job runs without it) or missing (it does not). Nothing is"
                    + " made. The exit code is 0, or 3 where something is missing."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(DoctorCommand.class);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration of a job; looks at what that needs as well.")
    private Path config;

    @Option(
            names = "--device",
            paramLabel = "cpu|gpu|gpu:N",
            converter = DeviceConverter.class,
            description =
                    "Device that a job shall have; by default that of the configuration, or cpu.")
    private DeviceSetting device;

    @Spec private CommandSpec spec;

    /** Subjects of what is missing. */
    private final List<String> missing = new ArrayList<>();

    @Override
    public Integer call() {
        Optional<JobConfig> job = job();
        ComputeDevice wanted = wanted(job);
        look("Rankstream", () -> Installation.ofThisProcess(Version.number()).findings());
        look("machine", () -> Machine.ofThisProcess().findings());
        look("disk", () -> List.of(Room.at("temporary folder", temporaryFolder()).finding()));
        Optional.ofNullable(LogFile.inUse())
                .ifPresent(file -> look("disk", () -> List.of(ofLog(file))));
        job.ifPresent(each -> look("disk", () -> ofFolders(each)));
        int missingElsewhere = missing.size();
        look(
                "libtorch",
                () ->
                        Compute.inThisProcess(
                                        job.map(each -> each.model().engineDirectory())
                                                .orElse(null),
                                        wanted)
                                .findings());
        boolean isOfDevice = missing.size() > missingElsewhere;
        job.ifPresent(each -> look("configuration", () -> surroundings(each)));
        if (missing.isEmpty()) {
            say("A job can run on %s.".formatted(wanted));
            return ExitCode.OK;
        }
        say(
                "A job cannot run%s: mend what is missing (%s)."
                        .formatted(
                                isOfDevice ? " on " + wanted : "",
                                missing.stream().distinct().collect(Collectors.joining(", "))));
        return ExitCode.ENVIRONMENT;
    }

    /** Empty if there is none, or none that can be used. */
    private Optional<JobConfig> job() {
        if (config == null) {
            return Optional.empty();
        }
        try {
            JobConfig job = ConfigFile.load(config);
            tell(new Finding(Finding.Mark.OK, "configuration", config.toString()));
            return Optional.of(job);
        } catch (ConfigException e) {
            e.errors().forEach(each -> tell(Finding.missing("configuration", each.toString())));
            return Optional.empty();
        }
    }

    private ComputeDevice wanted(Optional<JobConfig> job) {
        DeviceSetting setting =
                device == null
                        ? job.map(each -> each.model().device())
                                .orElseGet(() -> new DeviceSetting.Fixed(new ComputeDevice.Cpu()))
                        : device;
        return TrainingDevice.of(setting, Set.of());
    }

    private static Finding ofLog(String file) {
        return Room.at("log folder", Path.of(file).toAbsolutePath().getParent().toString())
                .finding();
    }

    private static List<Finding> ofFolders(JobConfig job) {
        List<Finding> findings = new ArrayList<>();
        if (job.loop().mode().learns()) {
            findings.add(Room.at("published versions", job.publish().directory()).finding());
        }
        job.flink()
                .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                .ifPresent(folder -> findings.add(Room.at("checkpoints", folder).finding()));
        return findings;
    }

    private static List<Finding> surroundings(JobConfig job) {
        try {
            return new Surroundings(PreparedJob.tryOut(job)).findings();
        } catch (SavepointException e) {
            return List.of(Finding.missing("state", e.getMessage()));
        }
    }

    private static String temporaryFolder() {
        return System.getProperty("java.io.tmpdir");
    }

    /** What fails in a way of its own is a finding as well. */
    private void look(String subject, Supplier<List<Finding>> probe) {
        try {
            probe.get().forEach(this::tell);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} cannot be looked at.", subject, e);
            tell(
                    Finding.missing(
                            subject,
                            "cannot be looked at: %s (details in %s)"
                                    .formatted(e, LogFile.inUse())));
        }
    }

    private void tell(Finding finding) {
        if (finding.mark() == Finding.Mark.MISSING) {
            missing.add(finding.subject());
        }
        say(finding.line());
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
