package io.rankstream.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.Launcher.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The start script of an installation, with a Java that prints how it was called. */
class LauncherTest {

    private static final Path SCRIPT = Path.of("..", "rankstream");

    @TempDir Path temp;

    private Path home;
    private Path script;
    private Path java;

    @BeforeEach
    void install() throws Exception {
        home = Files.createDirectories(temp.resolve("a folder, with blanks & more/rankstream"));
        script = Files.createDirectory(home.resolve("bin")).resolve("rankstream");
        Files.copy(SCRIPT, script);
        Files.createFile(
                Files.createDirectory(home.resolve("lib")).resolve("rankstream-ops-classpath.jar"));
        java = java("jdk", "openjdk version \"17.0.15\" 2025-04-15");
    }

    @Test
    void theInstallationIsTheOneThatTheScriptLiesIn() throws Exception {
        assertThat(run(script, "--version").out().lines())
                .contains("-Drankstream.home=" + home)
                .endsWith("io.rankstream.ops.cli.RankstreamCommand", "--version")
                .containsSequence("-cp", home + "/lib/rankstream-ops-classpath.jar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"absolute", "relative", "chain"})
    void aLinkStartsWhatItLeadsTo(String kind) throws Exception {
        Path folder = Files.createDirectory(temp.resolve("on the path"));
        Path link = folder.resolve("rankstream");
        switch (kind) {
            case "absolute" -> Files.createSymbolicLink(link, script);
            case "relative" -> Files.createSymbolicLink(link, folder.relativize(script));
            default -> {
                Path between = folder.resolve("-between");
                Files.createSymbolicLink(between, folder.relativize(script));
                Files.createSymbolicLink(link, Path.of("-between"));
            }
        }

        assertThat(run(link).out().lines()).contains("-Drankstream.home=" + home);
    }

    @Test
    void theCommandLineIsToldHowItWasCalled(@TempDir Path path) throws Exception {
        assertThat(run(script).out().lines()).contains("-Drankstream.program=" + script);

        Path link = Files.createSymbolicLink(path.resolve("rankstream"), script);
        Launcher launcher = new Launcher(link, temp);
        Map<String, String> onThePath =
                Map.of(
                        "PATH",
                        path + ":" + temp.resolve("tools"),
                        "JAVA_HOME",
                        java.getParent().getParent().toString());

        assertThat(launcher.run(onThePath, List.of()).out().lines())
                .contains("-Drankstream.program=rankstream");
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws Exception {
        String[] arguments = {"send", "--json", "my file.json", "", "*", "$HOME", "a\"b'c", "-n"};

        assertThat(run(script, arguments).out().lines()).endsWith(arguments);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 130})
    void theExitCodeIsThatOfTheCommand(int code) throws Exception {
        Files.writeString(java, "\nexit " + code + "\n", StandardOpenOption.APPEND);

        assertThat(run(script).exitCode()).isEqualTo(code);
    }

    @Test
    void withoutJavaHomeTheJavaOnThePathServes() throws Exception {
        Launcher launcher = new Launcher(script, temp);
        launcher.run(Map.of(), List.of());
        Files.createSymbolicLink(temp.resolve("tools/java"), java);

        assertThat(launcher.run(Map.of(), List.of()).out()).contains("RankstreamCommand");
    }

    @Test
    void noJavaIsOneSentence() throws Exception {
        assertRefused(
                new Launcher(script, temp).run(Map.of(), List.of()),
                "Java is missing: install Java 17 or newer, or set JAVA_HOME to one.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "not there", "/etc/passwd"})
    void aJavaHomeWithoutJavaIsOneSentence(String folder) throws Exception {
        assertRefused(
                new Launcher(script, temp).run(Map.of("JAVA_HOME", folder), List.of()),
                "JAVA_HOME is " + folder + ", which has no bin/java: set it to Java 17 or newer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java version \"1.8.0_402\"",
                "openjdk version \"11.0.2\" 2019-01-15",
                "openjdk version \"16\" 2021-03-16",
                "gcj of long ago",
                ""
            })
    void anOldOrUnknownJavaIsOneSentence(String version) throws Exception {
        java = java("old jdk", version);

        assertRefused(run(script), java + " is of version", "install Java 17 or newer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openjdk version \"17\" 2021-09-14",
                "openjdk version \"21.0.7\" 2025-04-15 LTS",
                "Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"25-ea\" 2025-09-16"
            })
    void aNewerJavaServes(String version) throws Exception {
        java = java("new jdk", version);

        assertThat(run(script).exitCode()).isZero();
    }

    @Test
    void anIncompleteInstallationIsOneSentence() throws Exception {
        Files.delete(home.resolve("lib/rankstream-ops-classpath.jar"));

        assertRefused(
                run(script),
                home + "/lib/rankstream-ops-classpath.jar is missing: unpack the distribution");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "done\\n", "done", "\\033[0m\\033[0m", "exit code 7\\ndone"})
    void besideTheSourcesItBuildsFirstHoweverMavenEndsItsText(String end) throws Exception {
        Path checkout = checkout(end, 0);

        Run run = run(checkout, "--version");

        assertThat(run.err())
                .contains("Building Rankstream in " + checkout.getParent())
                .contains(", since it has not been built yet. ")
                .doesNotContain("failed");
        assertThat(run.out().lines()).endsWith("--version");
        assertThat(run(checkout).err()).as("what is up to date").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "schemas/pom.xml",
                "ops/src/main/Some.java",
                "schemas/src/main/a b"
            })
    void aChangedFileOfAModuleIsBuiltAndNamed(String file) throws Exception {
        Path checkout = builtBeforeIn(file);

        assertThat(run(checkout).err()).contains(", since " + file + " has changed. ");
        assertThat(run(checkout).err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "else/pom.xml",
                "else/src/main/Some.java",
                "ops/src/test/Some.java",
                "docs.md"
            })
    void whatIsNoModulesIsNoReasonToBuild(String file) throws Exception {
        assertThat(run(builtBeforeIn(file)).err()).isEmpty();
    }

    private static void makeOld(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                Files.setLastModifiedTime(each, FileTime.from(Instant.EPOCH));
            }
        }
    }

