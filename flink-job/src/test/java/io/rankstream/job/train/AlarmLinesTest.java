package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlarmLinesTest {

    private final List<String> lines = new ArrayList<>();
    private final List<Runnable> scheduled = new ArrayList<>();
    private final AlarmLines alarms =
            new AlarmLines(
                    "alarms",
                    lines::add,
                    (delay, task) -> {
                        assertThat(delay).isEqualTo(AlarmLines.INTERVAL);
                        scheduled.add(task);
                    });

    private void raise(int count) {
        for (int i = 0; i < count; i++) {
            alarms.add("a" + i, "alarm of a" + i);
        }
    }

    private void passAMinute() {
        List<Runnable> due = List.copyOf(scheduled);
        scheduled.clear();
        due.forEach(Runnable::run);
    }

    private static List<String> each(int count) {
        return IntStream.range(0, count).mapToObj(i -> "alarm of a" + i).toList();
    }

    @Test
    void aFewAreToldEachByItself() {
        raise(AlarmLines.FIRST);
        passAMinute();

        assertThat(lines).isEqualTo(each(AlarmLines.FIRST));
        assertThat(scheduled).isEmpty();
    }

    @Test
    void ofMoreTheCountIsTold() {
        raise(3_000);
        assertThat(lines).isEqualTo(each(AlarmLines.FIRST));

        passAMinute();

        assertThat(lines)
                .hasSize(AlarmLines.FIRST + 1)
                .last()
                .isEqualTo(
                        "2,995 more alarms within a minute, the newest of adapter 'a2999': drift events tell of each");
    }

    @Test
    void asLongAsTheyComeThereIsOneLineAMinute() {
        raise(10);
        for (int minute = 0; minute < 20; minute++) {
            passAMinute();
            raise(100);
        }

        assertThat(lines).hasSize(AlarmLines.FIRST + 20);
    }

    @Test
    void afterAMinuteWithoutOneTheyAreToldAsAtFirst() {
        raise(10);
        passAMinute();
        passAMinute();
        lines.clear();

        raise(2);

        assertThat(lines).isEqualTo(each(2));
    }
}
