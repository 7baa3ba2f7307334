package io.rankstream.ops.cli.savepoint;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.cli.run.LiveJobs;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Of which running job a savepoint is taken, and where it is put. */
final class SavepointOptions {

    @Mixin private ConfigOption config;

    @Option(
            names = "--savepoint",
            paramLabel = "DIR",
            description =
                    "Folder for the savepoint, or its URI; by default"
                            + " flink.execution.checkpointing.savepoint-dir, or the folder of the"
                            + " checkpoints.")
    private String folder;

    /** File of the configuration. */
    Path config() {
        return config.file();
    }

    JobConfig job() throws ConfigException {
        return config.job();
    }

    /** Folder for the savepoint as a URI; empty for that of the configuration. */
    Optional<String> folder() {
        return Optional.ofNullable(folder).map(LiveJobs::absolute);
    }
}