    /** The script of a checkout that was built before {@code file} was written. */
    private Path builtBeforeIn(String file) throws Exception {
        Path checkout = checkout("", 0);
        assertThat(run(checkout).exitCode()).isZero();
        makeOld(checkout.getParent());
        Path changed = checkout.resolveSibling(file);
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, "changed");
        return checkout;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[ERROR] no such symbol", "exit code 0"})
    void aBuildThatFailsIsToldWithWhatMavenSaysOfIt(String end) throws Exception {
        Run run = run(checkout(end, 1), "--version");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .contains(end.startsWith("[ERROR]") ? end : "")
                .contains("rankstream: the build failed");
        assertThat(run.out()).isEmpty();
    }

    /** A start script beside sources, with a Maven that writes {@code end} last. */
    private Path checkout(String end, int exitCode) throws IOException {
        Path checkout = Files.createDirectory(temp.resolve("a checkout"));
        Files.writeString(
                checkout.resolve("pom.xml"),
                """
                <modules>
                  <module>schemas</module>
                  <module>ops</module>
                </modules>
                """);
        for (String folder : List.of("schemas", "ops", "else")) {
            Files.createDirectories(checkout.resolve(folder).resolve("src/main"));
            Files.createFile(checkout.resolve(folder).resolve("pom.xml"));
        }
        new Launcher(SCRIPT, temp).addTools(List.of("find", "touch", "tr", "mkdir"));
        Path maven =
                Files.writeString(
                        temp.resolve("tools/mvn"),
                        """
                        #!/bin/sh
                        if [ "$1" = -v ]; then
                            echo "Apache Maven 3.8.7"
                            exit 0
                        fi
                        mkdir -p ops/target/rankstream/lib
                        touch ops/target/rankstream/lib/rankstream-ops-classpath.jar
                        printf '%s'
                        exit %d
                        """
                                .formatted(end, exitCode));
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Files.copy(SCRIPT, checkout.resolve("rankstream"));
    }

    private void assertRefused(Run run, String... parts) {
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("rankstream: ")
                .contains(parts);
        assertThat(run.out()).isEmpty();
    }

    private Run run(Path started, String... arguments) throws Exception {
        return run(started, Map.of(), arguments);
    }

    private Run run(Path started, Map<String, String> environment, String... arguments)
            throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_HOME", java.getParent().getParent().toString());
        return new Launcher(started, temp).run(all, List.of(arguments));
    }

    /** A Java of a version that prints its arguments, one a line. */
    private Path java(String name, String version) throws IOException {
        Path bin = Files.createDirectories(temp.resolve(name).resolve("bin"));
        String text = Stream.of(version.split("\n")).reduce("", (a, b) -> a + b + "\n");
        Files.writeString(bin.resolve("version"), text);
        Path file =
                Files.writeString(
                        bin.resolve("java"),
                        """
                        #!/bin/sh
                        if [ "$1" = -version ]; then
                            while read -r line; do echo "$line" >&2; done <'%s/version'
                            exit 0
                        fi
                        printf '%%s\\n' "$@"
                        """
                                .formatted(bin));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
