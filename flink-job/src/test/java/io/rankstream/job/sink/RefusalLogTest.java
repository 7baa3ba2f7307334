package io.rankstream.job.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RefusalLogTest {

    private final List<String> lines = new ArrayList<>();
    private final TreeMap<Long, List<Runnable>> scheduled = new TreeMap<>();
    private final RefusalLog log =
            new RefusalLog(
                    lines::add,
                    (delay, task) ->
                            scheduled
                                    .computeIfAbsent(
                                            now() + delay.toMillis(), time -> new ArrayList<>())
                                    .add(task));

    private long now;

    @Test
    void refusalsThatComeTogetherAreOneLineWithTheCountOfEveryReason() {
        refuse("spam", DeadLetterReason.UNKNOWN_LABEL, 3);
        refuse("spam", DeadLetterReason.EMPTY_TEXT, 2);
        pass(RefusalLog.SOON);
        assertThat(lines)
                .containsExactly(
                        "Refused 5 records of adapter 'spam' (2 EMPTY_TEXT, 3 UNKNOWN_LABEL); the last: wrong");
    }

    @Test
    void anAdapterHasAtMostOneLineAMinuteAndNoneIsLeftOut() {
        for (int second = 0; second < 300; second++) {
            refuse("spam", DeadLetterReason.EMPTY_TEXT, 1);
            pass(Duration.ofSeconds(1));
        }
        pass(RefusalLog.INTERVAL);
        assertThat(lines).hasSizeBetween(5, 6);
        assertThat(lines.stream().mapToInt(RefusalLogTest::count).sum()).isEqualTo(300);
    }

    @Test
    void adaptersHaveTheirOwnLines() {
        refuse("spam", DeadLetterReason.EMPTY_TEXT, 1);
        refuse("list", DeadLetterReason.EMPTY_TEXT, 1);
        refuse(null, DeadLetterReason.NULL_VALUE, 1);
        pass(RefusalLog.SOON);
        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "Refused 1 record of adapter 'spam' (1 EMPTY_TEXT); the last: wrong",
                        "Refused 1 record of adapter 'list' (1 EMPTY_TEXT); the last: wrong",
                        "Refused 1 record of no adapter that is known (1 NULL_VALUE); the last: wrong");
    }

    @Test
    void idsWithoutNumberShareALine() {
        for (int i = 0; i < 10_000; i++) {
            refuse("made-up-" + i, DeadLetterReason.UNKNOWN_ADAPTER, 1);
        }
        pass(RefusalLog.SOON);
        assertThat(lines).hasSize(RefusalLog.MOST_ADAPTERS + 1);
        assertThat(lines.stream().mapToInt(RefusalLogTest::count).sum()).isEqualTo(10_000);
    }

    @Test
    void anIdThatIsLongIsCut() {
        refuse("x".repeat(1_000_000), DeadLetterReason.INVALID_ADAPTER_ID, 1);
        pass(RefusalLog.SOON);
        assertThat(lines).singleElement().asString().hasSizeLessThan(400);
    }

    @Test
    void whenNothingIsRefusedAnyMoreNothingIsScheduled() {
        refuse("spam", DeadLetterReason.EMPTY_TEXT, 1);
        pass(Duration.ofMinutes(5));
        assertThat(lines).hasSize(1);
        assertThat(scheduled).isEmpty();
    }

    private long now() {
        return now;
    }

    private void refuse(String adapter, DeadLetterReason reason, int times) {
        for (int i = 0; i < times; i++) {
            log.add(
                    DeadLetter.newBuilder()
                            .setReason(reason)
                            .setMessage("wrong")
                            .setTopic("labeled-examples")
                            .setPartition(0)
                            .setOffset(7)
                            .setAdapterId(adapter)
                            .build());
        }
    }

    /** Lets time pass, and runs what is due. */
    private void pass(Duration time) {
        long end = now + time.toMillis();
        while (!scheduled.isEmpty() && scheduled.firstKey() <= end) {
            Map.Entry<Long, List<Runnable>> due = scheduled.pollFirstEntry();
            now = due.getKey();
            due.getValue().forEach(Runnable::run);
        }
        now = end;
    }

    private static int count(String line) {
        return Integer.parseInt(line.split(" ", 3)[1]);
    }
}
