package io.rankstream.ops.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnedFolderTest {

    @TempDir Path shared;

    @Test
    void isGoneWithItsContentWhenClosed() throws Exception {
        try (OwnedFolder folder = OwnedFolder.in(shared)) {
            Files.writeString(Files.createDirectory(folder.path().resolve("a")).resolve("b"), "c");
        }
        assertThat(shared).isEmptyDirectory();
    }

    @Test
    void isMadeInAFolderThatIsMissing() throws Exception {
        Path parent = shared.resolve("not/there");
        try (OwnedFolder folder = OwnedFolder.in(parent)) {
            assertThat(folder.path()).isDirectory().hasParent(parent);
        }
    }

    @Test
    void whatADeadOwnerLeftIsRemovedByTheNext() throws Exception {
        Path left = Files.createDirectory(shared.resolve("rankstream-tmp-1-2"));
        Files.createFile(left.resolve(".owner"));
        Files.writeString(left.resolve("data"), "of nobody");

        OwnedFolder.in(shared).close();

        assertThat(shared).isEmptyDirectory();
    }

    @Test
    void theFolderOfALivingOwnerStays() throws Exception {
        try (OwnedFolder living = OwnedFolder.in(shared)) {
            OwnedFolder.in(shared).close();
            assertThat(living.path()).isDirectory();
        }
    }

    @Test
    void theFolderOfALivingOwnerStaysThoughAnotherProcessComes() throws Exception {
        try (OwnedFolder living = OwnedFolder.in(shared)) {
            assertThat(OtherProcess.run(Other.class, shared)).isZero();
            assertThat(living.path().resolve(".owner")).exists();
        }
    }

    /** Another process that makes a folder in the same place. */
    static final class Other {
        public static void main(String[] args) throws Exception {
            OwnedFolder.in(Path.of(args[0])).close();
        }
    }

    @Test
    void aFolderOfSomethingElseStays() throws Exception {
        Path release = Files.createDirectory(shared.resolve("rankstream-1.0"));
        Files.createFile(release.resolve(".owner"));
        Path lookalike = Files.createDirectory(shared.resolve("rankstream-tmp-notes"));
        Files.writeString(lookalike.resolve("notes.txt"), "mine");
        Path elsewhere = Files.createDirectory(shared.resolve("elsewhere"));
        Files.createFile(elsewhere.resolve(".owner"));
        Files.createSymbolicLink(shared.resolve("rankstream-tmp-link"), elsewhere);

        OwnedFolder.in(shared).close();

        assertThat(release.resolve(".owner")).exists();
        assertThat(lookalike.resolve("notes.txt")).exists();
        assertThat(elsewhere.resolve(".owner")).exists();
    }
}
