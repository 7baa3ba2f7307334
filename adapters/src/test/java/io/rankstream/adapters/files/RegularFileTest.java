package io.rankstream.adapters.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RegularFileTest {

    @TempDir Path folder;

    @Test
    void isReadToItsEnd() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[] {1, 2, 3});

        assertThat(RegularFile.read(file, 3)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> RegularFile.read(file, 2))
                .isInstanceOf(IrregularFileException.class)
                .hasMessageContaining("has more than 2 bytes");
    }

    @Test
    void isNoPipeDeviceOrFolder() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> RegularFile.read(pipe, 3))
                .hasMessageContaining("is a pipe, a socket or a device, expected a regular file");
        assertThatThrownBy(() -> RegularFile.read(Path.of("/dev/zero"), 3))
                .hasMessageContaining("is a pipe, a socket or a device");
        assertThatThrownBy(() -> RegularFile.read(folder, 3)).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> RegularFile.read(folder.resolve("none"), 3))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void mayBeBehindALink() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[] {1});

        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThat(RegularFile.read(link, 3)).containsExactly(1);
    }
}
