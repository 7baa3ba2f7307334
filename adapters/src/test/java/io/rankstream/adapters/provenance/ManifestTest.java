package io.rankstream.adapters.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.peft.SmallAdapter;
import io.rankstream.adapters.version.AdapterFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {

    @TempDir Path parent;

    private Path directory;
    private byte[] manifest;

    @BeforeEach
    void publish() throws IOException {
        SmallAdapter adapter = SmallAdapter.masked();
        SortedMap<String, byte[]> files = AdapterFiles.of(adapter.state(), adapter.template(), 64);
        manifest = Manifest.of(adapter.state(), files);
        SortedMap<String, byte[]> all = new TreeMap<>(files);
        all.put(Manifest.FILE, manifest);
        directory = parent.resolve("v3");
        for (Map.Entry<String, byte[]> file : all.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    @Test
    void namesTheAdapterAndEveryFile() throws IOException {
        JsonNode json = new ObjectMapper().readTree(manifest);

        assertThat(json.get("formatVersion").asInt()).isEqualTo(1);
        assertThat(json.get("adapter").asText()).isEqualTo("spam");
        assertThat(json.get("version").asInt()).isEqualTo(3);
        assertThat(json.get("step").asInt()).isEqualTo(SmallAdapter.STEP);
        assertThat(json.get("baseModel").asText()).isEqualTo(SmallAdapter.BASE_MODEL.name());
        assertThat(json.get("files").findValuesAsText("path")).isSorted().hasSize(8);
    }

    @Test
    void digestsAsSha256Does() throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>(Map.of("a", new byte[] {'a', 'b', 'c'}));

        JsonNode entry =
                new ObjectMapper()
                        .readTree(Manifest.of(SmallAdapter.masked().state(), files))
                        .at("/files/0");

        assertThat(entry.get("size").asInt()).isEqualTo(3);
        assertThat(entry.get("sha256").asText())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Nested
    class Verifying {

        @Test
        void findsNothingInACompleteDirectory() throws IOException {
            assertThat(Manifest.verify(directory)).isEmpty();
        }

        @Test
        void findsAMissingFile() throws IOException {
            Files.delete(directory.resolve("lora/adapter_model.safetensors"));

            assertThat(Manifest.verify(directory))
                    .containsExactly("lora/adapter_model.safetensors is missing");
        }

        @Test
        void findsAFileOfAnotherSize() throws IOException {
            Files.write(directory.resolve("labels.json"), new byte[5]);

            assertThat(Manifest.verify(directory))
                    .singleElement()
                    .asString()
                    .startsWith("labels.json has 5 bytes, expected ");
        }

        @Test
        void findsAFileOfAnotherContent() throws IOException {
            Path file = directory.resolve("adalora/adapter_model.safetensors");
            byte[] content = Files.readAllBytes(file);
            content[content.length - 1] ^= 1;
            Files.write(file, content);

            assertThat(Manifest.verify(directory))
                    .singleElement()
                    .asString()
                    .startsWith("adalora/adapter_model.safetensors has SHA-256 ");
        }

        @Test
        void findsAFileTooMany() throws IOException {
            Files.write(directory.resolve("lora/pickle.bin"), new byte[1]);

            assertThat(Manifest.verify(directory))
                    .containsExactly("lora/pickle.bin is there, but not in manifest.json");
        }

        @Test
        void findsEveryProblemAtOnce() throws IOException {
            Files.delete(directory.resolve("labels.json"));
            Files.delete(directory.resolve("provenance.json"));
            Files.write(directory.resolve("x"), new byte[1]);

            assertThat(Manifest.verify(directory)).hasSize(3);
        }

        @Test
        void findsAMissingOrMalformedManifest() throws IOException {
            Path file = directory.resolve(Manifest.FILE);
            for (String content : new String[] {"{", "[]", "{\"formatVersion\":2,\"files\":[]}"}) {
                Files.writeString(file, content);
                assertThat(Manifest.verify(directory)).as(content).hasSize(1);
            }
            Files.delete(file);
            assertThat(Manifest.verify(directory))
                    .containsExactly(
                            "manifest.json is missing: the directory was not written to its end");
        }

        @Test
        void doesNotLeaveTheDirectory() throws IOException {
            Files.write(parent.resolve("secret"), new byte[] {1});
            Files.writeString(
                    directory.resolve(Manifest.FILE),
                    """
                    {"formatVersion":1,"files":[{"path":"../secret","size":1,"sha256":"x"}]}""");

            assertThat(Manifest.verify(directory)).contains("../secret is missing");
        }
    }
}
