package io.rankstream.job.train;

import java.util.List;

/**
 * Adapters of the same settings, which are few where adapters are many.
 *
 * @param settings what is noted of each of them
 * @param adapterIds their ids, ascending
 */
public record AdaptersOfSettings(NotedSettings settings, List<String> adapterIds) {

    public AdaptersOfSettings {
        adapterIds = List.copyOf(adapterIds);
    }
}
