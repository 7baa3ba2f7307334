package io.rankstream.ops.serve.predict;

import io.rankstream.adapters.training.FrozenAdapter;
import io.rankstream.ops.serve.version.Resident;
import io.rankstream.ops.serve.version.VersionId;

/**
 * A published version over the base model of this process.
 *
 * @param adapter what answers; it is closed with this
 */
public record ServedAdapter(VersionId id, FrozenAdapter adapter) implements Resident {

    @Override
    public long bytes() {
        return adapter.bytes();
    }

    @Override
    public void close() {
        adapter.close();
    }
}
