package io.rankstream.job.config.option;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. Its message lists every error, one per line. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final List<ConfigError> errors;

    public ConfigException(List<ConfigError> errors) {
        super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** All errors, in the order of the file; those without a line come last. */
    public List<ConfigError> errors() {
        return errors;
    }
}
