package io.rankstream.ops.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a local stack is refused, and what to do. */
class StackFolderTest {

    @TempDir Path folder;

    @Test
    void aFolderServesOneStackAtATime() throws Exception {
        Path root = folder.resolve("stack");
        try (StackFolder first = StackFolder.claim(root)) {
            assertThatThrownBy(() -> StackFolder.claim(root))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("another stack serves " + first.root());
        }
        try (StackFolder again = StackFolder.claim(root)) {
            assertThat(again.data().startsWith(root)).isTrue();
        }
    }

    @Test
    void aFolderOfSomethingElseIsLeftAlone() throws Exception {
        Path mine = Files.writeString(folder.resolve("notes.txt"), "mine");

        for (Path path : new Path[] {folder, mine}) {
            assertThatThrownBy(() -> StackFolder.claim(path))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("choose another with --folder");
        }
        assertThat(folder).isDirectoryContaining(file -> file.equals(mine));
        assertThat(mine).hasContent("mine");
    }

    @Test
    void aPortThatIsTakenIsNamedAndNothingIsStarted() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();

            assertThatThrownBy(
                            () ->
                                    Ports.serve(
                                            port,
                                            tried -> {
                                                throw new AssertionError("started");
                                            },
                                            server -> {}))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("port %d of this machine".formatted(port))
                    .hasMessageContaining("--broker-port");
        }
    }
}
