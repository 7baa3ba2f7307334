package io.rankstream.ops.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    /** Those of this process. The system takes a lock back as soon as its file is closed once. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private OwnedFolder(Path path, FileChannel lock) {
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
        OwnedFolder made = null;
        while (made == null) {
            made = claim(makeFolder(parent));
        }
        made.removeAbandoned(parent);
        return made;
    }

    /** A short name: what RocksDB keeps deep within may not have a long path. */
    private static Path makeFolder(Path parent) throws IOException {
        String name = PREFIX + ProcessHandle.current().pid();
        for (int i = 1; true; i++) {
            Path folder = parent.toRealPath().resolve(name + "-" + i);
            boolean isNew = OURS.add(folder);
            try {
                return Files.createDirectory(folder, FOR_US_ALONE);
            } catch (FileAlreadyExistsException e) {
                // of a dead process with the same id, or of this one
                if (isNew) {
                    OURS.remove(folder);
                }
            }
        }
    }

    /** Null where another process took the new folder for an abandoned one and removed it. */
    private static OwnedFolder claim(Path folder) throws IOException {
        FileChannel lock;
        try {
            lock = FileChannel.open(folder.resolve(LOCK), CREATE, WRITE);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (lock.tryLock() == null || !Files.exists(folder.resolve(LOCK))) {
            lock.close();
            return null;
        }
        return new OwnedFolder(folder, lock);
    }

    private void removeAbandoned(Path parent) throws IOException {
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(parent.toRealPath(), PREFIX + "*")) {
            for (Path folder : folders) {
                if (!OURS.contains(folder)
                        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
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
        try (FileChannel lock = FileChannel.open(file, WRITE)) {
            if (lock.tryLock() != null) {
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
            OURS.remove(path);
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
