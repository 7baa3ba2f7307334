package io.rankstream.ops.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for temporary files that one process owns. It is gone when it is closed. A process that
 * was killed leaves its folder behind: the next one to make a folder in the same place removes it.
 *
 * <p>The owner holds a lock on a file in its folder, which the system lets go of however the owner
 * ends. Folders of other users, and those without that file, are left alone.
 */
public final class OwnedFolder implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(OwnedFolder.class);

    private static final String PREFIX = "rankstream-tmp-";
    private static final String LOCK = ".owner";
    private static final FileAttribute<?> FOR_US_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int DELETE_TRIES = 5;

    private final Path path;
    private final FolderLock lock;

    private OwnedFolder(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes a folder in another one, and removes those whose owner is dead.
     *
     * @param parent folder that may be shared with anybody; it is made where it is missing
     */
    public static OwnedFolder in(Path parent) throws IOException {
        Files.createDirectories(parent);
        Optional<OwnedFolder> made = Optional.empty();
        while (made.isEmpty()) {
            made = claim(makeFolder(parent));
        }
        made.get().removeAbandoned(parent);
        return made.get();
    }

    /** A short name: what RocksDB keeps deep within may not have a long path. */
    private static Path makeFolder(Path parent) throws IOException {
        String name = PREFIX + ProcessHandle.current().pid();
        for (int i = 1; true; i++) {
            try {
                return Files.createDirectory(
                        parent.toRealPath().resolve(name + "-" + i), FOR_US_ALONE);
            } catch (FileAlreadyExistsException e) {
                // of a dead process with the same id, or of this one
            }
        }
    }

    /** Empty where another took the new folder for an abandoned one and removed it. */
    private static Optional<OwnedFolder> claim(Path folder) throws IOException {
        Optional<FolderLock> lock;
        try {
            lock = FolderLock.tryClaim(folder.resolve(LOCK));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (lock.isPresent() && !Files.exists(folder.resolve(LOCK))) {
            lock.get().close();
            return Optional.empty();
        }
        return lock.map(held -> new OwnedFolder(folder, held));
    }

    private void removeAbandoned(Path parent) throws IOException {
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(parent.toRealPath(), PREFIX + "*")) {
            for (Path folder : folders) {
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
                                .equals(Files.getOwner(path))) {
                    removeUnlessOwned(folder);
                }
            }
        }
    }

    private static void removeUnlessOwned(Path folder) {
        Path file = folder.resolve(LOCK);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            deleteIfEmpty(folder);
            return;
        }
        try (FolderLock lock = FolderLock.tryClaim(file).orElse(null)) {
            if (lock != null) {
                Trees.delete(folder);
            }
        } catch (IOException e) {
            // something still writes to it, such as a child of the dead owner: the next one tries
        }
    }

    /** Its owner died before the lock, or has yet to come to it and then makes another folder. */
    private static void deleteIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // not empty, so it is none of these folders
        }
    }

    /** The folder; it exists. */
    public Path path() {
        return path;
    }

    /** Removes the folder with everything in it; what is still being written may stay. */
    @Override
    public void close() {
        try {
            deleteTree();
            lock.close();
        } catch (IOException e) {
            LOGGER.warn(
                    "Temporary folder {} could not be removed; the next process does.", path, e);
        }
    }

    private void deleteTree() throws IOException {
        for (int left = DELETE_TRIES; left > 0; left--) {
            try {
                Trees.delete(path);
                return;
            } catch (IOException e) {
                if (left == 1) {
                    throw e;
                }
            }
        }
    }
}
