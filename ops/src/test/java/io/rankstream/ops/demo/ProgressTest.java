package io.rankstream.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final Progress progress = new Progress(1000);

    @Test
    void examplesAreDoneWhenTrainedOnOrRefused() {
        progress.add(
                Duration.ofSeconds(1),
                List.of(
                        Reports.of("spam", 1, 16, 12, 12),
                        Reports.of("list", 1, 16, 12, 12),
                        Reports.of("spam", 2, 32, 12, 11)),
                2);

        assertThat(progress.done()).isEqualTo(50);
    }

    @Test
    void theRateIsThatOfTheLastHalfMinute() {
        progress.add(Duration.ofSeconds(0), List.of(), 0);
        progress.add(Duration.ofSeconds(60), List.of(Reports.of("spam", 1, 16, 12)), 0);
        progress.add(Duration.ofSeconds(70), List.of(Reports.of("spam", 2, 36, 12)), 0);

        assertThat(progress.rate()).isEqualTo(2);
    }

    @Test
    void theLineTellsHowFarEveryAdapterIs() {
        progress.add(Duration.ofSeconds(0), List.of(), 0);
        progress.add(
                Duration.ofSeconds(10),
                List.of(Reports.of("spam", 5, 80, 12, 11), Reports.of("list", 1, 20, 12, 12)),
                0);

        assertThat(ProgressLine.text(progress, Duration.ofSeconds(75)))
                .isEqualTo(
                        "100 of 1,000 examples, 10.0/s, 1:15 elapsed, 1:30 left"
                                + " | list 0.750, 24 ranks | spam 0.750, 23 ranks");
    }

    @Test
    void theLineDoesNotGuessTheRestBeforeAnythingIsDone() {
        assertThat(ProgressLine.text(progress, Duration.ofSeconds(3)))
                .isEqualTo("0 of 1,000 examples, 0.0/s, 0:03 elapsed, ? left");
    }

    @Test
    void aTerminalSeesOneLineThatNeverWraps() {
        StringWriter screen = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(screen), OptionalInt.of(30));

        line.show(progress, Duration.ofSeconds(3));
        line.show(progress, Duration.ofSeconds(3).plusMillis(400));
        line.show(progress, Duration.ofSeconds(4));

        assertThat(screen.toString())
                .isEqualTo("\r0 of 1,000 examples, 0.0/s, 0" + "\r0 of 1,000 examples, 0.0/s, 0");
    }

    @Test
    void aFileSeesALineEveryFiveSeconds() {
        StringWriter file = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(file), OptionalInt.empty());

        for (int second = 0; second < 12; second++) {
            line.show(progress, Duration.ofSeconds(second));
        }
        line.clear();

        assertThat(file.toString().lines()).hasSize(2).noneMatch(text -> text.contains("\r"));
    }
}
