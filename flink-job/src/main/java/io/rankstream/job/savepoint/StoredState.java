package io.rankstream.job.savepoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SavepointKeyedStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** How an operator's keyed state is stored: for which backend, in which files. */
final class StoredState {

    private final List<KeyedStateHandle> handles;

    StoredState(OperatorState operator) {
        this.handles =
                operator.getStates().stream()
                        .map(OperatorSubtaskState::getManagedKeyedState)
                        .flatMap(state -> state.stream())
                        .toList();
    }

    /**
     * A backend that reads it. What has the format that all share goes through RocksDB, so that
     * adapters may outgrow the heap.
     *
     * @throws IOException if there is none
     */
    StateBackend backend() throws IOException {
        for (KeyedStateHandle handle : handles) {
            requireKnown(handle);
        }
        boolean written =
                handles.stream()
                        .anyMatch(
                                handle ->
                                        handle instanceof KeyGroupsStateHandle
                                                && !(handle instanceof SavepointKeyedStateHandle));
        return written ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend(true);
    }

    private static void requireKnown(KeyedStateHandle handle) throws IOException {
        if (!(handle instanceof KeyGroupsStateHandle)
                && !(handle instanceof IncrementalRemoteKeyedStateHandle)) {
            throw new IOException(
                    "its keyed state is a %s, expected that of the backends hashmap or rocksdb without a changelog: take a canonical savepoint of the job and use that"
                            .formatted(handle.getClass().getSimpleName()));
        }
    }

    /** Names of the keyed states, those of timers included. */
    Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (KeyedStateHandle handle : handles) {
            try (FSDataInputStream in = header(handle).openInputStream()) {
                KeyedBackendSerializationProxy<?> header =
                        new KeyedBackendSerializationProxy<>(getClass().getClassLoader());
                header.read(new DataInputViewStreamWrapper(in));
                header.getStateMetaInfoSnapshots().forEach(state -> names.add(state.getName()));
            }
        }
        return names;
    }

    private static StreamStateHandle header(KeyedStateHandle handle) {
        return handle instanceof IncrementalRemoteKeyedStateHandle incremental
                ? incremental.getMetaDataStateHandle()
                : (KeyGroupsStateHandle) handle;
    }

    /** Names of the files in the savepoint's folder; small state has none. */
    Set<String> files() {
        Set<String> files = new TreeSet<>();
        for (KeyedStateHandle handle : handles) {
            for (StreamStateHandle stream : streams(handle)) {
                if (stream instanceof RelativeFileStateHandle file) {
                    files.add(file.getRelativePath());
                }
            }
        }
        return files;
    }

    private static List<StreamStateHandle> streams(KeyedStateHandle handle) {
        if (handle instanceof KeyGroupsStateHandle keyGroups) {
            return List.of(keyGroups.getDelegateStateHandle());
        }
        IncrementalRemoteKeyedStateHandle incremental = (IncrementalRemoteKeyedStateHandle) handle;
        List<StreamStateHandle> streams = new ArrayList<>();
        streams.add(incremental.getMetaDataStateHandle());
        Stream.of(incremental.getSharedState(), incremental.getPrivateState())
                .flatMap(List::stream)
                .map(HandleAndLocalPath::getHandle)
                .forEach(streams::add);
        return streams;
    }
}
