package io.rankstream.job.loop;

import io.rankstream.job.loop.account.Account;
import io.rankstream.job.loop.account.AccountSerializer;
import io.rankstream.job.loop.account.Annotator;
import io.rankstream.job.loop.account.AnnotatorSerializer;
import io.rankstream.job.loop.account.Deadline;
import io.rankstream.job.loop.account.LoopState;
import io.rankstream.job.loop.account.Slot;
import io.rankstream.job.loop.account.SlotSerializer;
import io.rankstream.job.loop.entry.Entry;
import io.rankstream.job.loop.entry.EntrySerializer;
import io.rankstream.job.loop.quality.Cohort;
import io.rankstream.job.loop.quality.CohortSerializer;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/**
 * State of the loop in Flink, of the adapter that is the current key. Each of the five is a column
 * family of RocksDB, so both queues of deadlines share one: slots of expiry have the numbers from 0
 * up, those of forgetting from -1 down.
 */
final class KeyedLoopState implements LoopState {

    /** There as soon as anything is heard of an adapter. */
    private static final ValueStateDescriptor<Account> ACCOUNT =
            new ValueStateDescriptor<>("account", AccountSerializer.INSTANCE);

    private final ValueState<Account> account;
    private final MapState<String, Entry> entries;
    private final MapState<Long, Slot> deadlines;
    private final MapState<String, Annotator> annotators;
    private final MapState<Long, Cohort> cohorts;

    private Account newest = Account.NEW;

    KeyedLoopState(RuntimeContext context) {
        account = context.getState(ACCOUNT);
        entries =
                context.getMapState(
                        new MapStateDescriptor<>(
                                "entries", StringSerializer.INSTANCE, EntrySerializer.INSTANCE));
        deadlines =
                context.getMapState(
                        new MapStateDescriptor<>(
                                "deadlines", LongSerializer.INSTANCE, SlotSerializer.INSTANCE));
        annotators =
                context.getMapState(
                        new MapStateDescriptor<>(
                                "annotators",
                                StringSerializer.INSTANCE,
                                AnnotatorSerializer.INSTANCE));
        cohorts =
                context.getMapState(
                        new MapStateDescriptor<>(
                                "cohorts", LongSerializer.INSTANCE, CohortSerializer.INSTANCE));
    }

    /** Adapters that have an account, in the order of their ids. */
    static SortedSet<String> adapterIds(KeyedStateBackend<String> backend) throws Exception {
        SortedSet<String> ids = new TreeSet<>();
        backend.applyToAllKeys(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                ACCOUNT,
                (adapterId, account) -> ids.add(adapterId));
        return ids;
    }

    @Override
    public Account account() throws Exception {
        Account known = account.value();
        return known == null ? Account.NEW : known;
    }

    @Override
    public void put(Account value) throws Exception {
        account.update(value);
        newest = value;
    }

    /** The account that was put last, of whatever key. */
    Account newest() {
        return newest;
    }

    @Override
    public Entry entry(String exampleId) throws Exception {
        return entries.get(exampleId);
    }

    @Override
    public void put(String exampleId, Entry entry) throws Exception {
        entries.put(exampleId, entry);
    }

    @Override
    public void removeEntry(String exampleId) throws Exception {
        entries.remove(exampleId);
    }

    @Override
    public Slot slot(Deadline kind, long number) throws Exception {
        return deadlines.get(key(kind, number));
    }

    @Override
    public void put(Deadline kind, long number, Slot slot) throws Exception {
        deadlines.put(key(kind, number), slot);
    }

    @Override
    public void removeSlot(Deadline kind, long number) throws Exception {
        deadlines.remove(key(kind, number));
    }

    @Override
    public Annotator annotator(String name) throws Exception {
        return annotators.get(name);
    }

    @Override
    public void put(String name, Annotator annotator) throws Exception {
        annotators.put(name, annotator);
    }

    @Override
    public SortedMap<String, Annotator> annotators() throws Exception {
        return sorted(annotators);
    }

    @Override
    public Cohort cohort(long hour) throws Exception {
        return cohorts.get(hour);
    }

    @Override
    public void put(long hour, Cohort cohort) throws Exception {
        cohorts.put(hour, cohort);
    }

    @Override
    public SortedMap<Long, Cohort> cohorts() throws Exception {
        return sorted(cohorts);
    }

    @Override
    public void removeCohort(long hour) throws Exception {
        cohorts.remove(hour);
    }

    private static <K, V> SortedMap<K, V> sorted(MapState<K, V> state) throws Exception {
        SortedMap<K, V> all = new TreeMap<>();
        for (Map.Entry<K, V> each : state.entries()) {
            all.put(each.getKey(), each.getValue());
        }
        return all;
    }

    private static long key(Deadline kind, long number) {
        return kind == Deadline.EXPIRY ? number : -1 - number;
    }
}
