package io.rankstream.ops.top;

import static io.rankstream.ops.standing.LoopRecords.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.ops.standing.AdapterLine;
import io.rankstream.ops.standing.JobSight;
import io.rankstream.ops.standing.LoopRecords;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.standing.StepReports;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.OutcomeStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code top} says of inputs without a label. */
class LoopTableTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final LabelRequest REQUEST = LoopRecords.request("spam", "mail-1", "r-1", START);

    private static void asked(Standings all) {
        all.add(StepReports.of("spam", 1, 4, 1, 12), NOW);
        all.add(LoopRecords.prediction("spam", "mail-1", true), NOW);
        all.add(REQUEST, NOW);
        all.add(LoopRecords.quality("spam", START, .912), NOW);
    }

    @Test
    void estimatesHaveATableOfTheirOwn() {
        assertThat(text(LoopTableTest::asked, 200))
                .isEqualToNormalizingNewlines(
                        """
                        adapter  examples  accuracy  last 50  words  majority  loss  version  budget  since drift  refused  refused 1 h  per min
                        spam            4     0.750        -      -     0.500     -        -      12            -        0            0        4

                        adapter  estimate   95 % interval        until  labels  of inputs  open  agreement  spent of budget  inputs per min
                        spam        0.912  0.884 to 0.940  04-30 18:00     412      4,120     1      0.952   1,412 of 1,430               1
                        """);
    }

    @Test
    void anEstimateThatIsNotTrustedIsMarked() {
        AdapterQuality few = LoopRecords.quality("spam", START, .912);
        few.setTrusted(false);

        String text = text(all -> all.add(few, NOW), 200);

        assertThat(text)
                .containsPattern("0\\.912\\? +- ")
                .contains("too few labels yet for an interval");
        assertThat(text(LoopTableTest::asked, 200)).doesNotContain("?");
    }

    @Test
    void beforeTheFirstEstimateTheLabelsSoFarAreTold() {
        String text =
                text(
                        all -> {
                            all.add(REQUEST, NOW);
                            all.add(LoopRecords.outcome(REQUEST, OutcomeStatus.FINAL, START), NOW);
                        },
                        200);

        assertThat(text)
                .containsPattern("spam +- +- +- +- +- +0 +- +- +0")
                .contains("No estimate yet, and in brackets the labels so far: spam (1)");
    }

    @Test
    void whereNobodyIsAskedTheTableHasInputsAlone() {
        String text = text(all -> all.add(LoopRecords.prediction("spam", "m", false), NOW), 200);

        assertThat(text)
                .isEqualToNormalizingNewlines(
                        """
                        adapter  inputs per min
                        spam                  1
                        """);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 100})
    void columnsWithoutRoomAreNamed(int width) {
        String text = text(LoopTableTest::asked, width);

        assertThat(text.lines()).allMatch(line -> line.length() < width);
        assertThat(text).contains("estimate");
        assertThat(text.contains("95 % interval")).isTrue();
        assertThat(text.replaceAll("\\s+", " ")).contains("no room for: ");
    }

    @Test
    void twoTablesShareTheRows() {
        Consumer<Standings> many =
                all -> {
                    for (int i = 10; i < 50; i++) {
                        all.add(StepReports.of("a-" + i, 1, 4, 1, 12), NOW);
                        all.add(LoopRecords.quality("a-" + i, START, .9), NOW);
                    }
                };

        String text = TopText.of(view(many), 22, 200);

        assertThat(text.lines()).hasSize(1 + 10 + 1 + 1 + 10 + 1);
        assertThat(text).contains("and 30 more adapters");
    }

    @Test
    void machinesSeeTheWholeEstimateWithTheNaiveFigureCalledBiased() throws Exception {
        JsonNode loop = json(LoopTableTest::asked).at("/adapters/0/loop");

        assertThat(loop.at("/inputsSeen").asLong()).isEqualTo(1);
        assertThat(loop.at("/openRequests").asLong()).isEqualTo(1);
        assertThat(loop.at("/quality/accuracy").asDouble()).isEqualTo(.912);
        assertThat(loop.at("/quality/low").asDouble()).isEqualTo(.912 - .028);
        assertThat(loop.at("/quality/naiveAccuracyBiased").asDouble()).isEqualTo(.912 - .06);
        assertThat(loop.at("/quality/to").asText()).isEqualTo("2026-05-01T00:00:00Z");
        assertThat(loop.at("/quality/estimatedTo").asText()).isEqualTo("2026-04-30T18:00:00Z");
        assertThat(loop.at("/quality/excluded").asLong()).isEqualTo(12);
        assertThat(loop.at("/quality/classes/1/recall").isNull()).isTrue();
        assertThat(loop.at("/quality/annotators/1/weight").asDouble()).isEqualTo(.6);
    }

    @Test
    void machinesSeeNoLoopWhereThereIsNone() throws Exception {
        JsonNode adapter =
                json(all -> all.add(StepReports.of("spam", 1, 4, 1, 12), NOW)).at("/adapters/0");

        assertThat(adapter.has("loop")).isFalse();
    }

    private static JsonNode json(Consumer<Standings> content) throws Exception {
        return new ObjectMapper().readTree(TopJson.of(view(content)));
    }

    private static String text(Consumer<Standings> content, int width) {
        return TopText.of(view(content), 50, width);
    }

    private static TopView view(Consumer<Standings> content) {
        Standings standings = new Standings();
        content.accept(standings);
        List<AdapterLine> lines =
                standings.adapters().stream()
                        .map(adapter -> adapter.line(NOW))
                        .sorted(Comparator.comparing(AdapterLine::id))
                        .toList();
        return new TopView(lines, 0, 0, List.of(), new JobSight.Seen(JobSight.Doing.LEARNS, ""));
    }
}
