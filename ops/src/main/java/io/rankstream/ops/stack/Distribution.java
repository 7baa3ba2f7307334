package io.rankstream.ops.stack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that the build assembles: class path of the command line, registry, job jar and class
 * path of a Flink process.
 *
 * @param home absolute path, {@code ops/target/rankstream} in a checkout
 */
public record Distribution(Path home) {

    /** System property that names the folder. */
    public static final String HOME_PROPERTY = "rankstream.home";

    public Distribution {
        home = home.toAbsolutePath().normalize();
    }

    /**
     * The distribution that this JVM was started from.
     *
     * @throws StackException if the system property is missing or names an incomplete folder
     */
    public static Distribution locate() throws StackException {
        String home = System.getProperty(HOME_PROPERTY);
        if (home == null) {
            throw new StackException(
                    "system property "
                            + HOME_PROPERTY
                            + " is not set: start through ./rankstream, or set it to"
                            + " ops/target/rankstream after 'mvn package'");
        }
        Distribution distribution = new Distribution(Path.of(home));
        if (!Files.isRegularFile(distribution.classPath())) {
            throw new StackException(
                    distribution.classPath() + " is missing: run 'mvn package -DskipTests' first");
        }
        return distribution;
    }

    /** Jar whose manifest is the class path of the command line, the broker's included. */
    public Path classPath() {
        return home.resolve("lib").resolve("rankstream-ops-classpath.jar");
    }

    /** Jar of this module alone. */
    public Path opsJar() {
        return home.resolve("lib").resolve("rankstream-ops.jar");
    }

    /** Jar of the pipeline with all that Flink does not bring. */
    public Path jobJar() {
        return home.resolve("job").resolve("rankstream-job.jar");
    }

    /** Jars of a JobManager or TaskManager. */
    public Path flinkLib() {
        return home.resolve("flink").resolve("lib");
    }

    /**
     * Jar that starts the registry.
     *
     * @throws StackException if it is not there
     */
    public Path registryJar() throws StackException {
        Path folder = home.resolve("registry");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*-runner.jar")) {
            for (Path jar : jars) {
                return jar;
            }
        } catch (IOException e) {
            throw new StackException(
                    folder + " cannot be read: run 'mvn package -DskipTests' again", e);
        }
        throw new StackException(
                folder + " holds no *-runner.jar: run 'mvn package -DskipTests' again");
    }
}
