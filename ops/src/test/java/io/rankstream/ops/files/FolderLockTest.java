package io.rankstream.ops.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

    @TempDir private Path folder;

    private Path mark;

    @BeforeEach
    void nameMark() {
        mark = folder.resolve(".mark");
    }

    @Test
    void isHadByOneAtATime() throws IOException {
        FolderLock first = FolderLock.tryClaim(mark).orElseThrow();
        assertThat(FolderLock.tryClaim(mark)).isEmpty();

        first.close();
        FolderLock second = FolderLock.tryClaim(mark).orElseThrow();
        first.close();
        assertThat(FolderLock.tryClaim(mark)).isEmpty();
        second.close();
    }

    @Test
    void isTheSameByEveryPathToTheFolder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        try (FolderLock held = FolderLock.tryClaim(mark).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(FolderLock.tryClaim(link.resolve(".mark"))).isEmpty();
        }
    }

    @Test
    void staysThoughItsOwnProcessTriesAgain() throws Exception {
        try (FolderLock held = FolderLock.tryClaim(mark).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(FolderLock.tryClaim(mark)).isEmpty();
            assertThat(OtherProcess.run(Other.class, mark)).isEqualTo(Other.REFUSED);
        }
    }

    /** Another process that wants the same folder. */
    static final class Other {

        static final int REFUSED = 7;

        public static void main(String[] args) throws Exception {
            System.exit(FolderLock.tryClaim(Path.of(args[0])).isPresent() ? 0 : REFUSED);
        }
    }

    @Test
    void needsAFolder() {
        assertThatThrownBy(() -> FolderLock.tryClaim(folder.resolve("not/there/.mark")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
