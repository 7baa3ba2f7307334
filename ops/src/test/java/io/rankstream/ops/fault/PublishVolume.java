package io.rankstream.ops.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A publish folder that can go and come back like a mounted volume: it is a link to the folder that
 * holds the files, and, while the volume is gone, to a file that nothing can be written below. The
 * link is replaced in one step, so that no file ever lands beside the volume.
 */
final class PublishVolume {

    private final Path mountPoint;
    private final Path volume;
    private final Path nothing;

    private PublishVolume(Path mountPoint, Path volume, Path nothing) {
        this.mountPoint = mountPoint;
        this.volume = volume;
        this.nothing = nothing;
    }

    /** A new volume that is mounted. */
    static PublishVolume create(Path folder) throws IOException {
        PublishVolume created =
                new PublishVolume(
                        folder.resolve("adapters"),
                        Files.createDirectory(folder.resolve("volume")),
                        Files.createFile(folder.resolve("nothing")));
        created.mount();
        return created;
    }

    /** Folder that versions are published to. */
    Path mountPoint() {
        return mountPoint;
    }

    void mount() throws IOException {
        link(volume);
    }

    void unmount() throws IOException {
        link(nothing);
    }

    private void link(Path target) throws IOException {
        Path next = mountPoint.resolveSibling("adapters.next");
        Files.createSymbolicLink(next, target);
        Files.move(
                next,
                mountPoint,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
