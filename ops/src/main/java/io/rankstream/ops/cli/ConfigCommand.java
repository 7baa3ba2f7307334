package io.rankstream.ops.cli;

import io.rankstream.job.config.ConfigException;
import io.rankstream.job.config.ConfigFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the effective values of a configuration file. */
@Command(
        name = "config",
        description = "Checks a configuration and prints every effective value and its origin.",
        mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigCommand.class);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Configuration in YAML.")
    private Path config;

    @Option(names = "--describe", description = "Say of each value what it means.")
    private boolean describe;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException {
        ConfigFile.warnings(config).forEach(this::warn);
        spec.commandLine().getOut().print(ConfigFile.describe(config, describe));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private void warn(String sentence) {
        LOG.warn("{}", sentence);
        spec.commandLine().getErr().println("rankstream: " + sentence);
        spec.commandLine().getErr().flush();
    }
}
