package io.rankstream.job.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateHandle;

/** Reads what all subtasks of an operator have noted in one of its states that are not keyed. */
public final class NotedList {

    private NotedList() {}

    /**
     * The notes.
     *
     * @param operator an operator in a checkpoint or savepoint
     * @param state a state that every subtask is given as a whole
     * @return empty if it has no such state
     */
    public static <T> Optional<List<T>> read(OperatorState operator, ListStateDescriptor<T> state)
            throws Exception {
        List<OperatorStateHandle> handles =
                operator.getStates().stream()
                        .flatMap(subtask -> subtask.getManagedOperatorState().stream())
                        .filter(
                                handle ->
                                        handle.getStateNameToPartitionOffsets()
                                                .containsKey(state.getName()))
                        .toList();
        if (handles.isEmpty()) {
            return Optional.empty();
        }
        try (CloseableRegistry resources = new CloseableRegistry();
                OperatorStateBackend backend =
                        new DefaultOperatorStateBackendBuilder(
                                        NotedList.class.getClassLoader(),
                                        new ExecutionConfig(),
                                        false,
                                        handles,
                                        resources)
                                .build()) {
            List<T> notes = new ArrayList<>();
            backend.getUnionListState(state).get().forEach(notes::add);
            return Optional.of(notes);
        }
    }
}
