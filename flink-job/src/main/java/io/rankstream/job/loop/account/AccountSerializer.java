package io.rankstream.job.loop.account;

import io.rankstream.job.loop.select.SelectionAccount;
import io.rankstream.job.loop.select.SelectionAccountSerializer;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** An account in state: time, queues, counters, selection, agreement. */
public final class AccountSerializer extends ValueSerializer<Account> {

    /** The serializer; it has no state. */
    public static final AccountSerializer INSTANCE = new AccountSerializer();

    private static final int FORMAT = 2;

    /** The first format that knows whether the time is in doubt. */
    private static final int WITH_DOUBT = 2;

    private AccountSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(Account value, DataOutputView target) throws IOException {
        target.writeLong(value.time().now());
        target.writeInt(value.time().near());
        target.writeInt(value.time().strays());
        target.writeLong(value.time().stray());
        target.writeBoolean(value.time().ahead());
        write(value.expiring(), target);
        write(value.forgetting(), target);
        target.writeLong(value.parked());
        target.writeLong(value.openRequests());
        target.writeLong(value.requests());
        SelectionAccountSerializer.INSTANCE.serialize(value.selection(), target);
        target.writeLong(value.toldHour());
        target.writeInt(value.annotators());
        write(value.agreement(), target);
        target.writeLong(value.time().farthest());
        target.writeInt(value.time().calm());
        target.writeLong(value.time().doubtedSince());
        target.writeInt(value.time().jumps().size());
        for (StreamTime.Jump jump : value.time().jumps()) {
            target.writeLong(jump.since());
            target.writeLong(jump.from());
            target.writeLong(jump.to());
        }
    }

    @Override
    protected Account read(int writtenVersion, DataInputView source) throws IOException {
        long now = source.readLong();
        int near = source.readInt();
        int strays = source.readInt();
        long stray = source.readLong();
        boolean ahead = source.readBoolean();
        DeadlineQueue expiring = readQueue(source);
        DeadlineQueue forgetting = readQueue(source);
        long parked = source.readLong();
        long openRequests = source.readLong();
        long requests = source.readLong();
        SelectionAccount selection = SelectionAccountSerializer.INSTANCE.deserialize(source);
        long toldHour = source.readLong();
        int annotators = source.readInt();
        Agreement agreement = readAgreement(source);
        long farthest = stray;
        int calm = strays > 0 && ahead ? 0 : StreamTime.IN_A_ROW;
        long doubtedSince = now;
        List<StreamTime.Jump> jumps = new ArrayList<>();
        if (writtenVersion >= WITH_DOUBT) {
            farthest = source.readLong();
            calm = source.readInt();
            doubtedSince = source.readLong();
            int count = source.readInt();
            for (int i = 0; i < count; i++) {
                jumps.add(
                        new StreamTime.Jump(
                                source.readLong(), source.readLong(), source.readLong()));
            }
        }
        return new Account(
                new StreamTime(
                        now, near, strays, stray, ahead, farthest, calm, doubtedSince, jumps),
                expiring,
                forgetting,
                parked,
                openRequests,
                requests,
                selection,
                toldHour,
                annotators,
                agreement);
    }

    private static void write(DeadlineQueue queue, DataOutputView target) throws IOException {
        target.writeLong(queue.first());
        target.writeLong(queue.next());
        target.writeLong(queue.dueAt());
    }

    private static DeadlineQueue readQueue(DataInputView source) throws IOException {
        return new DeadlineQueue(source.readLong(), source.readLong(), source.readLong());
    }

    private static void write(Agreement agreement, DataOutputView target) throws IOException {
        target.writeLong(agreement.pairs());
        target.writeLong(agreement.alike());
        target.writeLong(agreement.decisions());
        target.writeInt(agreement.byLabel().size());
        for (Map.Entry<String, Long> each : agreement.byLabel().entrySet()) {
            StringValue.writeString(each.getKey(), target);
            target.writeLong(each.getValue());
        }
    }

    private static Agreement readAgreement(DataInputView source) throws IOException {
        long pairs = source.readLong();
        long alike = source.readLong();
        long decisions = source.readLong();
        SortedMap<String, Long> byLabel = new TreeMap<>();
        int labels = source.readInt();
        for (int i = 0; i < labels; i++) {
            byLabel.put(StringValue.readString(source), source.readLong());
        }
        return new Agreement(pairs, alike, decisions, byLabel);
    }

    @Override
    public TypeSerializerSnapshot<Account> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<Account> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
