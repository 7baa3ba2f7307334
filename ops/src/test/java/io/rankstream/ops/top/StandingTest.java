package io.rankstream.ops.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandingTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private final Standing standing = new Standing("acme");

    @Test
    void theNewestFiftyTellHowItDoesNow() {
        for (int i = 0; i < 100; i++) {
            standing.predicted(prediction(i >= 60));
        }

        AdapterLine line = standing.line(NOW);

        assertThat(line.recentExamples()).isEqualTo(50);
        assertThat(line.recentAccuracy()).hasValue(.8);
        assertThat(line.loss()).hasValue(2);
    }

    @Test
    void theRateIsThatOfTheLastMinute() {
        standing.stepped(report(1, 4), NOW.minusSeconds(90));
        standing.stepped(report(2, 8), NOW.minusSeconds(59));
        standing.stepped(report(3, 12), NOW.minusSeconds(1));

        assertThat(standing.line(NOW).rate()).isEqualTo(8 / 60.0);
        assertThat(standing.line(NOW.plusSeconds(600)).rate()).isZero();
        assertThat(standing.line(NOW).examples()).isEqualTo(12);
    }

    /** Topics are read one after the other, so what is read first may have happened last. */
    @Test
    void aStepThatIsReadAfterWhatHappenedLaterCounts() {
        standing.refused(NOW);
        standing.stepped(report(1, 4), NOW.minusSeconds(3600));
        standing.stepped(report(2, 8), NOW.minusSeconds(1800));

        assertThat(standing.line(NOW).examples()).isEqualTo(8);
        assertThat(standing.line(NOW).rate()).isZero();
        assertThat(standing.active()).isEqualTo(NOW);
    }

    @Test
    void anAdapterThatWasOnlyRefusedHasALineOfItsOwn() {
        standing.refused(NOW);

        AdapterLine line = standing.line(NOW);

        assertThat(line.refused()).isEqualTo(1);
        assertThat(line.accuracy()).isEmpty();
        assertThat(TopText.of(new TopView(List.of(line), 0, 0, List.of()), 10, 200))
                .containsPattern("acme +0 +- +- +- +- +- +- +1 +1 +0");
    }

    @Test
    void adaptersBeyondTheRowsAreCountedAndWhatWasNotLookedAtIsSaid() {
        List<AdapterLine> lines = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Standing one = new Standing("adapter-" + i);
            one.refused(NOW);
            lines.add(one.line(NOW));
        }

        String text = TopText.of(new TopView(lines, 3, 2, List.of("dead-letters")), 10, 200);

        assertThat(text.lines()).hasSize(1 + 10 + 1 + 3);
        assertThat(text)
                .contains(
                        "and 990 more adapters",
                        "≥1",
                        "3 refused records name no adapter",
                        "2 records cannot be read",
                        "Only the newest records of dead-letters");
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 40, 60, 80, 90, 100})
    void columnsWithoutRoomAreNamed(int width) {
        standing.stepped(report(1, 4), NOW);
        TopView view = new TopView(List.of(standing.line(NOW)), 1, 0, List.of("dead-letters"));
        List<String> all = headers(TopText.of(view, 10, 200));

        String text = TopText.of(view, 10, width);

        assertThat(text.lines()).allMatch(line -> line.length() < width);
        List<String> shown = headers(text);
        assertThat(shown).startsWith("adapter", "examples", "accuracy");
        String said = text.replaceAll("\\s+", " ");
        all.stream()
                .filter(header -> !shown.contains(header))
                .forEach(header -> assertThat(said).containsPattern("no room for: .*" + header));
        assertThat(said.contains("no room for")).isEqualTo(shown.size() < all.size());
    }

    private static List<String> headers(String text) {
        return List.of(text.lines().findFirst().orElseThrow().split(" {2,}"));
    }

    @Test
    void refusalsCountInAllAndInTheLastHour() {
        standing.refused(NOW.minusSeconds(7200));
        standing.refused(NOW.minusSeconds(1800));
        standing.refused(NOW);

        assertThat(standing.line(NOW).refused()).isEqualTo(3);
        assertThat(standing.line(NOW).refusedLately()).isEqualTo(2);
        assertThat(standing.line(NOW.plusSeconds(7200)).refusedLately()).isZero();
    }

    private static Prediction prediction(boolean right) {
        return Prediction.newBuilder()
                .setExampleId("e")
                .setAdapterId("acme")
                .setPredictedLabel(right ? "ham" : "spam")
                .setProbability(.5f)
                .setLabel("ham")
                .setLoss(2)
                .setStep(1)
                .setTruncated(false)
                .setEventTime(NOW)
                .setTopic("t")
                .setPartition(0)
                .setOffset(0)
                .build();
    }

    private static TrainingReport report(long step, long examples) {
        return TrainingReport.newBuilder()
                .setAdapterId("acme")
                .setStep(step)
                .setExamples(4)
                .setTokens(90)
                .setPaddedTokens(90)
                .setTaskLoss(.5f)
                .setOrthogonalityLoss(0)
                .setGradientNorm(1)
                .setLearningRate(.002f)
                .setBudget(20)
                .setLiveRanks(List.of(20))
                .setMasked(false)
                .setExamplesTotal(examples)
                .setTruncatedTotal(0)
                .setPrequentialAccuracy(.75)
                .setPrequentialAccuracyLast1000(.75)
                .setMajorityAccuracy(.5)
                .build();
    }
}
