package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import io.rankstream.job.state.SampleAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StartingPointTest {

    @TempDir Path temp;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    adapter_config.json              | is a directory of PEFT: make a snapshot of it with 'rankstream adapter import
                    training_state.safetensors       | is the folder of a published version: name the snapshot in it,
                    v00000002/training_state.safetensors | is a folder of published versions: name the snapshot in one of them
                    config.json                      | is a base model, expected a snapshot of an adapter
                    notes.txt                        | is a folder, expected a file
                    """)
    void tellsWhatAFolderIs(String file, String sentence) throws IOException {
        Files.createDirectories(temp.resolve(file).getParent());
        Files.writeString(temp.resolve(file), "");

        assertRefused(temp, sentence);
    }

    @Test
    void namesTheNewestVersion() throws IOException {
        for (String version : new String[] {"v00000002", "v00000010", "v00000009"}) {
            Files.createDirectories(temp.resolve(version));
            Files.writeString(temp.resolve(version).resolve(AdapterSnapshot.FILE), "");
        }

        assertRefused(temp, "v00000010/" + AdapterSnapshot.FILE);
    }

    @Test
    void tellsWhatAFileIs() throws IOException {
        assertRefused(temp.resolve("no"), "does not exist, expected a snapshot");
        assertRefused(Files.writeString(temp.resolve("empty"), ""), "empty is empty: download");
        assertRefused(
                Files.writeString(
                        temp.resolve("pointer"), "version https://git-lfs.github.com/spec/v1\n"),
                "pointer is a git-LFS pointer");
        assertRefused(
                tensors("peft", "base_model.model.bert.encoder.layer.0.output.dense.lora_A", null),
                "they are PEFT's, import their directory");
        assertRefused(
                tensors("model", "bert.embeddings.word_embeddings.weight", null),
                "they are a base model's, whose directory is opened as one");
        assertRefused(tensors("other", "x", null), "its metadata lacks rankstream.snapshot");
        assertRefused(tensors("newer", "x", "99"), "is a snapshot of format 99, expected 1 to");
    }

    /** What may be wrong with a snapshot in the folder of a published version. */
    private enum Wrong {
        SNAPSHOT_OF_ANOTHER("is not what manifest.json lists"),
        MANIFEST_OF_ANOTHER_ADAPTER("of adapter 'x' on base model"),
        MANIFEST_OF_ANOTHER_VERSION("is that of version 7 of 'x'"),
        MANIFEST_OF_ANOTHER_BASE_MODEL("on other"),
        DIGEST("is not what manifest.json lists"),
        MANIFEST_IS_NO_JSON("manifest.json is not JSON"),
        MANIFEST_IS_EMPTY("manifest.json has formatVersion"),
        MANIFEST_OF_A_NEWER_FORMAT("manifest.json has formatVersion 2"),
        MANIFEST_IS_A_FOLDER("is not as it was published"),
        MANIFEST_LISTS_NOTHING("is not what manifest.json lists");

        private final String told;

        Wrong(String told) {
            this.told = told;
        }

        void with(Path version) throws IOException {
            Path snapshot = version.resolve(AdapterSnapshot.FILE);
            Path manifest = version.resolve(Manifest.FILE);
            String text = Files.readString(manifest);
            switch (this) {
                case SNAPSHOT_OF_ANOTHER ->
                        Files.write(snapshot, AdapterSnapshot.of(SampleAdapter.finite("y", 1)));
                case MANIFEST_OF_ANOTHER_ADAPTER ->
                        Files.writeString(manifest, text.replace("\"x\"", "\"y\""));
                case MANIFEST_OF_ANOTHER_VERSION ->
                        Files.writeString(
                                manifest, text.replaceAll("\"version\": \\d+", "\"version\": 7"));
                case MANIFEST_OF_ANOTHER_BASE_MODEL ->
                        Files.writeString(
                                manifest,
                                text.replaceAll(
                                        "\"baseModel\": \"[^\"]*\"", "\"baseModel\": \"other\""));
                case DIGEST ->
                        Files.writeString(
                                manifest,
                                text.replaceAll(
                                        "\"sha256\": \"[^\"]*\"",
                                        "\"sha256\": \"" + "0".repeat(64) + "\""));
                case MANIFEST_IS_NO_JSON -> Files.writeString(manifest, "{\"adapter\": ");
                case MANIFEST_IS_EMPTY -> Files.writeString(manifest, "");
                case MANIFEST_OF_A_NEWER_FORMAT ->
                        Files.writeString(
                                manifest,
                                text.replace("\"formatVersion\": 1", "\"formatVersion\": 2"));
                case MANIFEST_IS_A_FOLDER -> {
                    Files.delete(manifest);
                    Files.createDirectory(manifest);
                }
                case MANIFEST_LISTS_NOTHING ->
                        Files.writeString(manifest, "{\"formatVersion\": 1, \"files\": []}");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wrong.class)
    void refusesASnapshotThatIsNotAsItWasPublished(Wrong wrong) throws IOException {
        Path version = published("x", temp.resolve("x"));
        wrong.with(version);

        assertRefused(version.resolve(AdapterSnapshot.FILE), wrong.told);
    }

    @Test
    void takesTheSnapshotOfAnotherAdapterFromThatOnesPlaceAlone() throws IOException {
        Path right = published("x", temp.resolve("x")).resolve(AdapterSnapshot.FILE);
        Path copied = published("x", temp.resolve("a")).resolve(AdapterSnapshot.FILE);

        assertThat(StartingPoint.read(right.toString(), "a").meta().adapterId()).isEqualTo("a");
        assertRefused(copied, "it is of adapter 'x', and lies in the folder of 'a'");
    }

    @Test
    void followsALinkToAVersion() throws IOException {
        Path link =
                Files.createSymbolicLink(temp.resolve("latest"), published("x", temp.resolve("x")));

        assertThat(StartingPoint.read(link.resolve(AdapterSnapshot.FILE).toString(), "a"))
                .isNotNull();
    }

    private static Path published(String adapterId, Path adapter) throws IOException {
        AdapterState state = SampleAdapter.finite(adapterId, 1);
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put(AdapterSnapshot.FILE, AdapterSnapshot.of(state));
        Path version = Files.createDirectories(adapter.resolve("v00000001"));
        Files.write(version.resolve(AdapterSnapshot.FILE), files.get(AdapterSnapshot.FILE));
        Files.write(version.resolve(Manifest.FILE), Manifest.of(state, files));
        return version;
    }

    private Path tensors(String file, String name, String format) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        if (format != null) {
            writer.metadata("rankstream.snapshot", format);
        }
        return Files.write(
                temp.resolve(file), writer.put(name, new int[] {1}, new float[1]).toBytes());
    }

    private static void assertRefused(Path path, String sentence) {
        assertThatThrownBy(() -> StartingPoint.read(path.toString(), "a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining(path.toString())
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
