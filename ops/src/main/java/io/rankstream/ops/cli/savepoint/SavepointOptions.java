package io.rankstream.ops.cli.savepoint;

import io.rankstream.job.config.ConfigException;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.cli.run.LiveJobs;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Of which running job a savepoint is taken, and where it is put. */
final class SavepointOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Configuration that the job was started with.")
    private Path config;

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
        return config;
    }

    JobConfig job() throws ConfigException {
        return ConfigFile.load(config);
    }

    /** Folder for the savepoint as a URI; empty for that of the configuration. */
    Optional<String> folder() {
        return Optional.ofNullable(folder).map(LiveJobs::absolute);
    }
}
