package io.rankstream.job.train;

import io.rankstream.adapters.training.FixedSettings;
import java.util.List;

/**
 * Adapters that were created with the same settings, which are few where adapters are many.
 *
 * @param settings what they keep for their life
 * @param adapterIds their ids, ascending
 */
public record AdaptersOfSettings(FixedSettings settings, List<String> adapterIds) {

    public AdaptersOfSettings {
        adapterIds = List.copyOf(adapterIds);
    }
}
