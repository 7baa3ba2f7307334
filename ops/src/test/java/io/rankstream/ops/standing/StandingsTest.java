package io.rankstream.ops.standing;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandingsTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private final Standings standings = new Standings();

    @Test
    void examplesAreThoseOfAllAdapters() {
        standings.add(StepReports.of("acme", 7, 28, 1, 12), NOW);
        standings.add(StepReports.of("acme", 8, 32, 1, 12), NOW);
        standings.add(StepReports.of("bell", 1, 4, 1, 12), NOW);

        assertThat(standings.examples()).isEqualTo(36);
        assertThat(standings.throughput().examplesOfSpan().values()).containsExactly(12L);
    }

    @Test
    void withManyAdaptersTheirCurvesAreCoarserSoThatAllStayInBounds() {
        for (int adapter = 0; adapter < 4_000; adapter++) {
            for (int step = 1; step <= 300; step++) {
                standings.add(StepReports.of("adapter-" + adapter, step, 4L * step, 1, 12), NOW);
            }
        }

        assertThat(standings.adapters().stream().mapToInt(one -> one.curve().stretches().size()))
                .allMatch(size -> size >= 30 && size <= 60);
    }

    @Test
    void withoutAnythingNewTheNumberOfChangesStays() {
        standings.add(StepReports.of("acme", 1, 4, 1, 12), NOW);
        long before = standings.revision();

        standings.rest(NOW.plusSeconds(30));
        assertThat(standings.revision()).isEqualTo(before);

        standings.rest(NOW.plusSeconds(90));
        assertThat(standings.revision()).isGreaterThan(before);
        assertThat(standings.adapter("acme").orElseThrow().revision()).isGreaterThan(before);
    }

    @Nested
    class Restarts {

        @Test
        void stepsThatSeveralAdaptersTakeAgainAreOne() {
            for (String adapter : List.of("acme", "bell")) {
                standings.add(StepReports.of(adapter, 1, 4, 1, 12), NOW);
                standings.add(StepReports.of(adapter, 2, 8, 1, 12), NOW);
            }

            standings.add(StepReports.of("acme", 2, 8, 1, 12), NOW.plusSeconds(60));
            standings.add(StepReports.of("bell", 2, 8, 1, 12), NOW.plusSeconds(61));

            assertThat(standings.restartCount()).isEqualTo(1);
            assertThat(standings.news().get(0).text()).contains("takes step 2 again");
        }

        @Test
        void whereTheyAreToldStepsTellNone() {
            standings.restartsAreTold(NOW);
            standings.add(new JobEvent(NOW, JobEvent.Kind.RESTART, "the job goes on"));
            standings.add(StepReports.of("acme", 2, 8, 1, 12), NOW.plusSeconds(60));
            standings.add(StepReports.of("acme", 2, 8, 1, 12), NOW.plusSeconds(120));

            assertThat(standings.restartCount()).isEqualTo(1);
        }

        @Test
        void whatAnOperatorShouldKnowIsNone() {
            standings.add(new JobEvent(NOW, JobEvent.Kind.NEWS, "the broker does not answer"));

            assertThat(standings.restartCount()).isZero();
            assertThat(standings.news()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PAUSE, DONE, true",
        "PAUSE, REFUSED, false",
        "PAUSE, STALE, false",
        "RESET, DONE, false"
    })
    void anAdapterIsPausedOnceTheJobSaysSo(String action, CommandOutcome outcome, boolean paused) {
        standings.add(StepReports.of("acme", 1, 4, 1, 12, 12), Instant.EPOCH);

        standings.add(answer(action, outcome), Instant.EPOCH);

        assertThat(standings.adapter("acme").orElseThrow().line(Instant.EPOCH).paused())
                .isEqualTo(paused);
    }

    @Test
    void anAdapterThatIsResumedIsNotPausedAnyMore() {
        standings.add(answer("PAUSE", CommandOutcome.DONE), Instant.EPOCH);
        standings.add(answer("RESUME", CommandOutcome.DONE), Instant.EPOCH);

        assertThat(standings.adapter("acme").orElseThrow().line(Instant.EPOCH).paused()).isFalse();
    }

    /** The earlier answers may be read last, since they lie on another topic. */
    @ParameterizedTest
    @CsvSource({
        "true, PAUSE, RESUME, false",
        "false, PAUSE, RESUME, false",
        "true, RESUME, PAUSE, true",
        "false, RESUME, PAUSE, true"
    })
    void answersOfEarlierReleasesCountUntilThereIsALaterOne(
            boolean inOrder, String earlier, String later, boolean paused) {
        Runnable old =
                () -> {
                    TrainingReport report = StepReports.of("acme", 1, 4, 1, 12, 12);
                    report.setCommand(answer(earlier, CommandOutcome.DONE));
                    standings.add(report, Instant.EPOCH);
                };
        Runnable now =
                () ->
                        standings.add(
                                answer(later, CommandOutcome.DONE), Instant.EPOCH.plusSeconds(1));

        (inOrder ? Stream.of(old, now) : Stream.of(now, old)).forEach(Runnable::run);

        assertThat(standings.adapter("acme").orElseThrow().line(Instant.EPOCH).paused())
                .isEqualTo(paused);
        assertThat(standings.adapter("acme").orElseThrow().stepsSeen()).isZero();
    }

    private static CommandAnswer answer(String action, CommandOutcome outcome) {
        return CommandAnswer.newBuilder()
                .setCommandId("id")
                .setAdapterId("acme")
                .setAction(action)
                .setOutcome(outcome)
                .setMessage("a message")
                .setRevision(1)
                .setVersion(1)
                .build();
    }
}
