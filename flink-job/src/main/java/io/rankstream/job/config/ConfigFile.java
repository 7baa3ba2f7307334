package io.rankstream.job.config;

import io.rankstream.adapters.files.IrregularFileException;
import io.rankstream.adapters.files.RegularFile;
import io.rankstream.job.config.option.ConfigError;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.Environment;
import io.rankstream.job.config.option.Errors;
import io.rankstream.job.config.option.YamlReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration file: YAML with nested or dotted keys, and {@code ${env:NAME}} in values for
 * environment variables. Its options are those of {@link RankstreamOptions}.
 */
public final class ConfigFile {

    /** Far more than {@link YamlReader} takes, in any characters. */
    private static final int MOST_BYTES = 4_000_000;

    private ConfigFile() {}

    /**
     * Reads and checks a file.
     *
     * @throws ConfigException with everything that is wrong, one sentence each
     */
    public static JobConfig load(Path yaml) throws ConfigException {
        return parse(textOf(yaml), yaml.toString());
    }

    /**
     * Reads and checks a text.
     *
     * @param origin name of the file, for messages
     * @throws ConfigException with everything that is wrong, one sentence each
     */
    public static JobConfig parse(String yaml, String origin) throws ConfigException {
        return parse(yaml, origin, new Environment(System::getenv));
    }

    static JobConfig parse(String yaml, String origin, Environment environment)
            throws ConfigException {
        Errors errors = new Errors(origin);
        ParsedFile file = ParsedFile.read(yaml, environment, Defaults.CURRENT, errors);
        return config(file, yaml, origin, environment, errors);
    }

    private static JobConfig config(
            ParsedFile file, String yaml, String origin, Environment environment, Errors errors)
            throws ConfigException {
        JobReader reader = new JobReader(file, errors);
        reader.requireRight();
        Errors known = new Errors(origin);
        ParsedFile first = ParsedFile.read(yaml, environment, Defaults.FIRST, known);
        return reader.config(new JobReader(first, known).pace());
    }

    /**
     * Effective values of a file as YAML, each with where it came from; secrets are left out.
     *
     * @param descriptions whether each value is preceded by what it means
     * @throws ConfigException with everything that is wrong, one sentence each
     */
    public static String describe(Path yaml, boolean descriptions) throws ConfigException {
        return describe(textOf(yaml), yaml.toString(), descriptions);
    }

    /**
     * Effective values of a text as YAML, each with where it came from; secrets are left out.
     *
     * @param origin name of the file, for messages and as the place that values came from
     * @param descriptions whether each value is preceded by what it means
     * @throws ConfigException with everything that is wrong, one sentence each
     */
    public static String describe(String yaml, String origin, boolean descriptions)
            throws ConfigException {
        return describe(yaml, origin, descriptions, new Environment(System::getenv));
    }

    static String describe(
            String yaml, String origin, boolean descriptions, Environment environment)
            throws ConfigException {
        Errors errors = new Errors(origin);
        ParsedFile file = ParsedFile.read(yaml, environment, Defaults.CURRENT, errors);
        JobConfig config = config(file, yaml, origin, environment, errors);
        return new ConfigDescription(file, config.flink(), origin, descriptions).text();
    }

    /**
     * What is probably wrong with a file and does not make it unusable: options for Kafka, the
     * registry's client and Flink that are nearly one that these have. One sentence each.
     *
     * @throws ConfigException if the file cannot be read
     */
    public static List<String> warnings(Path yaml) throws ConfigException {
        return warnings(textOf(yaml), yaml.toString());
    }

    static List<String> warnings(String yaml, String origin) throws ConfigException {
        return ParsedFile.read(
                        yaml, new Environment(System::getenv), Defaults.CURRENT, new Errors(origin))
                .misspelt()
                .stream()
                .map(ConfigError::toString)
                .toList();
    }

    private static String textOf(Path yaml) throws ConfigException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(RegularFile.read(yaml, MOST_BYTES)))
                    .toString();
        } catch (NoSuchFileException e) {
            throw unreadable(yaml, "there is no such file; check the path");
        } catch (CharacterCodingException e) {
            throw unreadable(yaml, "the file is not UTF-8 text; save it as such");
        } catch (IrregularFileException e) {
            throw unreadable(yaml, "this %s of YAML; name another".formatted(e.getReason()));
        } catch (IOException e) {
            throw unreadable(yaml, "the file cannot be read; check its permissions");
        }
    }

    private static ConfigException unreadable(Path yaml, String message) {
        return new ConfigException(List.of(new ConfigError(yaml.toString(), 0, message)));
    }
}
