package io.rankstream.job.checkpoint;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.CheckpointMetadataOutputStream;
import org.apache.flink.runtime.state.CheckpointStateOutputStream;
import org.apache.flink.runtime.state.CheckpointStorageLocation;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.StreamStateHandle;

/** Where a checkpoint or savepoint is written; its metadata ends in digests. */
final class DigestedLocation implements CheckpointStorageLocation {

    /** Gives the digests of files, of so many bytes each. */
    interface Digesting {
        Map<Path, FileDigest> of(Map<Path, Long> files) throws IOException;
    }

    private final CheckpointStorageLocation location;
    private final Path folder;
    private final Digesting digesting;

    DigestedLocation(CheckpointStorageLocation location, Path folder, Digesting digesting) {
        this.location = location;
        this.folder = folder;
        this.digesting = digesting;
    }

    @Override
    public CheckpointMetadataOutputStream createMetadataOutputStream() throws IOException {
        return new DigestedMetadata(location.createMetadataOutputStream(), folder, digesting);
    }

    @Override
    public void disposeOnFailure() throws IOException {
        location.disposeOnFailure();
    }

    @Override
    public CheckpointStorageLocationReference getLocationReference() {
        return location.getLocationReference();
    }

    @Override
    public CheckpointStateOutputStream createCheckpointStateOutputStream(
            CheckpointedStateScope scope) throws IOException {
        return location.createCheckpointStateOutputStream(scope);
    }

    @Override
    public boolean canFastDuplicate(StreamStateHandle state, CheckpointedStateScope scope)
            throws IOException {
        return location.canFastDuplicate(state, scope);
    }

    @Override
    public List<StreamStateHandle> duplicate(
            List<StreamStateHandle> states, CheckpointedStateScope scope) throws IOException {
        return location.duplicate(states, scope);
    }

    @Override
    public void reusePreviousStateHandle(Collection<? extends StreamStateHandle> previous) {
        location.reusePreviousStateHandle(previous);
    }

    @Override
    public boolean couldReuseStateHandle(StreamStateHandle state) {
        return location.couldReuseStateHandle(state);
    }
}
