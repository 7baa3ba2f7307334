package io.rankstream.ops.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void anyFreePortIsTheOneOfBeforeWhereNobodyHasTakenIt() throws Exception {
        int free = Ports.free();
        try (StackFolder stack = StackFolder.claim(folder.resolve("stack"));
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StackPorts served = new StackPorts(free, other.getLocalPort());
            assertThat(stack.lastPorts()).isEmpty();

            stack.notePorts(served);

            assertThat(stack.lastPorts()).contains(served);
            assertThat(StackPorts.ANY.orAsBefore(served)).isEqualTo(new StackPorts(free, 0));
            assertThat(StackPorts.ANY.orAsBefore(StackPorts.ANY)).isEqualTo(StackPorts.ANY);
            assertThat(StackPorts.USUAL.orAsBefore(served)).isEqualTo(StackPorts.USUAL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "broker=1", "broker=x\nregistry=1", "broker=0\nregistry=65536"})
    void aNoteOfPortsThatSaysNoneIsNamed(String text) throws Exception {
        try (StackFolder stack = StackFolder.claim(folder.resolve("stack"))) {
            Files.writeString(stack.root().resolve("ports.properties"), text);

            assertThatThrownBy(stack::lastPorts)
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("ports.properties cannot be read");
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
