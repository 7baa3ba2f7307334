package io.rankstream.job.checkpoint;

import io.rankstream.job.files.FileSystems;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.CheckpointStorageLocation;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStorageAccess;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The storage of one start. A file is read back once, when the first checkpoint that has it is
 * about to be complete; later ones repeat its digest, so that none is taken of bytes that have
 * changed.
 */
final class DigestedAccess extends FsCheckpointStorageAccess {

    private static final Logger LOG = LoggerFactory.getLogger(DigestedAccess.class);

    private static final Pattern NUMBERED = Pattern.compile(CHECKPOINT_DIR_PREFIX + "[0-9]{1,18}");

    /** Whether no other start has its checkpoints in the same folder. */
    private final boolean ownFolder;

    /** Of the files of the newest checkpoint, and of what this start went on from. */
    private Map<Path, FileDigest> known = new HashMap<>();

    DigestedAccess(FileSystemCheckpointStorage files, boolean subfolders, JobID start)
            throws IOException {
        super(
                files.getCheckpointPath(),
                files.getSavepointPath(),
                subfolders,
                start,
                files.getMinFileSizeThreshold(),
                files.getWriteBufferSize());
        this.ownFolder = subfolders;
    }

    /**
     * A JobManager that takes the place of another one learns what that one knew. It is about to go
     * on from the newest checkpoint of this start.
     *
     * @throws DamagedSnapshotException if bytes of that have changed
     */
    @Override
    public void initializeBaseLocationsForCheckpoint() throws IOException {
        super.initializeBaseLocationsForCheckpoint();
        List<Path> before =
                FileSystems.children(getCheckpointsDirectory()).stream()
                        .filter(FileStatus::isDir)
                        .map(FileStatus::getPath)
                        .filter(folder -> NUMBERED.matcher(folder.getName()).matches())
                        .sorted(Comparator.comparingLong(DigestedAccess::number).reversed())
                        .toList();
        if (ownFolder) {
            requireUnchanged(before);
        }
        before.forEach(this::learn);
    }

    private static long number(Path folder) {
        return Long.parseLong(folder.getName().substring(CHECKPOINT_DIR_PREFIX.length()));
    }

    /** One that was being written, or deleted, when the other JobManager ended is passed by. */
    private static void requireUnchanged(List<Path> newestFirst) throws DamagedSnapshotException {
        for (Path folder : newestFirst) {
            StoredSnapshot snapshot;
            try {
                snapshot = StoredSnapshot.read(folder);
                snapshot.requireWhole();
            } catch (IOException e) {
                LOG.warn("Checkpoint {} is not compared: {}", folder, e.getMessage());
                continue;
            }
            requireUnchanged(folder, snapshot);
            return;
        }
    }

    private static void requireUnchanged(Path folder, StoredSnapshot snapshot)
            throws DamagedSnapshotException {
        try {
            snapshot.requireUnchanged();
            LOG.info(
                    snapshot.hasDigests()
                            ? "The bytes of checkpoint {} are those that were written."
                            : "Checkpoint {} has no checksums, and is not compared.",
                    folder);
        } catch (DamagedSnapshotException e) {
            throw new DamagedSnapshotException(
                    "nothing goes on from checkpoint %s: %s; start the job with --resume, which goes on from the newest state that is whole"
                            .formatted(folder, e.getMessage()),
                    e);
        } catch (IOException e) {
            LOG.warn("Checkpoint {} is not compared: {}", folder, e.getMessage());
        }
    }

    @Override
    public CompletedCheckpointStorageLocation resolveCheckpoint(String pointer) throws IOException {
        CompletedCheckpointStorageLocation found = super.resolveCheckpoint(pointer);
        learn(new Path(found.getExternalPointer()));
        return found;
    }

    private synchronized void learn(Path folder) {
        try {
            known.putAll(StoredSnapshot.read(folder).digests());
        } catch (IOException e) {
            LOG.debug("Nothing is learned from {}.", folder, e); // it may not be complete
        }
    }

    @Override
    public CheckpointStorageLocation initializeLocationForCheckpoint(long checkpointId)
            throws IOException {
        return new DigestedLocation(
                super.initializeLocationForCheckpoint(checkpointId),
                createCheckpointDirectory(getCheckpointsDirectory(), checkpointId),
                this::ofCheckpoint);
    }

    @Override
    protected CheckpointStorageLocation createSavepointLocation(FileSystem fs, Path location) {
        return new DigestedLocation(
                super.createSavepointLocation(fs, location), location, this::digests);
    }

    private synchronized Map<Path, FileDigest> ofCheckpoint(Map<Path, Long> files)
            throws IOException {
        known = digests(files);
        return known;
    }

    private synchronized Map<Path, FileDigest> digests(Map<Path, Long> files) throws IOException {
        Map<Path, FileDigest> digests = new LinkedHashMap<>();
        for (Map.Entry<Path, Long> file : files.entrySet()) {
            FileDigest before = known.get(file.getKey());
            digests.put(
                    file.getKey(),
                    before != null && before.length() == file.getValue()
                            ? before
                            : FileDigest.of(file.getKey(), file.getValue()));
        }
        return digests;
    }
}
