package io.rankstream.job.version;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.job.LogMarkers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Versions whose own folder cannot be used, while {@code publish.directory} can: a link or a file
 * lies in its place, say. Such a version waits in {@link VersionFolder#waiting} and is tried again
 * with every checkpoint, so that it is not lost and holds up no other adapter's. Where nothing can
 * be written there either, the fault is everybody's, and the job fails until it is gone.
 *
 * <p>What waits has its files there, unless they are in its own folder. Once its checkpoint is
 * complete, it also has the file {@value #COMMIT}, from which it is committed again. Confined to
 * one thread.
 */
final class WaitingVersions {

    /** The committable, serialized. */
    private static final String COMMIT = "commit.bin";

    private static final Logger LOG = LoggerFactory.getLogger(WaitingVersions.class);
    private static final VersionCommittableSerializer SERIALIZER =
            new VersionCommittableSerializer();

    /** Folders that cannot be used, of which was told when their checkpoint was complete. */
    private final Set<String> told = new HashSet<>();

    /** What {@link #due} told of, and found again the last time. */
    private final Set<String> unreadable = new HashSet<>();

    /**
     * Writes the files of a version into its folder, or puts them where they wait. That they wait
     * is told by {@link #commit}.
     *
     * @throws IOException if they cannot be written anywhere in {@code publish.directory}, or the
     *     version has been published with other content
     */
    void write(VersionFolder folder, SortedMap<String, byte[]> files, byte[] manifest)
            throws IOException {
        try {
            folder.write(files, manifest);
            folder.waiting().remove(); // of an attempt that no checkpoint has
        } catch (VersionTakenException e) {
            throw e;
        } catch (IOException e) {
            putAside(folder, files, e);
        }
    }

    /**
     * Makes a version visible whose checkpoint is complete.
     *
     * @return false if it waits
     * @throws IOException if it can neither be made visible nor wait, or has been published with
     *     other content
     */
    boolean commit(VersionCommittable version) throws IOException {
        VersionFolder folder = VersionFolder.at(version.path());
        VersionFolder waiting = folder.waiting();
        try {
            SortedMap<String, byte[]> files = waiting.contents();
            files.keySet().removeIf(name -> name.startsWith(COMMIT)); // an unfinished one too
            if (!files.isEmpty()) {
                requireWhole(files, version.manifest());
                folder.write(files, version.manifest());
            }
            folder.commit(version.manifest());
            waiting.remove();
        } catch (VersionTakenException e) {
            throw e;
        } catch (IOException e) {
            requireOwnFault(folder, e);
            try {
                waiting.note(COMMIT, SERIALIZER.serialize(version));
            } catch (IOException everywhere) {
                e.addSuppressed(everywhere);
                throw e;
            }
            tell(folder, e);
            return false;
        }
        if (told.remove(folder.path())) {
            LOG.info(LogMarkers.CONSOLE, "{} is published after all", folder);
        }
        return true;
    }

    /**
     * Versions that wait for nothing but their folder, to be committed again. One whose {@value
     * #COMMIT} cannot be used is told of and passed by.
     */
    List<VersionCommittable> due(String directory, Predicate<String> ofAdapter) throws IOException {
        List<VersionCommittable> due = new ArrayList<>();
        Set<String> faulty = new HashSet<>();
        List<VersionFolder> folders =
                VersionFolder.waitingIn(
                        directory,
                        ofAdapter,
                        (path, cause) -> tellUnreadable(path, path, cause, faulty));
        for (VersionFolder waiting : folders) {
            try {
                Optional<byte[]> commit = waiting.noted(COMMIT);
                if (commit.isPresent()) {
                    due.add(read(waiting, commit.get()));
                }
            } catch (IOException e) {
                tellUnreadable(waiting.path() + "/" + COMMIT, waiting.path(), e, faulty);
            }
        }
        unreadable.retainAll(faulty);
        return due;
    }

    private static VersionCommittable read(VersionFolder waiting, byte[] commit)
            throws IOException {
        VersionCommittable version;
        try {
            version = SERIALIZER.deserialize(SERIALIZER.getVersion(), commit);
        } catch (IOException e) {
            throw new IOException("it is empty, cut, or was not written by Rankstream", e);
        }
        Manifest.Content content = Manifest.content(version.manifest());
        if (!content.adapterId().equals(version.adapterId())
                || content.version() != version.version()
                || !waiting.isOf(version.adapterId(), version.version())
                || version.path().isBlank()
                || !VersionFolder.at(version.path()).isOf(version.adapterId(), version.version())) {
            throw new IOException("it is not that of the version which its folder names");
        }
        return version;
    }

    private void tellUnreadable(String path, String folder, IOException cause, Set<String> faulty) {
        faulty.add(path);
        if (unreadable.add(path)) {
            LOG.error(
                    LogMarkers.CONSOLE,
                    "Cannot read {}, by which a version that waits would be published: {}. It is passed by, and other versions are published. Give it back its permissions or its content from a copy, or remove {}.",
                    path,
                    cause.getMessage(),
                    folder,
                    cause);
        }
    }

    /** Versions that have been told of as waiting. */
    int count() {
        return told.size();
    }

    private void putAside(VersionFolder folder, SortedMap<String, byte[]> files, IOException cause)
            throws IOException {
        requireOwnFault(folder, cause);
        try {
            VersionFolder waiting = folder.waiting();
            waiting.remove();
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                waiting.note(file.getKey(), file.getValue());
            }
        } catch (IOException everywhere) {
            cause.addSuppressed(everywhere);
            throw cause;
        }
    }

    private static void requireOwnFault(VersionFolder folder, IOException cause)
            throws IOException {
        if (!folder.isAmongOthers()) {
            throw cause;
        }
    }

    private static void requireWhole(SortedMap<String, byte[]> files, byte[] manifest)
            throws IOException {
        for (String path : Manifest.content(manifest).paths()) {
            Manifest.requireListed(manifest, path, files.getOrDefault(path, new byte[0]));
        }
    }

    private void tell(VersionFolder folder, IOException cause) throws IOException {
        if (told.add(folder.path())) {
            LOG.error(
                    LogMarkers.CONSOLE,
                    "{} It waits in {} and is tried again with every checkpoint; no other adapter waits for it.",
                    cause.getMessage(),
                    folder.waiting().path());
        }
    }
}
