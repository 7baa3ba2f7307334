package io.rankstream.ops.serve.predict;

import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.InferenceState;
import io.rankstream.adapters.training.Learner;
import io.rankstream.job.version.VersionFolder;
import io.rankstream.ops.serve.version.VersionId;
import io.rankstream.ops.serve.version.VersionSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Versions as jobs publish them, on any of Flink's file systems. An answer comes from the snapshot
 * of the whole state, which has all that the job answers by: PEFT's files have no words and one
 * head for two.
 */
public final class PublishedSource implements VersionSource<ServedAdapter> {

    private final Learner learner;

    public PublishedSource(Learner learner) {
        this.learner = learner;
    }

    @Override
    public Whole<ServedAdapter> read(VersionId id, Optional<String> manifestSha256)
            throws IOException {
        VersionFolder folder = VersionFolder.at(id.folder());
        if (!folder.isOf(id.adapterId(), id.version())) {
            throw new IOException(
                    "%s was announced as %s, which is the folder of another one"
                            .formatted(id, id.folder()));
        }
        byte[] snapshot = folder.readAlone(AdapterSnapshot.FILE, manifestSha256);
        InferenceState state = AdapterSnapshot.parseForInference(snapshot, id.folder());
        if (!state.meta().adapterId().equals(id.adapterId())
                || state.meta().version() != id.version()) {
            throw new IOException(
                    "%s holds version %d of adapter '%s'"
                            .formatted(folder, state.meta().version(), state.meta().adapterId()));
        }
        List<String> differences = learner.differences(state);
        if (!differences.isEmpty()) {
            throw new IOException(
                    new AdapterMismatchException(id.adapterId(), differences).getMessage());
        }
        return () -> new ServedAdapter(id, learner.freeze(state));
    }

    @Override
    public VersionId sibling(VersionId id, long version) throws IOException {
        return new VersionId(
                id.adapterId(), version, VersionFolder.at(id.folder()).sibling(version).path());
    }
}
