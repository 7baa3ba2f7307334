package io.rankstream.ops.summary;

import static io.rankstream.ops.standing.LoopRecords.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.ops.standing.LoopRecords;
import io.rankstream.ops.standing.Standings;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.OutcomeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a run says at its end of inputs without a label. */
class LoopSummaryTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private static void asked(Standings all) {
        for (int i = 0; i < 40; i++) {
            all.add(LoopRecords.prediction("spam", "mail-" + i, i < 4), NOW);
        }
        for (int i = 0; i < 3; i++) {
            LabelRequest request = LoopRecords.request("spam", "mail-" + i, "r-" + i, START);
            all.add(LoopRecords.outcome(request, OutcomeStatus.FINAL, START), NOW);
            all.add(LoopRecords.outcome(request, OutcomeStatus.CONFIRMED, START), NOW);
        }
        all.add(LoopRecords.quality("spam", START, .8), NOW);
        all.add(LoopRecords.quality("spam", START.plusSeconds(3_600), .912), NOW);
    }

    @Test
    void peopleSeeInputsLabelsAndTheNewestEstimateWithTheNaiveOneMarked() {
        Summary summary =
                summary(
                        all -> {
                            asked(all);
                            all.add(Reports.of("spam", 1, 16, 12, 12), NOW);
                        });

        assertThat(summary.text())
                .isEqualToNormalizingNewlines(
                        """
                        adapter  examples  steps  accuracy  last 1,000  words  majority  ranks before  after
                        spam           16      1     0.750       0.875      -     0.500            24     24

                        adapter  inputs  asked  labels  estimate   95 % interval  naive (biased)
                        spam         40      4       3     0.912  0.884 to 0.940           0.852

                        spam: nothing published in this run, which took too few steps for a version
                        dead letters: none
                        10 s, 1.6 examples/s, 4.0 inputs/s
                        """);
    }

    @Test
    void whereNothingLearnsThereIsTheLoopAlone() {
        assertThat(summary(LoopSummaryTest::asked).text())
                .startsWith("adapter  inputs  asked")
                .doesNotContain("no adapter has learned", "examples  steps");
    }

    @Test
    void whereNobodyIsAskedThereAreInputsAlone() {
        assertThat(summary(all -> all.add(LoopRecords.prediction("spam", "m", false), NOW)).text())
                .startsWith("adapter  inputs%nspam          1%n".formatted());
    }

    @Test
    void anEstimateFromTooFewLabelsIsMarked() {
        AdapterQuality few = LoopRecords.quality("spam", START, .912);
        few.setTrusted(false);

        assertThat(summary(all -> all.add(few, NOW)).text())
                .contains("0.912?", "A ? behind an estimate: too few labels");
    }

    @Test
    void aRunThatPredictedAndWasRefusedTheRestIsNotAllRefused() {
        DeadLetter letter =
                DeadLetter.newBuilder()
                        .setReason(DeadLetterReason.EMPTY_TEXT)
                        .setMessage("wrong")
                        .setTopic("unlabeled-inputs")
                        .setPartition(0)
                        .setOffset(7)
                        .build();

        assertThat(
                        summary(
                                        all -> {
                                            asked(all);
                                            all.add(letter, NOW, Optional.empty());
                                        })
                                .isAllRefused())
                .isFalse();
        assertThat(summary(all -> all.add(letter, NOW, Optional.empty())).isAllRefused()).isTrue();
    }

    @Test
    void machinesSeeTheSame() throws Exception {
        JsonNode json =
                new ObjectMapper().readTree(SummaryJson.text(summary(LoopSummaryTest::asked)));

        assertThat(json.at("/loop/spam/inputs").asLong()).isEqualTo(40);
        assertThat(json.at("/loop/spam/labels").asLong()).isEqualTo(3);
        assertThat(json.at("/loop/spam/quality/accuracy").asDouble()).isEqualTo(.912);
        assertThat(json.at("/loop/spam/quality/naiveAccuracyBiased").asDouble())
                .isEqualTo(.912 - .06);
        assertThat(new ObjectMapper().readTree(SummaryJson.text(summary(all -> {}))).has("loop"))
                .isFalse();
    }

    private static Summary summary(Consumer<Standings> content) {
        Standings standings = new Standings();
        content.accept(standings);
        return Summary.of(standings, Duration.ofSeconds(10), List.of());
    }
}
