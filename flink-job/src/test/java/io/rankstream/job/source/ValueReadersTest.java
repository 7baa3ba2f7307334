package io.rankstream.job.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.registry.RegistryException;
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
        ValueReaders<LabeledExample> readers = readers(id -> true);

        assertThat(readers.reader(7)).isSameAs(readers.reader(7));
        assertThat(asked).containsExactly(7);
    }

    @Test
    void remembersForTenSecondsThatAnIdIsUnknown() {
        ValueReaders<LabeledExample> readers = readers(id -> false);

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
        ValueReaders<LabeledExample> readers = readers(id -> asked.size() > 1);

        assertUnknown(readers);
        clock.advance(ValueReaders.UNKNOWN_FOR);

        assertThat(readers.reader(7)).isNotNull();
    }

    @Test
    void keepsNoMoreUnknownIdsThanTenThousand() {
        ValueReaders<LabeledExample> readers = readers(id -> false);
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
        ValueReaders<LabeledExample> readers = unreachable(9);

        assertThat(readers.reader(7)).isNotNull();
        assertThat(clock.pauses())
                .extracting(Duration::toMillis)
                .containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L, 5_000L);
    }

    @Test
    void givesUpWhenTheOutageHasLastedTooLong() {
        ValueReaders<LabeledExample> readers = unreachable(Integer.MAX_VALUE);

        assertThatThrownBy(() -> readers.reader(7))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("no answer on schema 7 for 60000 ms")
                .hasMessageContaining("no record is lost")
                .hasMessageEndingWith("out of order");
        assertThat(clock.pauses().stream().reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(OUTAGE_TIMEOUT);
    }

    @Test
    void tellsUnknownAfterAnOutageFromTheOutage() {
        ValueReaders<LabeledExample> readers =
                new ValueReaders<>(
                        LabeledExample.class,
                        id -> {
                            asked.add(id);
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
        ValueReaders<LabeledExample> readers = unreachable(Integer.MAX_VALUE);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> readers.reader(7)).isInstanceOf(InterruptedException.class);
        assertThat(asked).hasSize(1);
    }

    private void assertUnknown(ValueReaders<LabeledExample> readers) {
        assertUnknown(readers, 7);
    }

    private static void assertUnknown(ValueReaders<LabeledExample> readers, int id) {
        assertThatThrownBy(() -> readers.reader(id))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessage("no schema");
    }

    private ValueReaders<LabeledExample> readers(IntPredicate exists) {
        return new ValueReaders<>(
                LabeledExample.class,
                id -> {
                    asked.add(id);
                    return found(exists.test(id));
                },
                OUTAGE_TIMEOUT,
                clock);
    }

    private ValueReaders<LabeledExample> unreachable(int times) {
        return new ValueReaders<>(
                LabeledExample.class,
                id -> {
                    asked.add(id);
                    if (asked.size() <= times) {
                        throw new RegistryException("out of order", null);
                    }
                    return LabeledExample.getClassSchema();
                },
                OUTAGE_TIMEOUT,
                clock);
    }

    private static Schema found(boolean exists) throws UnknownSchemaException {
        if (!exists) {
            throw new UnknownSchemaException("no schema");
        }
        return LabeledExample.getClassSchema();
    }
}
