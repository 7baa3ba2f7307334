package io.rankstream.job.config;

import io.rankstream.adapters.settings.TrainingTemplate;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;

/**
 * Hyperparameters by adapter.
 *
 * @param byAdapter adapters with settings of their own
 * @param fallback template of every other adapter; null where the configuration names no labels for
 *     them, which refuses them
 */
public record AdapterTemplates(Map<String, TrainingTemplate> byAdapter, TrainingTemplate fallback)
        implements Serializable {

    public AdapterTemplates {
        byAdapter = Map.copyOf(byAdapter);
    }

    /** Template of {@code adapterId}; empty when the configuration does not admit it. */
    public Optional<TrainingTemplate> of(String adapterId) {
        TrainingTemplate own = byAdapter.get(adapterId);
        return Optional.ofNullable(own == null ? fallback : own);
    }
}
