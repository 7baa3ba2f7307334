package io.rankstream.job.batch;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;

/**
 * Which adapters of a subtask are paused, noted beside them, so that whoever starts the job again
 * can tell. Every subtask is given the notes of all. A pause of an earlier release is noted once
 * something comes for its adapter.
 */
public final class PausedAdapters {

    /** Operator state; a savepoint of an earlier release has none. */
    public static final ListStateDescriptor<HeldExamples> STATE =
            new ListStateDescriptor<>("paused-adapters", HeldExamplesSerializer.INSTANCE);

    private final ListState<HeldExamples> state;
    private final Map<String, Long> own = new TreeMap<>();

    /**
     * Those of a subtask that is starting.
     *
     * @param isOwn whether an adapter is this subtask's
     */
    PausedAdapters(OperatorStateStore store, Predicate<String> isOwn) throws Exception {
        state = store.getUnionListState(STATE);
        for (HeldExamples noted : state.get()) {
            if (isOwn.test(noted.adapterId())) {
                own.put(noted.adapterId(), noted.examples());
            }
        }
    }

    /** Notes how an adapter of this subtask stands. */
    void note(String adapterId, AdapterControl now) {
        if (now.paused()) {
            own.put(adapterId, now.held());
        } else {
            own.remove(adapterId);
        }
    }

    /** Writes down the adapters of this subtask. */
    void write() throws Exception {
        List<HeldExamples> notes =
                own.entrySet().stream()
                        .map(each -> new HeldExamples(each.getKey(), each.getValue()))
                        .toList();
        state.update(notes);
    }
}
