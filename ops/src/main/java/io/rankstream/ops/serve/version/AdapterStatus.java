package io.rankstream.ops.serve.version;

import java.util.List;
import java.util.Optional;

/**
 * How an adapter is served.
 *
 * @param newest what was announced last
 * @param serving the version that {@code latest} means; empty before it is asked for the first time
 * @param ready whether that is in memory
 * @param refused versions that could not be used, the newest finding last
 */
public record AdapterStatus(
        Announcement newest,
        Optional<VersionId> serving,
        boolean ready,
        List<RefusedVersion> refused) {

    public AdapterStatus {
        refused = List.copyOf(refused);
    }
}
