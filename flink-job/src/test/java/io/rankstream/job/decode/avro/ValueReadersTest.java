package io.rankstream.job.decode.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaKey;
import io.rankstream.job.registry.UnknownSchemaException;
import io.rankstream.schemas.LabeledExample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ValueReadersTest {

    private static final Duration OUTAGE_TIMEOUT = Duration.ofSeconds(60);

    private final ManualClock clock = new ManualClock();
    private final List<Integer> asked = new ArrayList<>();

    @Test
    void asksForASchemaOnce() throws Exception {
        ValueReaders readers = readers(id -> true);

        assertThat(readers.reader(key(7))).isSameAs(readers.reader(key(7)));
        assertThat(asked).containsExactly(7);
    }

    @Test
    void remembersForTenSecondsThatAnIdIsUnknown() {
        ValueReaders readers = readers(id -> false);

        assertUnknown(readers);
        clock.advance(Duration.ofMillis(9_999));
        assertUnknown(readers);
        assertThat(asked).hasSize(1);

        clock.advance(Duration.ofMillis(1));
        assertUnknown(readers);
        assertThat(asked).hasSize(2);
    }

    @Test
    void findsASchemaThatWasUnknownBefore() throws Exception {
        ValueReaders readers = readers(id -> asked.size() > 1);

        assertUnknown(readers);
        clock.advance(ValueReaders.UNKNOWN_FOR);

        assertThat(readers.reader(key(7))).isNotNull();
    }

    @Test
    void keepsNoMoreUnknownIdsThanTenThousand() {
        ValueReaders readers = readers(id -> false);
        for (int id = 0; id <= 10_000; id++) {
            assertUnknown(readers, id);
        }
        asked.clear();

        assertUnknown(readers, 10_000);
        assertUnknown(readers, 0);

        assertThat(asked).containsExactly(0);
    }

    @Test
    void asksAgainWithGrowingPausesUntilTheRegistryAnswers() throws Exception {
        ValueReaders readers = unreachable(9);

        assertThat(readers.reader(key(7))).isNotNull();
        assertThat(clock.pauses())
                .extracting(Duration::toMillis)
                .containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L, 5_000L);
    }

    @Test
    void givesUpWhenTheOutageHasLastedTooLong() {
        ValueReaders readers = unreachable(Integer.MAX_VALUE);

        assertThatThrownBy(() -> readers.reader(key(7)))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("no answer on schema 7 for 60000 ms")
                .hasMessageContaining("no record is lost")
                .hasMessageEndingWith("out of order");
        assertThat(clock.pauses().stream().reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(OUTAGE_TIMEOUT);
    }

    @Test
    void tellsUnknownAfterAnOutageFromTheOutage() {
        ValueReaders readers =
                new ValueReaders(
                        List.of(),
                        key -> {
                            asked.add(id(key));
                            if (asked.size() < 3) {
                                throw new RegistryException("out of order", null);
                            }
                            throw new UnknownSchemaException("no schema");
                        },
                        OUTAGE_TIMEOUT,
                        clock);

        assertUnknown(readers);
        assertThat(clock.pauses()).hasSize(2);
    }

    @Test
    void stopsWaitingWhenItIsInterrupted() {
        ValueReaders readers = unreachable(Integer.MAX_VALUE);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> readers.reader(key(7))).isInstanceOf(InterruptedException.class);
        assertThat(asked).hasSize(1);
    }

    private void assertUnknown(ValueReaders readers) {
        assertUnknown(readers, 7);
    }

    private static void assertUnknown(ValueReaders readers, int id) {
        assertThatThrownBy(() -> readers.reader(key(id)))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessage("no schema");
    }

    private ValueReaders readers(IntPredicate exists) {
        return new ValueReaders(
                List.of(),
                key -> {
                    asked.add(id(key));
                    return found(exists.test(id(key)));
                },
                OUTAGE_TIMEOUT,
                clock);
    }

    private ValueReaders unreachable(int times) {
        return new ValueReaders(
                List.of(),
                key -> {
                    asked.add(id(key));
                    if (asked.size() <= times) {
                        throw new RegistryException("out of order", null);
                    }
                    return LabeledExample.getClassSchema();
                },
                OUTAGE_TIMEOUT,
                clock);
    }

    private static SchemaKey key(int id) {
        return new SchemaKey.Id(id);
    }

    private static int id(SchemaKey key) {
        return ((SchemaKey.Id) key).id();
    }

    private static Schema found(boolean exists) throws UnknownSchemaException {
        if (!exists) {
            throw new UnknownSchemaException("no schema");
        }
        return LabeledExample.getClassSchema();
    }
}
