package io.rankstream.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {

    @TempDir Path temp;

    @Test
    void aMissingFolderIsMade() throws Exception {
        try (OutputFolder folder = OutputFolder.claim(temp.resolve("a").resolve("b"))) {
            assertThat(folder.logs()).isDirectory();
        }
    }

    @Test
    void anEarlierOutputIsReplacedAndNothingElse() throws Exception {
        try (OutputFolder earlier = OutputFolder.claim(temp)) {
            Files.createDirectories(earlier.adapters().resolve("spam"));
            Files.writeString(earlier.adapters().resolve("spam").resolve("manifest.json"), "{}");
        }
        Path own = Files.writeString(temp.resolve("notes.txt"), "mine");

        try (OutputFolder later = OutputFolder.claim(temp)) {
            assertThat(later.adapters()).doesNotExist();
            assertThat(own).exists();
        }
    }

    @Test
    void aFolderThatAnotherDemoWritesToIsRefused() throws Exception {
        try (OutputFolder running = OutputFolder.claim(temp)) {
            Path configuration = Files.writeString(running.config(), "of the running demo");

            assertThatThrownBy(() -> OutputFolder.claim(temp))
                    .isInstanceOf(OutputFolderException.class)
                    .hasMessageContaining("another demo is writing to " + temp);
            assertThat(configuration).exists();
        }
    }

    @Test
    void aFolderOfSomethingElseIsRefused() throws Exception {
        Path own = Files.writeString(temp.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> OutputFolder.claim(temp))
                .isInstanceOf(OutputFolderException.class)
                .hasMessageContaining(temp.toString())
                .hasMessageContaining("--out");
        assertThat(temp).isDirectoryContaining(own::equals);
    }

    @Test
    void aFileIsRefused() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "");

        assertThatThrownBy(() -> OutputFolder.claim(file))
                .isInstanceOf(OutputFolderException.class);
    }
}
