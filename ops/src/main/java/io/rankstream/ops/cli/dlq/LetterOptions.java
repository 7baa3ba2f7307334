package io.rankstream.ops.cli.dlq;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.dlq.LetterFilter;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options that say which dead letters are meant. */
final class LetterOptions {

    @Mixin private ConfigOption config;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description =
                    "Only letters of records of this topic, by its name on the broker; of all by"
                            + " default.")
    private String topic;

    @Option(
            names = "--adapter",
            paramLabel = "ID",
            description =
                    "Only letters of this adapter; of a record that cannot be read, none is known.")
    private String adapterId;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description =
                    "Only letters of this reason; may be given several times. One of ${COMPLETION-CANDIDATES}.")
    private Set<DeadLetterReason> reasons = Set.of();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Only letters written at or after this time, such as 2026-05-04T10:00:00Z; all"
                            + " that the topic still has by default.")
    private Instant from;

    /** The adapter that is asked for; empty for any. */
    Optional<String> adapter() {
        return Optional.ofNullable(adapterId);
    }

    JobConfig job() throws ConfigException {
        return config.job();
    }

    /**
     * The letters that are meant.
     *
     * @param unlessGiven their reasons if none is asked for
     * @throws ParameterException if no job reads the topic that is asked for, in any mode
     */
    LetterFilter filter(JobConfig job, Set<DeadLetterReason> unlessGiven) {
        List<String> inputs = LoopMode.TRAIN.readTopics().stream().map(job.topics()::of).toList();
        if (topic != null && !inputs.contains(topic)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--topic is '%s', expected an input of the job: one of %s"
                            .formatted(topic, String.join(", ", inputs)));
        }
        return new LetterFilter(topic, adapterId, reasons.isEmpty() ? unlessGiven : reasons, from);
    }
}
