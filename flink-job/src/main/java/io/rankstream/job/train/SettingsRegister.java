package io.rankstream.job.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;

/**
 * What the next start must know of each adapter of a subtask, beside the adapters themselves: small
 * enough to be read of thousands of them before a job starts. Every subtask is given that of all.
 */
public final class SettingsRegister {

    /** Operator state; a savepoint of an earlier release has none. */
    public static final ListStateDescriptor<AdaptersOfSettings> STATE =
            new ListStateDescriptor<>("fixed-settings", AdaptersOfSettingsSerializer.INSTANCE);

    private final ListState<AdaptersOfSettings> state;
    private final Map<String, NotedSettings> restored = new HashMap<>();
    private final SortedMap<String, NotedSettings> own = new TreeMap<>();

    /** The register of a subtask that is starting. */
    public SettingsRegister(OperatorStateStore store) throws Exception {
        state = store.getUnionListState(STATE);
        for (AdaptersOfSettings group : state.get()) {
            group.adapterIds().forEach(adapterId -> restored.put(adapterId, group.settings()));
        }
    }

    /** What an adapter of this subtask has; empty if it is not there. */
    Optional<NotedSettings> of(String adapterId) {
        return Optional.ofNullable(own.get(adapterId));
    }

    /** What a restored adapter has, as far as it was written down. */
    Optional<NotedSettings> restored(String adapterId) {
        return Optional.ofNullable(restored.get(adapterId));
    }

    /** Notes what an adapter of this subtask has. */
    public void put(String adapterId, NotedSettings settings) {
        own.put(adapterId, settings);
    }

    void remove(String adapterId) {
        own.remove(adapterId);
    }

    /** Writes down the adapters of this subtask. */
    public void write() throws Exception {
        Map<NotedSettings, List<String>> groups = new LinkedHashMap<>();
        own.forEach(
                (adapterId, settings) ->
                        groups.computeIfAbsent(settings, key -> new ArrayList<>()).add(adapterId));
        state.update(
                groups.entrySet().stream()
                        .map(group -> new AdaptersOfSettings(group.getKey(), group.getValue()))
                        .toList());
    }
}
