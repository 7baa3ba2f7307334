package io.rankstream.ops.summary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.ops.standing.Drifts;
import io.rankstream.ops.standing.StepReports;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import io.rankstream.schemas.Forgetting;
import io.rankstream.schemas.TrainingReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final Summary summary =
            Summary.of(
                    List.of(
                            written(2, Reports.of("spam", 1, 16, 12, 12)),
                            written(5, Reports.of("spam", 2, 32, 10, 9)),
                            written(9, Reports.of("list", 1, 16, 12, 12))),
                    List.of(),
                    List.of(version(1), version(2)),
                    List.of(
                            deadLetter(DeadLetterReason.EMPTY_TEXT),
                            deadLetter(DeadLetterReason.BAD_MAGIC),
                            deadLetter(DeadLetterReason.EMPTY_TEXT)),
                    START,
                    Duration.ofSeconds(10));

    @Test
    void theNewestReportAndVersionOfAnAdapterCount() {
        assertThat(summary.adapters().get("spam"))
                .isEqualTo(
                        new AdapterSummary(
                                32,
                                2,
                                OptionalDouble.of(.75),
                                OptionalDouble.of(.875),
                                OptionalDouble.of(.5),
                                0,
                                Optional.empty(),
                                Optional.empty(),
                                Map.of(),
                                24,
                                19,
                                20,
                                2,
                                "/out/adapters/spam/2"));
    }

    @Test
    void theRateCountsTrainedAndRefusedExamples() {
        assertThat(summary.examplesPerSecond()).isEqualTo((32 + 16) / 10.0);
    }

    @Test
    void peopleSeeATable() {
        assertThat(SummaryTable.text(summary))
                .isEqualToNormalizingNewlines(
                        """
                        adapter  examples  steps  accuracy  last 1,000  words  majority  ranks before  after
                        list           16      1     0.750       0.875      -     0.500            24     24
                        spam           32      2     0.750       0.875      -     0.500            24     19

                        list: nothing published in this run, which took too few steps for a version
                        spam: version 2 in /out/adapters/spam/2
                        dead letters: 3 (1 BAD_MAGIC, 2 EMPTY_TEXT)
                        10 s (the first step after 2 s), 4.8 examples/s
                        """);
    }

    @Test
    void aColumnThatShortTablesLackIsThereWhereAnAdapterHasIt() {
        TrainingReport scored = Reports.of("spam", 1, 16, 12, 12);
        scored.setMetrics(Map.of("macroF1", .6251, "matthews", -.25));
        Summary one =
                Summary.of(
                        List.of(written(1, scored), written(2, Reports.of("list", 1, 16, 12, 12))),
                        List.of(),
                        List.of(),
                        List.of(),
                        START,
                        Duration.ofSeconds(10));

        assertThat(SummaryTable.adapters(one))
                .isEqualToNormalizingNewlines(
                        """
                        adapter  examples  steps  accuracy  last 1,000  words  majority  macro F1  Matthews  ranks before  after
                        list           16      1     0.750       0.875      -     0.500         -         -            24     24
                        spam           16      1     0.750       0.875      -     0.500     0.625    -0.250            24     24
                        """);
    }

    @Test
    void whatProbesToldLastIsALine() {
        TrainingReport ending = Reports.of("spam", 1, 16, 12, 12);
        ending.setForgetting(new Forgetting(61L, 41, .9514, .6, List.of(), List.of()));
        Summary probed =
                Summary.of(
                        List.of(written(1, ending), written(2, Reports.of("spam", 2, 32, 12, 12))),
                        List.of(),
                        List.of(),
                        List.of(),
                        START,
                        Duration.ofSeconds(10));

        assertThat(SummaryTable.text(probed))
                .contains(
                        "spam: of 61 examples that it never learned from, it was asked 41: 0.951 at the end of their period, 0.600 now");
    }

    @Test
    void adaptersThatLearnNumbersHaveATableOfTheirOwnScores() {
        List<Double> truth = List.of(1., 2., 3., 4.);
        Summary mixed =
                Summary.of(
                        List.of(
                                written(
                                        1,
                                        StepReports.ofNumbers(
                                                "rent", 1, truth, List.of(2., 1., 4., 3.), 6, 6)),
                                written(2, Reports.of("spam", 2, 32, 10, 9)),
                                written(
                                        3,
                                        StepReports.ofNumbers(
                                                "price", 9, truth, List.of(0., 0., 0., 0.), 5))),
                        List.of(),
                        List.of(),
                        List.of(),
                        START,
                        Duration.ofSeconds(10));

        assertThat(SummaryTable.adapters(mixed))
                .isEqualToNormalizingNewlines(
                        """
                        adapter  examples  steps  accuracy  last 1,000  words  majority  ranks before  after
                        spam           16      1     0.750       0.875      -     0.500            19     19

                        adapter  examples  steps  Pearson  Pearson 1,000  Spearman 1,000   RMSE  RMSE 1,000  mean's RMSE    MAE  ranks before  after
                        price           4      1        -              -               -  2.739       2.739        1.118  2.500             5      5
                        rent            4      1    0.600          0.600           0.600  1.000       1.000        1.118  1.000            12     12
                        """);
    }

    @Test
    void aRunOfNumbersAloneSpeaksOfNoAccuracy() {
        Summary numbers =
                Summary.of(
                        List.of(
                                written(
                                        1,
                                        StepReports.ofNumbers(
                                                "rent",
                                                7,
                                                List.of(1., 2., 3., 4., 5.),
                                                List.of(2., 1., 4., 3., 6.),
                                                6))),
                        List.of(),
                        List.of(),
                        List.of(),
                        START,
                        Duration.ofSeconds(10));

        assertThat(SummaryTable.text(numbers))
                .contains(
                        "Of the adapter's whole life: Pearson, Pearson 1,000, Spearman 1,000, RMSE")
                .doesNotContain("accuracy", "majority", "words", "files", " - ");
    }

    @Test
    void aRunThatGoesOnSaysWhatIsOfItselfAndWhatOfTheWholeLife() {
        Summary continued =
                Summary.of(
                        List.of(
                                written(2, Reports.of("spam", 9, 1_632, 12, 12)),
                                written(3, Reports.of("list", 1, 16, 12, 12))),
                        List.of(),
                        List.of(),
                        List.of(),
                        START,
                        Duration.ofSeconds(10));

        assertThat(SummaryTable.text(continued))
                .containsPattern("spam +16 ")
                .contains("Of this run: examples, steps", "Of the adapter's whole life: accuracy")
                .contains("before this run: spam 1,616\n")
                .contains("spam: nothing published in this run");
        assertThat(SummaryTable.text(summary)).doesNotContain("whole life");
    }

    @Test
    void anAdapterWithAlarmsSaysHowManyAndTheNewestThatNobodyHasCalledFalse() {
        TrainingReport first = Reports.of("spam", 1, 1_832, 12, 12);
        TrainingReport second = Reports.of("spam", 2, 2_400, 12, 12);
        first.setDriftAlarms(1);
        second.setDriftAlarms(1);
        DriftEvent alarm = Drifts.alarm("spam", 1_824, 1_790);
        DriftEvent other = Drifts.alarm("spam", 2_390, 2_300);

        Summary alarmed =
                Summary.of(
                        List.of(written(2, first), written(3, second)),
                        List.of(alarm, other, Drifts.about(other, DriftEventKind.DISMISSED)),
                        List.of(),
                        List.of(),
                        START,
                        Duration.ofSeconds(10));

        assertThat(SummaryTable.text(alarmed))
                .contains(
                        "spam: 2 alarms of drift; surprised by 31.0 % since about example 1,790, by 4.0 % before; noticed at example 1,824; nobody has confirmed or dismissed it\n");
        assertThat(SummaryTable.text(summary)).doesNotContain("drift");
    }

    @Test
    void machinesSeeAFileThatIsComplete(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("deeper").resolve("summary.json");

        SummaryJson.write(summary, file);

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.at("/adapters/spam/examples").asLong()).isEqualTo(32);
        assertThat(json.at("/adapters/spam/liveRanks").asInt()).isEqualTo(19);
        assertThat(json.at("/adapters/spam/path").asText()).isEqualTo("/out/adapters/spam/2");
        assertThat(json.at("/adapters/spam/driftAlarms").asLong()).isZero();
        assertThat(json.at("/deadLetters").asInt()).isEqualTo(3);
        assertThat(json.at("/seconds").asDouble()).isEqualTo(10);
        assertThat(json.at("/secondsToFirstStep").asDouble()).isEqualTo(2);
        assertThat(json.at("/course/1/seconds").asDouble()).isEqualTo(5);
        assertThat(json.at("/course/1/examples").asLong()).isEqualTo(32);
        assertThat(file.getParent().toFile().list()).containsExactly("summary.json");
    }

    @Test
    void theCourseIsWhatHadBeenTrainedOnByTheEndOfEveryStep() {
        assertThat(summary.course())
                .containsExactly(
                        new Mark(Duration.ofSeconds(2), 16),
                        new Mark(Duration.ofSeconds(5), 32),
                        new Mark(Duration.ofSeconds(9), 48));
    }

    private static TopicReader.Written<TrainingReport> written(int second, TrainingReport report) {
        return new TopicReader.Written<>(START.plusSeconds(second), report);
    }

    private static AdapterVersion version(long number) {
        return AdapterVersion.newBuilder()
                .setAdapterId("spam")
                .setVersion(number)
                .setStep(number)
                .setPath("/out/adapters/spam/" + number)
                .setManifestSha256("00")
                .setBaseModel("all-MiniLM-L6-v2")
                .setLabels(List.of("ham", "spam"))
                .setBudget(20)
                .setLiveRanks(List.of(10, 9))
                .setExamples(32)
                .setPrequentialAccuracy(.75)
                .setPrequentialAccuracyLast1000(.875)
                .build();
    }

    private static DeadLetter deadLetter(DeadLetterReason reason) {
        return DeadLetter.newBuilder()
                .setReason(reason)
                .setMessage("wrong")
                .setTopic("labeled-examples")
                .setPartition(0)
                .setOffset(7)
                .build();
    }
}
