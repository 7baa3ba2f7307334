package io.rankstream.job.loop.join;

import static io.rankstream.schemas.VoteKind.RETRACT;
import static io.rankstream.schemas.VoteKind.SKIP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.loop.account.Account;
import io.rankstream.job.loop.account.AccountSerializer;
import io.rankstream.job.loop.account.Annotator;
import io.rankstream.job.loop.account.AnnotatorSerializer;
import io.rankstream.job.loop.account.Slot;
import io.rankstream.job.loop.account.SlotSerializer;
import io.rankstream.job.loop.account.StreamTime;
import io.rankstream.job.loop.entry.Entry;
import io.rankstream.job.loop.entry.EntrySerializer;
import io.rankstream.job.loop.entry.Phase;
import io.rankstream.job.state.ValueSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** State that was written once is read for ever: bytes of each format, kept as files. */
class LoopStateFormatTest {

    @Test
    void bytesOfTheNewestFormatsAreReadAndWrittenAsTheyWere() throws Exception {
        Map<String, String> written = new TreeMap<>();
        for (Map.Entry<String, byte[]> each : values().entrySet()) {
            written.put(each.getKey(), HexFormat.of().formatHex(each.getValue()));
        }

        assertThat(written).isEqualTo(kept("format-2.txt"));
    }

    @Test
    void bytesOfFormat1AreRead() throws Exception {
        Map<String, String> kept = kept("format-1.txt");

        Account account = read(kept.get("account"), AccountSerializer.INSTANCE);
        assertThat(account.time())
                .isEqualTo(
                        new StreamTime(
                                Elements.START,
                                6,
                                0,
                                0,
                                false,
                                0,
                                StreamTime.IN_A_ROW,
                                Elements.START,
                                List.of()));
        assertThat(account.parked()).isEqualTo(1);
        assertThat(readBack(account, AccountSerializer.INSTANCE)).isEqualTo(account);

        Map<String, Phase> phases = new TreeMap<>();
        for (Map.Entry<String, String> each : kept.entrySet()) {
            if (each.getKey().startsWith("entry-")) {
                Entry entry = read(each.getValue(), EntrySerializer.INSTANCE);
                assertThat(entry.doubted()).isFalse();
                byte[] again = bytes(entry, EntrySerializer.INSTANCE);
                assertThat(
                                bytes(
                                        readBack(entry, EntrySerializer.INSTANCE),
                                        EntrySerializer.INSTANCE))
                        .isEqualTo(again);
                phases.put(each.getKey().substring("entry-".length()), entry.phase());
            }
        }
        assertThat(phases)
                .containsEntry("decided", Phase.DECIDED)
                .containsEntry("expired", Phase.EXPIRED)
                .containsEntry("open", Phase.OPEN)
                .containsEntry("parked", Phase.PARKED)
                .hasSize(8);
        assertThat(read(kept.get("slot"), SlotSerializer.INSTANCE)).isEqualTo(new Slot(7, "x"));
        assertThat(read(kept.get("annotator"), AnnotatorSerializer.INSTANCE))
                .isEqualTo(new Annotator(4, 3, 2, 1));
    }

    private static Map<String, String> kept(String name) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(
                        LoopStateFormatTest.class.getResourceAsStream("/loop/" + name))) {
            Map<String, String> kept = new TreeMap<>();
            new String(file.readAllBytes(), UTF_8)
                    .lines()
                    .forEach(
                            line -> {
                                int space = line.indexOf(' ');
                                kept.put(line.substring(0, space), line.substring(space + 1));
                            });
            return kept;
        }
    }

    private static <T> T read(String hex, ValueSerializer<T> serializer) throws IOException {
        return serializer.deserialize(new DataInputDeserializer(HexFormat.of().parseHex(hex)));
    }

    /** An entry in each phase, as votes in disorder make them, and what is kept beside. */
    private static Map<String, byte[]> values() throws Exception {
        LoopRun run = new LoopRun(LoopRun.settings(2, 0, false), 1);
        long hour = 3_600_000L;
        run.take(Elements.input("expired", Elements.START - 25 * hour));
        for (int before = 20; before > 0; before -= 5) {
            run.take(Elements.input("before" + before, Elements.START - before * hour));
        }
        run.take(Elements.number("open", Elements.START, 1.5))
                .take(Elements.input("decided", Elements.START))
                .take(Elements.vote("ann", "parked", "spam"))
                .take(Elements.vote("ann", "decided", "spam"))
                .take(Elements.vote("bob", "decided", "ham"))
                .take(Elements.vote("cid", "decided", "ham"))
                .take(Elements.vote("dan", 1, "open", "dan", SKIP, null, Elements.START))
                .take(Elements.vote("eve", 2, "open", "eve", RETRACT, null, Elements.START));
        Map<String, byte[]> values = new TreeMap<>();
        for (Map.Entry<String, Entry> each : run.state.entries().entrySet()) {
            values.put(
                    "entry-" + each.getKey(),
                    bytes(
                            readBack(each.getValue(), EntrySerializer.INSTANCE),
                            EntrySerializer.INSTANCE));
        }
        Account account = readBack(run.state.account(), AccountSerializer.INSTANCE);
        values.put("account", bytes(account, AccountSerializer.INSTANCE));
        values.put("slot", bytes(new Slot(7, "x"), SlotSerializer.INSTANCE));
        values.put("annotator", bytes(new Annotator(4, 3, 2, 1), AnnotatorSerializer.INSTANCE));
        return values;
    }

    private static <T> T readBack(T value, ValueSerializer<T> serializer) throws IOException {
        return serializer.deserialize(new DataInputDeserializer(bytes(value, serializer)));
    }

    private static <T> byte[] bytes(T value, ValueSerializer<T> serializer) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        return out.getCopyOfBuffer();
    }
}
