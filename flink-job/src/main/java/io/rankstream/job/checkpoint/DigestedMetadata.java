package io.rankstream.job.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.CheckpointMetadataOutputStream;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;

/**
 * Metadata that is being written. The digests come before the file is, so there is no complete
 * checkpoint without them; one whose files cannot be read back is not completed.
 */
public final class DigestedMetadata extends CheckpointMetadataOutputStream {

    private final CheckpointMetadataOutputStream out;
    private final Path folder;
    private final DigestedLocation.Digesting digesting;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    DigestedMetadata(
            CheckpointMetadataOutputStream out, Path folder, DigestedLocation.Digesting digesting) {
        this.out = out;
        this.folder = folder;
        this.digesting = digesting;
    }

    /** Opens the file of metadata. */
    public interface Opening {
        OutputStream open() throws IOException;
    }

    /**
     * Writes the metadata of a snapshot, and digests of its files.
     *
     * @param folder where the files are
     * @param opening opens what becomes its metadata file, once the files were read
     */
    public static void write(CheckpointMetadata metadata, Path folder, Opening opening)
            throws IOException {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        Checkpoints.storeCheckpointMetadata(metadata, new DataOutputStream(stored));
        byte[] bytes = stored.toByteArray();
        byte[] digests =
                FileDigests.behind(
                        bytes, StoredSnapshot.ofBytes(bytes, folder).byName(FileDigest::ofAll));
        try (OutputStream out = opening.open()) {
            out.write(bytes);
            out.write(digests);
        }
    }

    @Override
    public void write(int b) throws IOException {
        written.write(b);
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        written.write(bytes, offset, length);
        out.write(bytes, offset, length);
    }

    @Override
    public long getPos() throws IOException {
        return out.getPos();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void sync() throws IOException {
        out.sync();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    @Override
    public CompletedCheckpointStorageLocation closeAndFinalizeCheckpoint() throws IOException {
        byte[] metadata = written.toByteArray();
        StoredSnapshot snapshot = StoredSnapshot.ofBytes(metadata, folder);
        out.write(FileDigests.behind(metadata, snapshot.byName(digesting)));
        return out.closeAndFinalizeCheckpoint();
    }
}
