package io.rankstream.job.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.job.LoggedLines;
import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.config.settings.KafkaSettings.StartingOffsets;
import io.rankstream.job.state.SampleAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaitingVersionsTest {

    private static final KafkaSettings NO_BROKER =
            new KafkaSettings(
                    "unused:9092",
                    Map.of(),
                    "unused",
                    StartingOffsets.EARLIEST,
                    false,
                    Duration.ofMinutes(1));

    @TempDir private Path folder;
    @TempDir private Path elsewhere;

    private Path publish;

    @BeforeEach
    void makePublishDirectory() throws Exception {
        publish = Files.createDirectory(folder.resolve("adapters"));
        Files.writeString(elsewhere.resolve("manifest.json"), "somebody's");
    }

    /** What can be wrong with the folder of one adapter, and how it is put right. */
    private enum Breakage {
        ADAPTER_IS_A_LINK {
            @Override
            void strike(Path adapter, Path elsewhere) throws IOException {
                Files.createSymbolicLink(adapter, elsewhere);
            }
        },
        ADAPTER_IS_A_DANGLING_LINK {
            @Override
            void strike(Path adapter, Path elsewhere) throws IOException {
                Files.createSymbolicLink(adapter, elsewhere.resolve("nowhere"));
            }
        },
        ADAPTER_IS_A_FILE {
            @Override
            void strike(Path adapter, Path elsewhere) throws IOException {
                Files.writeString(adapter, "mine");
            }
        },
        VERSION_IS_A_LINK {
            @Override
            void strike(Path adapter, Path elsewhere) throws IOException {
                Files.createDirectory(adapter);
                Files.createSymbolicLink(adapter.resolve("v00000001"), elsewhere);
            }
        },
        VERSION_IS_A_FILE {
            @Override
            void strike(Path adapter, Path elsewhere) throws IOException {
                Files.createDirectory(adapter);
                Files.writeString(adapter.resolve("v00000001"), "mine");
            }
        },
        MANIFEST_IS_A_FOLDER {
            @Override
            void strike(Path adapter, Path elsewhere) throws IOException {
                Files.createDirectories(adapter.resolve("v00000001/manifest.json/mine"));
            }
        },
        MANIFEST_IS_OF_ANOTHER_ADAPTER {
            @Override
            void strike(Path adapter, Path elsewhere) throws IOException {
                Files.createDirectories(adapter.resolve("v00000001"));
                Files.write(
                        adapter.resolve("v00000001/manifest.json"),
                        Manifest.of(SampleAdapter.finite("other", 1), new TreeMap<>()));
            }
        },
        MANIFEST_IS_NO_JSON {
            @Override
            void strike(Path adapter, Path elsewhere) throws IOException {
                Files.createDirectories(adapter.resolve("v00000001"));
                Files.writeString(adapter.resolve("v00000001/manifest.json"), "mine");
            }
        };

        /** Puts it in the place of the adapter's folder, where nothing is. */
        abstract void strike(Path adapter, Path elsewhere) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Breakage.class)
    void aFolderThatIsBrokenBeforeItIsWrittenHoldsUpNoOtherAdapter(Breakage breakage)
            throws Exception {
        breakage.strike(publish.resolve("spam"), elsewhere);

        assertThat(commit(write(release("spam", 1), release("list", 1)))).containsExactly("list-1");
        assertThat(commit(write(release("list", 2)))).containsExactly("list-2");
        assertThat(elsewhere).isDirectoryContaining("glob:**manifest.json");

        delete(publish.resolve("spam"));
        assertThat(commit(write(release("list", 3)))).containsExactlyInAnyOrder("spam-1", "list-3");
        assertIsPublished("spam");
    }

    @ParameterizedTest
    @EnumSource(Breakage.class)
    void aFolderThatIsBrokenBeforeItIsCommittedHoldsUpNoOtherAdapter(Breakage breakage)
            throws Exception {
        List<VersionCommittable> versions = write(release("spam", 1), release("list", 1));
        Path aside = folder.resolve("aside");
        Files.move(publish.resolve("spam"), aside);
        breakage.strike(publish.resolve("spam"), elsewhere);

        assertThat(commit(versions)).containsExactly("list-1");
        assertThat(commit(write())).isEmpty();
        assertThat(elsewhere.resolve("manifest.json")).hasContent("somebody's");

        delete(publish.resolve("spam"));
        Files.move(aside, publish.resolve("spam"));
        assertThat(commit(write())).containsExactly("spam-1");
        assertIsPublished("spam");
    }

    @ParameterizedTest
    @EnumSource(Breakage.class)
    void aVersionThatWaitsIsToldOnceOnTheConsoleAndAgainWhenItIsPublished(Breakage breakage)
            throws Exception {
        breakage.strike(publish.resolve("spam"), elsewhere);
        WaitingVersions committer = new WaitingVersions();
        try (LoggedLines lines = LoggedLines.of(WaitingVersions.class)) {
            committer.commit(write(release("spam", 1)).get(0));
            committer.commit(write().get(0));
            assertThat(lines.onConsole())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR Cannot publish v00000001 of adapter 'spam' in " + publish)
                    .contains("Move it away. It waits in " + publish.resolve(".waiting"));

            delete(publish.resolve("spam"));
            committer.commit(write().get(0));
            assertThat(lines.onConsole())
                    .hasSize(2)
                    .last()
                    .asString()
                    .startsWith("INFO v00000001 of adapter 'spam'")
                    .endsWith("is published after all");
        }
    }

    /** What can be wrong with the note by which a version that waits is committed again. */
    private enum BadNote {
        EMPTY {
            @Override
            void strike(Path note) throws IOException {
                Files.write(note, new byte[0]);
            }
        },
        GARBAGE {
            @Override
            void strike(Path note) throws IOException {
                byte[] garbage = new byte[64];
                Arrays.fill(garbage, (byte) 0xff);
                garbage[0] = 0;
                garbage[1] = 0;
                Files.write(note, garbage);
            }
        },
        ZEROS {
            @Override
            void strike(Path note) throws IOException {
                Files.write(note, new byte[(int) Files.size(note)]);
            }
        },
        LONGER {
            @Override
            void strike(Path note) throws IOException {
                Files.write(note, new byte[1], StandardOpenOption.APPEND);
            }
        },
        FOLDER {
            @Override
            void strike(Path note) throws IOException {
                Files.delete(note);
                Files.createDirectories(note.resolve("mine"));
            }
        },
        OF_ANOTHER {
            @Override
            void strike(Path note) throws IOException {
                Files.move(note.getParent(), note.resolveSibling("../backup"));
                Files.createDirectory(note.getParent());
            }
        };

        abstract void strike(Path note) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(BadNote.class)
    void aNoteThatCannotBeReadIsToldOnceAndPassedBy(BadNote bad) throws Exception {
        Path note = noteOfWaiting();
        bad.strike(note);

        try (LoggedLines lines = LoggedLines.of(WaitingVersions.class)) {
            AdapterVersionWriter writer = writer();
            writer.write(release("list", 1), null);
            assertThat(commit(List.copyOf(writer.prepareCommit()))).containsExactly("list-1");
            assertThat(writer.prepareCommit()).isEmpty();
            assertThat(lines.onConsole())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR Cannot read " + publish.resolve(".waiting/spam"))
                    .contains("commit.bin", "or remove " + publish.resolve(".waiting/spam"));
        }
    }

    @Test
    void aNoteThatIsCutAnywhereIsPassedBy() throws Exception {
        Path note = noteOfWaiting();
        byte[] whole = Files.readAllBytes(note);
        AdapterVersionWriter writer = writer();
        for (int length = 0; length < whole.length; length++) {
            Files.write(note, Arrays.copyOf(whole, length));
            assertThat(writer.prepareCommit()).as("%d bytes", length).isEmpty();
        }
        Files.write(note, whole);
        assertThat(writer.prepareCommit()).hasSize(1);
    }

    @Test
    void whatIsNoVersionAmongThoseThatWaitIsPassedBy() throws Exception {
        noteOfWaiting();
        Path waiting = publish.resolve(".waiting");
        Files.createSymbolicLink(waiting.resolve("gone"), elsewhere.resolve("nowhere"));
        Files.createSymbolicLink(waiting.resolve("spam/gone"), elsewhere.resolve("nowhere"));
        Files.writeString(waiting.resolve("spam/.DS_Store"), "mine");
        Files.writeString(waiting.resolve("file"), "mine");

        assertThat(write()).hasSize(1);
    }

    @Test
    void aVersionTakesThePlaceOfAFolderWhereItsNoteBelongs() throws Exception {
        List<VersionCommittable> versions = brokenSpam();
        Files.createDirectories(publish.resolve(".waiting/spam/v00000001/commit.bin/mine"));

        assertThat(commit(versions)).isEmpty();
        Files.delete(publish.resolve("spam"));
        assertThat(commit(write())).containsExactly("spam-1");
        assertIsPublished("spam");
    }

    private List<VersionCommittable> brokenSpam() throws Exception {
        Files.writeString(publish.resolve("spam"), "mine");
        return write(release("spam", 1));
    }

    private Path noteOfWaiting() throws Exception {
        assertThat(commit(brokenSpam())).isEmpty();
        return publish.resolve(".waiting/spam/v00000001/commit.bin");
    }

    @Test
    void aVersionThatNoCheckpointHasIsForgotten() throws Exception {
        Files.writeString(publish.resolve("spam"), "mine");
        write(release("spam", 1));
        Files.delete(publish.resolve("spam"));

        assertThat(write()).isEmpty();
        assertThat(commit(write(release("spam", 1)))).containsExactly("spam-1");
        assertIsPublished("spam");
    }

    @Test
    void whatIsWrongWithThePublishDirectoryConcernsEverybody() throws Exception {
        List<VersionCommittable> versions = write(release("spam", 1));
        Path aside = folder.resolve("aside");
        Files.move(publish, aside);
        assertThatThrownBy(() -> commit(versions)).isInstanceOf(IOException.class);
        Files.createDirectory(publish); // where a volume is not mounted
        assertThatThrownBy(() -> commit(versions)).isInstanceOf(IOException.class);
        assertThat(publish).isEmptyDirectory();
        Files.delete(publish);
        Files.writeString(publish, "mine");
        assertThatThrownBy(() -> commit(versions)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> write(release("list", 1))).isInstanceOf(IOException.class);
        Files.delete(publish);
        Files.move(aside, publish);

        assertThat(commit(versions)).containsExactly("spam-1");
    }

    @Test
    void anotherCourseOfTheSameAdapterIsNoFaultOfItsFolder() throws Exception {
        commit(write(release("spam", 1)));
        VersionCommittable ours = write(release("spam", 2)).get(0);
        Path other = publish.resolve("spam/v00000002/manifest.json");
        Files.write(other, Manifest.of(SampleAdapter.finite("spam", 2), new TreeMap<>()));

        assertThatThrownBy(() -> commit(List.of(ours))).isInstanceOf(VersionTakenException.class);
    }

    /** What a writer gives that knows nothing of those before it, as after a restart. */
    private List<VersionCommittable> write(AdapterRelease... releases) throws Exception {
        AdapterVersionWriter writer = writer();
        for (AdapterRelease release : releases) {
            writer.write(release, null);
        }
        return List.copyOf(writer.prepareCommit());
    }

    private AdapterVersionWriter writer() {
        return new AdapterVersionWriter(
                publish.toString(), 64, 7, adapterId -> true, JobClaim.none(NO_BROKER).watch());
    }

    /** What became visible. */
    private static List<String> commit(List<VersionCommittable> versions) throws IOException {
        WaitingVersions waiting = new WaitingVersions();
        List<String> visible = new ArrayList<>();
        for (VersionCommittable version : versions) {
            if (waiting.commit(version)) {
                visible.add(version.adapterId() + "-" + version.version());
            }
        }
        assertThat(waiting.count()).isEqualTo(versions.size() - visible.size());
        return visible;
    }

    private void assertIsPublished(String adapterId) throws Exception {
        assertThat(Manifest.verify(publish.resolve(adapterId + "/v00000001"))).isEmpty();
        assertThat(publish.resolve(".waiting")).doesNotExist();
        assertThat(write()).isEmpty();
    }

    private static AdapterRelease release(String adapterId, long version) {
        return new AdapterRelease(
                SampleAdapter.finite(adapterId, version), SampleAdapter.template());
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            FileUtils.deleteDirectory(path.toFile());
        } else {
            Files.delete(path);
        }
    }
}
