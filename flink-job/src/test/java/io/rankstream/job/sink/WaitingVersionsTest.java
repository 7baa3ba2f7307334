package io.rankstream.job.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.peft.Manifest;
import io.rankstream.job.LoggedLines;
import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.KafkaSettings;
import io.rankstream.job.config.KafkaSettings.StartingOffsets;
import io.rankstream.job.publish.VersionTakenException;
import io.rankstream.job.state.SampleAdapter;
import io.rankstream.job.train.AdapterRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
        AdapterVersionWriter writer =
                new AdapterVersionWriter(
                        publish.toString(),
                        64,
                        7,
                        adapterId -> true,
                        JobClaim.none(NO_BROKER).watch());
        for (AdapterRelease release : releases) {
            writer.write(release, null);
        }
        return List.copyOf(writer.prepareCommit());
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
