package io.rankstream.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.summary.Reports;
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
        progress.add(Duration.ofMinutes(1), List.of(Reports.of("spam", 1, 16, 12)), 0);
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
                .isEqualTo("100/1,000 10.0/s 1:15, 1:30 left | list .750 24r | spam .750 23r");
    }

    @Test
    void theLineOfBothAdaptersFitsATerminalOfEightyColumns() {
        Progress demo = new Progress(8915);
        demo.add(
                Duration.ofHours(2),
                List.of(
                        Reports.of("spam", 60, 960, 150, 138),
                        Reports.of("list", 20, 320, 150, 147)),
                0);
        demo.add(
                Duration.ofHours(2).plusSeconds(20),
                List.of(Reports.of("spam", 61, 976, 150, 138)),
                0);
        StringWriter screen = new StringWriter();

        new ProgressLine(new PrintWriter(screen), OptionalInt.of(80))
                .show(demo, Duration.ofHours(2).plusSeconds(20));

        assertThat(screen.toString().strip())
                .isEqualTo(
                        "1,296/8,915 0.8/s 120:20, 158:44 left"
                                + " | list .750 297r | spam .750 288r")
                .hasSizeLessThanOrEqualTo(79);
    }

    @Test
    void theLineDoesNotGuessTheRestBeforeAnythingIsDone() {
        assertThat(ProgressLine.text(progress, Duration.ofSeconds(3)))
                .isEqualTo("0/1,000 0.0/s 0:03, ? left");
    }

    @Test
    void aTerminalSeesOneLineThatNeverWraps() {
        StringWriter screen = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(screen), OptionalInt.of(16));

        line.show(progress, Duration.ofSeconds(3));
        line.show(progress, Duration.ofSeconds(3).plusMillis(400));
        line.show(progress, Duration.ofSeconds(4));

        assertThat(screen.toString()).isEqualTo("\r0/1,000 0.0/s 0" + "\r0/1,000 0.0/s 0");
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
