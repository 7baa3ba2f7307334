package io.rankstream.job.sink;

import io.rankstream.adapters.peft.Manifest;
import io.rankstream.job.LogMarkers;
import io.rankstream.job.publish.VersionFolder;
import io.rankstream.job.publish.VersionTakenException;
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
            files.remove(COMMIT);
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

    /** Versions that wait for nothing but their folder, to be committed again. */
    List<VersionCommittable> due(String directory, Predicate<String> ofAdapter) throws IOException {
        List<VersionCommittable> due = new ArrayList<>();
        for (VersionFolder waiting : VersionFolder.waitingIn(directory, ofAdapter)) {
            Optional<byte[]> commit = waiting.noted(COMMIT);
            if (commit.isPresent()) {
                due.add(SERIALIZER.deserialize(SERIALIZER.getVersion(), commit.get()));
            }
        }
        return due;
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
