package io.rankstream.job.version;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionFolderTest {

    private static final byte[] MANIFEST = "{\"version\":7}".getBytes(UTF_8);

    private static final SortedMap<String, byte[]> FILES =
            new TreeMap<>(
                    Map.of(
                            "labels.json", "[]".getBytes(UTF_8),
                            "lora/adapter_config.json", "{}".getBytes(UTF_8)));

    @TempDir private Path publish;

    @Test
    void isNamedByAdapterAndVersion() throws IOException {
        assertThat(folder().path()).isEqualTo(onDisk().toString());
        assertThat(VersionFolder.of(publish.toUri().toString(), "spam", 7).path())
                .isEqualTo(onDisk().toString());
        assertThat(VersionFolder.at(folder().path()).path()).isEqualTo(folder().path());
    }

    @Test
    void isAbsoluteThoughThePublishDirectoryIsRelative() throws IOException {
        assertThat(VersionFolder.of("out", "spam", 7).path())
                .isEqualTo(Path.of("out/spam/v00000007").toAbsolutePath().toString());
    }

    @Test
    void writesEveryFileAndTheManifestOnlyWhenCommitted() throws IOException {
        folder().write(FILES, MANIFEST);
        assertThat(names()).containsExactly("labels.json", "lora/adapter_config.json");

        folder().commit(MANIFEST);

        assertThat(names())
                .containsExactly("labels.json", "lora/adapter_config.json", "manifest.json");
        assertThat(onDisk().resolve("lora/adapter_config.json")).hasContent("{}");
        assertThat(onDisk().resolve("manifest.json")).hasBinaryContent(MANIFEST);
    }

    @Test
    void replacesWhatAnUncommittedAttemptHasLeft() throws IOException {
        Files.createDirectories(onDisk().resolve("adalora"));
        Files.writeString(onDisk().resolve("adalora/half"), "writ");
        Files.writeString(onDisk().resolve("labels.json"), "old");

        folder().write(FILES, MANIFEST);

        assertThat(names()).containsExactly("labels.json", "lora/adapter_config.json");
        assertThat(onDisk().resolve("labels.json")).hasContent("[]");
    }

    @Test
    void commitsAnew() throws IOException {
        folder().write(FILES, MANIFEST);
        folder().commit(MANIFEST);

        folder().commit(MANIFEST);

        assertThat(names()).hasSize(3);
    }

    @Test
    void commitsOverAManifestThatACrashLeftUnfinished() throws IOException {
        folder().write(FILES, MANIFEST);
        Files.writeString(onDisk().resolve(".manifest.json.unfinished"), "{\"ver");

        folder().commit(MANIFEST);

        assertThat(names()).hasSize(3);
        assertThat(onDisk().resolve("manifest.json")).hasBinaryContent(MANIFEST);
    }

    @Test
    void leavesAPublishedVersionAloneWhenItIsTakenAgain() throws IOException {
        folder().write(FILES, MANIFEST);
        folder().commit(MANIFEST);
        SortedMap<String, byte[]> others = new TreeMap<>(Map.of("other", new byte[1]));

        folder().write(others, MANIFEST);

        assertThat(names()).hasSize(3);
    }

    @Test
    void neverOverwritesAPublishedVersionWithAnother() throws IOException {
        folder().write(FILES, MANIFEST);
        folder().commit(MANIFEST);
        byte[] other = "{\"version\":7,\"step\":1}".getBytes(UTF_8);

        assertThatThrownBy(() -> folder().write(FILES, other))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("v00000007 of adapter 'spam' in " + onDisk())
                .hasMessageContaining("is published already, with other content")
                .hasMessageContaining("publish.directory of its own")
                .satisfies(
                        taken ->
                                assertThat(ThrowableClassifier.getThrowableType(taken))
                                        .isEqualTo(ThrowableType.NonRecoverableError));
        assertThatThrownBy(() -> folder().commit(other)).isInstanceOf(IOException.class);
        assertThat(onDisk().resolve("manifest.json")).hasBinaryContent(MANIFEST);
    }

    @Test
    void refusesToCommitFilesThatAreGone() {
        assertThatThrownBy(() -> folder().commit(MANIFEST))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the files that were written there are gone");
    }

    @Test
    void namesAdapterAndFolderWhenItCannotWrite() {
        assertThatThrownBy(() -> VersionFolder.of("/proc", "spam", 7).write(FILES, MANIFEST))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "Cannot publish v00000007 of adapter 'spam' in /proc/spam/v00000007: ")
                .hasMessageContaining("Check the space and the permissions of publish.directory.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spam", "spam/v00000007"})
    void saysThatAFileLiesWhereAFolderIsExpected(String place) throws IOException {
        Path file = publish.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "mine");

        String sentence =
                "Cannot publish v00000007 of adapter 'spam' in %s: %s is a file, and a folder is expected there. Move it away."
                        .formatted(onDisk(), file);
        assertThatThrownBy(() -> folder().write(FILES, MANIFEST)).hasMessage(sentence);
        assertThatThrownBy(() -> folder().commit(MANIFEST)).hasMessage(sentence);
        assertThat(file).hasContent("mine");
    }

    @Test
    void saysThatAFolderLiesWhereTheManifestIsExpected() throws IOException {
        Path manifest = Files.createDirectories(onDisk().resolve("manifest.json"));

        String sentence =
                "Cannot publish v00000007 of adapter 'spam' in %s: %s is a folder, and a file is expected there. Move it away."
                        .formatted(onDisk(), manifest);
        assertThatThrownBy(() -> folder().write(FILES, MANIFEST)).hasMessage(sentence);
        assertThatThrownBy(() -> folder().commit(MANIFEST)).hasMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../other", "a/b", "", ".hidden", "a..b", "/etc"})
    void refusesAnAdapterIdThatIsNoFolderName(String adapterId) {
        assertThatThrownBy(() -> VersionFolder.of(publish.toString(), adapterId, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("an adapter id is 1 to 64 letters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "lora/../../x", "/etc/x", "", "a//b", "a\\b", ".x", "a/"})
    void refusesAFileOutsideTheFolder(String name) {
        SortedMap<String, byte[]> files = new TreeMap<>(Map.of(name, new byte[1]));

        assertThatThrownBy(() -> folder().write(files, MANIFEST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no path of a file in a version's folder");
    }

    @Test
    void doesNotFollowAnAdapterFolderThatIsALink(@TempDir Path elsewhere) throws IOException {
        Files.createSymbolicLink(publish.resolve("spam"), elsewhere);

        assertThatThrownBy(() -> folder().write(FILES, MANIFEST))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(publish.resolve("spam") + " is a symbolic link");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void deletesNothingBehindALinkThatLiesInAnUncommittedVersion(@TempDir Path elsewhere)
            throws IOException {
        Path precious = Files.writeString(elsewhere.resolve("precious"), "mine");
        Files.createDirectories(onDisk());
        Files.createSymbolicLink(onDisk().resolve("adalora"), elsewhere);

        assertThatThrownBy(() -> folder().write(FILES, MANIFEST))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(onDisk().resolve("adalora") + " is a symbolic link");
        assertThat(precious).hasContent("mine");
    }

    @Test
    void doesNotCommitThroughALink(@TempDir Path elsewhere) throws IOException {
        folder().write(FILES, MANIFEST);
        Files.move(onDisk(), elsewhere.resolve("moved"));
        Files.createSymbolicLink(onDisk(), elsewhere.resolve("moved"));

        assertThatThrownBy(() -> folder().commit(MANIFEST))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a symbolic link");
        assertThat(elsewhere.resolve("moved/manifest.json")).doesNotExist();
    }

    @Test
    void writesIntoAPublishDirectoryThatIsALink(@TempDir Path other) throws IOException {
        Path link = Files.createSymbolicLink(other.resolve("published"), publish);

        VersionFolder.of(link.toString(), "spam", 7).write(FILES, MANIFEST);

        assertThat(names()).containsExactly("labels.json", "lora/adapter_config.json");
    }

    private VersionFolder folder() throws IOException {
        return VersionFolder.of(publish.toString(), "spam", 7);
    }

    private Path onDisk() {
        return publish.resolve("spam/v00000007");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(onDisk())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> onDisk().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
