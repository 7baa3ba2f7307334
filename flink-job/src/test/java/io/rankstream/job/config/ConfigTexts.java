package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rankstream.job.config.option.ConfigError;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.Environment;
import java.util.List;
import java.util.Map;

/** Texts of configurations, and what is read from them. */
final class ConfigTexts {

    static final String REQUIRED =
            """
            kafka.bootstrap-servers: broker:9092
            registry.url: http://registry:8081
            publish.directory: /adapters
            """;

    static final String MINIMAL = REQUIRED + "training.labels: [ham, spam]\n";

    static JobConfig parse(String yaml) throws ConfigException {
        return parse(yaml, Map.of());
    }

    static JobConfig parse(String yaml, Map<String, String> variables) throws ConfigException {
        return ConfigFile.parse(yaml, "job.yaml", new Environment(variables::get));
    }

    static List<String> errorsOf(String yaml) {
        return catchThrowableOfType(ConfigException.class, () -> parse(yaml)).errors().stream()
                .map(ConfigError::toString)
                .toList();
    }

    private ConfigTexts() {}
}
