package io.rankstream.job.config;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;

/**
 * Snapshots that new adapters start from.
 *
 * @param byAdapter file by adapter, of those with settings of their own
 * @param fallback file of every other adapter; null where they start from nothing
 */
public record AdapterStarts(Map<String, String> byAdapter, String fallback)
        implements Serializable {

    /** No adapter starts from a snapshot. */
    public static final AdapterStarts NONE = new AdapterStarts(Map.of(), null);

    public AdapterStarts {
        byAdapter = Map.copyOf(byAdapter);
    }

    /** File that {@code adapterId} starts from; empty where it starts from nothing. */
    public Optional<String> of(String adapterId) {
        return Optional.ofNullable(byAdapter.getOrDefault(adapterId, fallback));
    }
}
