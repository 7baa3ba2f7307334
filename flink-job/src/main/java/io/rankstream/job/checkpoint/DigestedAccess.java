package io.rankstream.job.checkpoint;

import io.rankstream.job.files.FileSystems;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
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
    }

    /** A JobManager that takes the place of another one learns what that one knew. */
    @Override
    public void initializeBaseLocationsForCheckpoint() throws IOException {
        super.initializeBaseLocationsForCheckpoint();
        for (FileStatus child : FileSystems.children(getCheckpointsDirectory())) {
            if (child.isDir() && child.getPath().getName().startsWith(CHECKPOINT_DIR_PREFIX)) {
                learn(child.getPath());
            }
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
