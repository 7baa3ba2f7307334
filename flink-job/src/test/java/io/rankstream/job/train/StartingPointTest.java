package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.safetensors.SafetensorsWriter;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartingPointTest {

    @TempDir Path temp;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    adapter_config.json              | is a directory of PEFT: make a snapshot of it with './rankstream adapter import
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
                "they are a base model's, whose directory is named with model.directory");
        assertRefused(tensors("other", "x", null), "its metadata lacks rankstream.snapshot");
        assertRefused(tensors("newer", "x", "99"), "is a snapshot of format 99, expected 1 to");
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
