package io.rankstream.job.checkpoint;

import java.io.IOException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.CheckpointStorageFactory;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;

/**
 * Flink's storage of checkpoints in files; each checkpoint and savepoint also has the digests of
 * its files, by which a start sees that bytes have changed since.
 */
public final class DigestedStorage implements CheckpointStorage {

    private static final long serialVersionUID = 1L;

    private final FileSystemCheckpointStorage files;
    private final boolean subfolders;

    private DigestedStorage(FileSystemCheckpointStorage files, boolean subfolders) {
        this.files = files;
        this.subfolders = subfolders;
    }

    /** For {@code execution.checkpointing.storage}. */
    public static final class Factory implements CheckpointStorageFactory<CheckpointStorage> {

        /** Without a folder for checkpoints they stay in memory, as Flink has it. */
        @Override
        public CheckpointStorage createFromConfig(ReadableConfig config, ClassLoader loader) {
            return config.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY).isPresent()
                    ? new DigestedStorage(
                            FileSystemCheckpointStorage.createFromConfig(config, loader),
                            config.get(CheckpointingOptions.CREATE_CHECKPOINT_SUB_DIR))
                    : JobManagerCheckpointStorage.createFromConfig(config, loader);
        }
    }

    @Override
    public CompletedCheckpointStorageLocation resolveCheckpoint(String pointer) throws IOException {
        return files.resolveCheckpoint(pointer);
    }

    @Override
    public CheckpointStorageAccess createCheckpointStorage(JobID start) throws IOException {
        return new DigestedAccess(files, subfolders, start);
    }
}
