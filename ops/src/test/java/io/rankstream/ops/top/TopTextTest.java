package io.rankstream.ops.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.standing.AdapterLine;
import io.rankstream.ops.standing.Drift;
import io.rankstream.ops.standing.Drifts;
import io.rankstream.ops.standing.JobSight;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.standing.StepReports;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopTextTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final JobSight.Seen LEARNS = new JobSight.Seen(JobSight.Doing.LEARNS, "");

    @Test
    void aJobThatIsNotSeenIsTold() {
        JobSight.Seen unseen =
                new JobSight.Seen(JobSight.Doing.UNSEEN, "No job with kafka.group-id 'm' is seen.");
        TopView view = new TopView(List.of(refused("acme")), 0, 0, List.of(), unseen);

        assertThat(TopText.of(view, 10, 200)).contains("No job with kafka.group-id 'm' is seen.");
    }

    @Test
    void ofAnAdapterThatWasOnlyRefusedLittleIsKnown() {
        TopView view = new TopView(List.of(refused("acme")), 0, 0, List.of(), LEARNS);

        assertThat(TopText.of(view, 10, 200))
                .containsPattern("acme +0 +- +- +- +- +- +- +- +- +1 +1 +0");
    }

    @Test
    void adaptersBeyondTheRowsAreCountedAndWhatWasNotLookedAtIsSaid() {
        List<AdapterLine> lines =
                IntStream.range(0, 1000).mapToObj(i -> refused("adapter-" + i)).toList();

        String text =
                TopText.of(new TopView(lines, 3, 2, List.of("dead-letters"), LEARNS), 10, 200);

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
        TopView view = new TopView(List.of(refused("acme")), 1, 0, List.of("dead-letters"), LEARNS);
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

    @Test
    void aPausedAdapterIsNamedWithWhatResumesIt() {
        OptionalDouble none = OptionalDouble.empty();
        AdapterLine paused =
                new AdapterLine(
                        "globex",
                        32,
                        none,
                        none,
                        0,
                        none,
                        none,
                        1,
                        8,
                        0,
                        0,
                        0,
                        8,
                        true,
                        0,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty());
        TopView view = new TopView(List.of(refused("acme"), paused), 0, 0, List.of(), LEARNS);

        assertThat(TopText.of(view, 10, 200))
                .contains("Paused by a command")
                .contains("control resume ADAPTER --config FILE': globex")
                .doesNotContain("acme,");
    }

    @Test
    void adaptersThatLearnNumbersHaveATableOfTheirOwnScores() {
        TopView view =
                new TopView(
                        List.of(numbers("rent"), labels("spam"), numbers("price")),
                        0,
                        0,
                        List.of(),
                        LEARNS);

        assertThat(TopText.of(view, 10, 200))
                .isEqualToNormalizingNewlines(
                        """
                        adapter  examples  accuracy  last 50  words  majority   loss  version  budget  since drift  refused  refused 1 h  per min
                        spam            4     0.750    0.500      -     0.500  1.000        -      12            -        0            0        4

                        adapter  examples  Pearson  Pearson 1,000  Spearman 1,000   RMSE  mean's RMSE   loss  version  budget  since drift  refused  refused 1 h  per min
                        rent            4    0.600          0.600           0.600  1.000        1.118  0.250        -      12            -        0            0        4
                        price           4    0.600          0.600           0.600  1.000        1.118  0.250        -      12            -        0            0        4
                        """);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 100, 200})
    void aJobOfNumbersAloneSpeaksOfNoAccuracyHoweverNarrowTheTerminal(int width) {
        TopView view =
                new TopView(List.of(numbers("rent"), refused("new")), 0, 0, List.of(), LEARNS);

        String text = TopText.of(view, 10, width);

        assertThat(text).contains("Pearson", "RMSE", "new").doesNotContain("accuracy", "majority");
        assertThat(text.lines()).allMatch(line -> line.length() < width);
    }

    private static AdapterLine numbers(String id) {
        return line(
                StepReports.ofNumbers(id, 1, List.of(1., 2., 3., 4.), List.of(2., 1., 4., 3.), 12),
                prediction(id, 1., 2., .25f),
                prediction(id, 2., 1.5, .25f));
    }

    private static AdapterLine labels(String id) {
        return line(
                StepReports.of(id, 1, 4, 1, 12),
                prediction(id, "ham", "ham", 1),
                prediction(id, "ham", "spam", 1));
    }

    private static AdapterLine line(TrainingReport report, Prediction... predictions) {
        Standings standings = new Standings();
        standings.add(report, NOW);
        for (Prediction prediction : predictions) {
            standings.add(prediction);
        }
        return standings.adapter(report.getAdapterId()).orElseThrow().line(NOW);
    }

    private static Prediction prediction(String adapter, Object label, Object said, float loss) {
        return Prediction.newBuilder()
                .setExampleId("id")
                .setAdapterId(adapter)
                .setPredictedLabel(said)
                .setProbability(null)
                .setLabel(label)
                .setLoss(loss)
                .setStep(1)
                .setTruncated(false)
                .setEventTime(NOW)
                .setTopic("labeled-examples")
                .setPartition(0)
                .setOffset(0)
                .build();
    }

    @ParameterizedTest
    @CsvSource({"NOTHING, 176, true", "CONFIRMED, 176, false"})
    void anAlarmOfDriftCountsTheExamplesSinceAndIsOpenUntilSomethingIsSaidOfIt(
            Drift.Said said, String since, boolean open) {
        OptionalDouble none = OptionalDouble.empty();
        Drift alarm = new Drift(Instant.EPOCH, Drifts.alarm("list", 1_824, 1_790), said);
        AdapterLine line =
                new AdapterLine(
                        "list",
                        2_000,
                        none,
                        none,
                        0,
                        none,
                        none,
                        1,
                        8,
                        0,
                        0,
                        0,
                        8,
                        false,
                        1,
                        Optional.of(alarm),
                        Map.of(),
                        Optional.empty());

        String text = TopText.of(new TopView(List.of(line), 0, 0, List.of(), LEARNS), 10, 200);

        assertThat(text).containsPattern("since drift").containsPattern(" 8 +" + since + " ");
        assertThat(text.contains("An alarm of drift is open, until")).isEqualTo(open);
        assertThat(text.contains("dismiss-drift': list")).isEqualTo(open);
    }

    private static List<String> headers(String text) {
        return List.of(text.lines().findFirst().orElseThrow().split(" {2,}"));
    }

    private static AdapterLine refused(String id) {
        OptionalDouble none = OptionalDouble.empty();
        return new AdapterLine(
                id,
                0,
                none,
                none,
                0,
                none,
                none,
                0,
                0,
                1,
                1,
                0,
                0,
                false,
                0,
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }
}
