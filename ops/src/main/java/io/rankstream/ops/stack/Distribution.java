package io.rankstream.ops.stack;

import io.rankstream.adapters.text.Program;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The folder that the build assembles and that its archive unpacks to: class path of the command
 * line, job jar, what Flink's own class path needs, and the local broker and registry, which may be
 * left out.
 *
 * @param home absolute path, {@code ops/target/rankstream} in a checkout
 */
public record Distribution(Path home) {

    /** System property that names the folder. */
    public static final String HOME_PROPERTY = "rankstream.home";

    private static final String AGAIN =
            "unpack the distribution again, or run 'mvn package -DskipTests' in a checkout";

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
                            + " is not set: start through rankstream, or set it to"
                            + " ops/target/rankstream after 'mvn package'");
        }
        Distribution distribution = new Distribution(Path.of(home));
        if (!Files.isRegularFile(distribution.classPath())) {
            throw new StackException(distribution.classPath() + " is missing: " + AGAIN);
        }
        return distribution;
    }

    /** Jar whose manifest is the class path of the command line. */
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

    /** Jars that a Flink distribution lacks for the job jar. */
    public Path flinkLib() {
        return home.resolve("flink").resolve("lib");
    }

    /**
     * Makes sure that the local broker and registry were not left out.
     *
     * @throws StackException if their folder is not there
     */
    public void requireLocal() throws StackException {
        if (!Files.isDirectory(local())) {
            throw new StackException(
                    "the local broker and registry were left out of this installation, "
                            + local()
                            + " is missing: unpack the whole distribution, or run a job on a broker"
                            + " and registry of your own with '"
                            + Program.command("init")
                            + "' and '"
                            + Program.command("run")
                            + "'");
        }
    }

    /**
     * Class path of the local broker.
     *
     * @throws StackException if it is not there
     */
    List<String> brokerClassPath() throws StackException {
        List<String> classPath = new ArrayList<>();
        classPath.add(classPath().toString());
        jars(local().resolve("lib"), "*.jar").forEach(jar -> classPath.add(jar.toString()));
        return classPath;
    }

    /**
     * Jar that starts the local registry.
     *
     * @throws StackException if it is not there
     */
    Path registryJar() throws StackException {
        return jars(local().resolve("registry"), "*-runner.jar").get(0);
    }

    private Path local() {
        return home.resolve("local");
    }

    /** Jars of a folder by name, one at least. */
    private List<Path> jars(Path folder, String glob) throws StackException {
        requireLocal();
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, glob)) {
            jars.forEach(found::add);
        } catch (IOException e) {
            throw new StackException(folder + " cannot be read: " + AGAIN, e);
        }
        if (found.isEmpty()) {
            throw new StackException(folder + " holds no " + glob + ": " + AGAIN);
        }
        Collections.sort(found);
        return found;
    }
}
