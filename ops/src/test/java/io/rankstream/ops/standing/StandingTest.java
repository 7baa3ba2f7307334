package io.rankstream.ops.standing;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandingTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private final Standing standing = new Standing("acme", 240, false);

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
        standing.stepped(report(1, 4), NOW.minusSeconds(90), 1);
        standing.stepped(report(2, 8), NOW.minusSeconds(59), 1);
        standing.stepped(report(3, 12), NOW.minusSeconds(1), 1);

        assertThat(standing.line(NOW).rate()).isEqualTo(8 / 60.0);
        assertThat(standing.line(NOW.plusSeconds(600)).rate()).isZero();
        assertThat(standing.line(NOW).examples()).isEqualTo(12);
    }

    /** Topics are read one after the other, so what is read first may have happened last. */
    @Test
    void aStepThatIsReadAfterWhatHappenedLaterCounts() {
        standing.refused(refusal(NOW), 1);
        standing.stepped(report(1, 4), NOW.minusSeconds(3600), 1);
        standing.stepped(report(2, 8), NOW.minusSeconds(1800), 1);

        assertThat(standing.line(NOW).examples()).isEqualTo(8);
        assertThat(standing.line(NOW).rate()).isZero();
        assertThat(standing.active()).isEqualTo(NOW);
    }

    @Test
    void anAdapterThatWasOnlyRefusedHasALineOfItsOwn() {
        standing.refused(refusal(NOW), 1);

        AdapterLine line = standing.line(NOW);

        assertThat(line.refused()).isEqualTo(1);
        assertThat(line.accuracy()).isEmpty();
        assertThat(standing.refusedByReason())
                .containsExactly(Map.entry(DeadLetterReason.EMPTY_TEXT, 1L));
    }

    @Test
    void ofManyVersionsAndRefusalsTheNewestAreKept() {
        for (int i = 1; i <= 1000; i++) {
            standing.refused(refusal(NOW.plusSeconds(i)), i);
            standing.published(version(i), NOW.plusSeconds(i), i);
        }

        assertThat(standing.refusals()).hasSize(50);
        assertThat(standing.refusals().get(49).written()).isEqualTo(NOW.plusSeconds(1000));
        assertThat(standing.versions().get(49).announcement().getVersion()).isEqualTo(1000);
        assertThat(standing.line(NOW).refused()).isEqualTo(1000);
    }

    @Test
    void modulesAreNamedByTheNewestVersionThatNamesThem() {
        standing.published(version(1), NOW, 1);
        AdapterVersion unnamed = version(2);
        unnamed.setModules(List.of());
        standing.published(unnamed, NOW, 2);

        assertThat(standing.modules()).containsExactly("encoder.layer.0.attention.self.query");
    }

    @Test
    void refusalsCountInAllAndInTheLastHour() {
        standing.refused(refusal(NOW.minusSeconds(7200)), 1);
        standing.refused(refusal(NOW.minusSeconds(1800)), 2);
        standing.refused(refusal(NOW), 3);

        assertThat(standing.line(NOW).refused()).isEqualTo(3);
        assertThat(standing.line(NOW).refusedLately()).isEqualTo(2);
        assertThat(standing.line(NOW.plusSeconds(7200)).refusedLately()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "CONFIRMED, CONFIRMED, true",
        "DISMISSED, DISMISSED, false",
        "UNKNOWN, NOTHING, true"
    })
    void whatIsSaidOfAnAlarmIsKnownOfIt(DriftEventKind kind, Drift.Said said, boolean alarm) {
        DriftEvent event = Drifts.alarm("acme", 1_824, 1_790);
        standing.drifted(event, NOW, 1);
        standing.drifted(Drifts.about(event, kind), NOW.plusSeconds(9), 2);

        assertThat(standing.drifts()).containsExactly(new Drift(NOW, event, said));
        assertThat(standing.alarm().isPresent()).isEqualTo(alarm);
        assertThat(standing.line(NOW).alarm()).isEqualTo(standing.alarm());
    }

    @Test
    void anAnnouncedChangeIsNoAlarm() {
        standing.drifted(Drifts.expected("acme", 900), NOW, 1);
        standing.drifted(Drifts.expected("acme", 900), NOW, 2);

        assertThat(standing.drifts())
                .extracting(Drift::text)
                .containsExactly("announced after example 900");
        assertThat(standing.alarm()).isEmpty();
    }

    @Test
    void adviceIsNoAlarmAndIsToldOnceEach() {
        standing.drifted(Drifts.advice("acme", 900, 1_700), NOW, 1);
        standing.drifted(Drifts.advice("acme", 900, 1_950), NOW, 2);
        standing.drifted(Drifts.advice("acme", 900, 1_700), NOW, 3);
        standing.drifted(Drifts.expected("acme", 900), NOW, 4);

        assertThat(standing.drifts())
                .extracting(Drift::text)
                .containsExactly(
                        "a message; noticed after example 900; advice, without labels",
                        "a message; noticed after example 900; advice, without labels",
                        "announced after example 900");
        assertThat(standing.alarm()).isEmpty();
        assertThat(standing.line(NOW).examplesSinceAlarm()).isEmpty();
    }

    @Test
    void adviceHoweverOftenPushesNoAlarmOut() {
        standing.drifted(Drifts.alarm("acme", 7, 3), NOW, 1);
        for (int i = 10; i < 1_000; i++) {
            standing.drifted(Drifts.advice("acme", i, i), NOW, i);
        }

        assertThat(standing.alarm().orElseThrow().example()).isEqualTo(7);
        assertThat(standing.drifts()).hasSize(21);
        assertThat(standing.drifts().get(20).example()).isEqualTo(999);
    }

    @Test
    void ofManyAlarmsTheNewestAreKept() {
        for (int i = 1; i <= 1000; i++) {
            standing.drifted(Drifts.alarm("acme", i, i), NOW, i);
        }

        assertThat(standing.drifts()).hasSize(50);
        assertThat(standing.alarm().orElseThrow().example()).isEqualTo(1000);
    }

    @Test
    void anAlarmThatIsRaisedAgainAfterARestartIsOne() {
        standing.drifted(Drifts.alarm("acme", 7, 3), NOW, 1);
        standing.drifted(Drifts.alarm("acme", 7, 3), NOW.plusSeconds(60), 2);

        assertThat(standing.drifts())
                .singleElement()
                .extracting(Drift::time)
                .isEqualTo(NOW.plusSeconds(60));
    }

    private static Refusal refusal(Instant written) {
        return new Refusal(
                written,
                Optional.of("acme"),
                DeadLetterReason.EMPTY_TEXT,
                "the text is empty",
                "labeled-examples",
                0,
                7,
                Optional.of(new Refusal.Place("dead-letters", 0, 3)));
    }

    private static AdapterVersion version(long number) {
        return AdapterVersion.newBuilder()
                .setAdapterId("acme")
                .setVersion(number)
                .setStep(number)
                .setPath("/adapters/acme/" + number)
                .setManifestSha256("00")
                .setBaseModel("all-MiniLM-L6-v2")
                .setLabels(List.of("ham", "spam"))
                .setBudget(20)
                .setLiveRanks(List.of(20))
                .setExamples(32)
                .setPrequentialAccuracy(.75)
                .setPrequentialAccuracyLast1000(.875)
                .setModules(List.of("encoder.layer.0.attention.self.query"))
                .build();
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
