package io.rankstream.ops.cli.option;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The job that a command is about. */
public final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Configuration of the job, in YAML.")
    private Path file;

    /** File of the configuration. */
    public Path file() {
        return file;
    }

    /**
     * The configuration.
     *
     * @throws ConfigException with everything that is wrong
     */
    public JobConfig job() throws ConfigException {
        return ConfigFile.load(file);
    }
}
