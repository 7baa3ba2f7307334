package io.rankstream.job.loop.join;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
import io.rankstream.job.state.ValueSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** State of one adapter as the bytes that it has in a checkpoint. */
final class MemoryState implements LoopState {

    private final SortedMap<String, byte[]> bytes;

    MemoryState() {
        this(new TreeMap<>());
    }

    private MemoryState(SortedMap<String, byte[]> bytes) {
        this.bytes = bytes;
    }

    MemoryState copy() {
        return new MemoryState(new TreeMap<>(bytes));
    }

    /** All of it, to compare. */
    SortedMap<String, String> content() {
        SortedMap<String, String> content = new TreeMap<>();
        bytes.forEach((key, value) -> content.put(key, new String(value, ISO_8859_1)));
        return content;
    }

    SortedMap<String, Entry> entries() {
        return all("entry ", EntrySerializer.INSTANCE);
    }

    SortedMap<String, Slot> slots(Deadline kind) {
        return all(kind + " ", SlotSerializer.INSTANCE);
    }

    private <T> SortedMap<String, T> all(String prefix, ValueSerializer<T> serializer) {
        SortedMap<String, T> found = new TreeMap<>();
        bytes.tailMap(prefix)
                .forEach(
                        (key, value) -> {
                            if (key.startsWith(prefix)) {
                                found.put(key.substring(prefix.length()), read(key, serializer));
                            }
                        });
        return found;
    }

    @Override
    public Account account() {
        Account known = read("account", AccountSerializer.INSTANCE);
        return known == null ? Account.NEW : known;
    }

    @Override
    public void put(Account account) {
        write("account", account, AccountSerializer.INSTANCE);
    }

    @Override
    public Entry entry(String exampleId) {
        return read("entry " + exampleId, EntrySerializer.INSTANCE);
    }

    @Override
    public void put(String exampleId, Entry entry) {
        write("entry " + exampleId, entry, EntrySerializer.INSTANCE);
    }

    @Override
    public void removeEntry(String exampleId) {
        bytes.remove("entry " + exampleId);
    }

    @Override
    public Slot slot(Deadline kind, long number) {
        return read(kind + " " + number, SlotSerializer.INSTANCE);
    }

    @Override
    public void put(Deadline kind, long number, Slot slot) {
        write(kind + " " + number, slot, SlotSerializer.INSTANCE);
    }

    @Override
    public void removeSlot(Deadline kind, long number) {
        bytes.remove(kind + " " + number);
    }

    @Override
    public Annotator annotator(String name) {
        return read("annotator " + name, AnnotatorSerializer.INSTANCE);
    }

    @Override
    public void put(String name, Annotator annotator) {
        write("annotator " + name, annotator, AnnotatorSerializer.INSTANCE);
    }

    @Override
    public SortedMap<String, Annotator> annotators() {
        return all("annotator ", AnnotatorSerializer.INSTANCE);
    }

    @Override
    public Cohort cohort(long hour) {
        return read("cohort " + hour, CohortSerializer.INSTANCE);
    }

    @Override
    public void put(long hour, Cohort cohort) {
        write("cohort " + hour, cohort, CohortSerializer.INSTANCE);
    }

    @Override
    public SortedMap<Long, Cohort> cohorts() {
        SortedMap<Long, Cohort> byHour = new TreeMap<>();
        all("cohort ", CohortSerializer.INSTANCE)
                .forEach((hour, cohort) -> byHour.put(Long.valueOf(hour), cohort));
        return byHour;
    }

    @Override
    public void removeCohort(long hour) {
        bytes.remove("cohort " + hour);
    }

    private <T> T read(String key, ValueSerializer<T> serializer) {
        byte[] value = bytes.get(key);
        try {
            return value == null ? null : serializer.deserialize(new DataInputDeserializer(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> void write(String key, T value, ValueSerializer<T> serializer) {
        DataOutputSerializer out = new DataOutputSerializer(256);
        try {
            serializer.serialize(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.put(key, out.getCopyOfBuffer());
    }
}
