package io.rankstream.ops.demo.labeling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.RequestReason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedAnnotatorsTest {

    private static final Instant ASKED = Instant.parse("2002-03-01T12:00:00Z");
    private static final Habits HABITS = Habits.ORDINARY;

    private final SimulatedAnnotators annotators = new SimulatedAnnotators(HABITS, 42);

    @Test
    void answerTheSameRequestTheSameWay() {
        assertThat(annotators.answers(request(7, 1), "ham"))
                .isEqualTo(new SimulatedAnnotators(HABITS, 42).answers(request(7, 1), "ham"));
    }

    @Test
    void leaveSomeRequestsErrAtTimesAndVoteTwiceAtTimes() {
        List<List<LabelVote>> all =
                IntStream.range(0, 4000)
                        .mapToObj(number -> annotators.answers(request(number, 1), "ham"))
                        .toList();
        List<LabelVote> votes = all.stream().flatMap(List::stream).toList();

        assertThat(share(all.stream().filter(List::isEmpty).count(), all.size()))
                .isCloseTo(HABITS.silent(), within(.02));
        assertThat(
                        share(
                                votes.stream()
                                        .filter(vote -> !vote.getLabel().equals("ham"))
                                        .count(),
                                votes.size()))
                .isCloseTo(HABITS.wrong(), within(.02));
        assertThat(share(all.stream().filter(each -> each.size() == 2).count(), all.size()))
                .isCloseTo(HABITS.second() * (1 - HABITS.silent()), within(.02));
    }

    @Test
    void takeMinutesToDays() {
        List<Duration> taken =
                IntStream.range(0, 2000)
                        .mapToObj(number -> annotators.answers(request(number, 1), "ham"))
                        .flatMap(List::stream)
                        .map(vote -> Duration.between(ASKED, vote.getLabeledAt()))
                        .sorted()
                        .toList();

        assertThat(taken).allMatch(each -> each.compareTo(HABITS.soonest()) >= 0);
        assertThat(taken).allMatch(each -> each.compareTo(HABITS.latest()) <= 0);
        assertThat(taken.get(taken.size() / 2)).isBetween(Duration.ofHours(1), Duration.ofHours(6));
    }

    @Test
    void areDifferentPeopleWhereSeveralVotesAreWanted() {
        assertThat(
                        IntStream.range(0, 200)
                                .mapToObj(number -> annotators.answers(request(number, 3), "ham"))
                                .filter(votes -> !votes.isEmpty()))
                .allSatisfy(
                        votes -> {
                            List<String> names =
                                    votes.stream().map(LabelVote::getAnnotator).toList();
                            assertThat(names).hasSizeBetween(3, 4);
                            assertThat(new HashSet<>(names)).hasSameSizeAs(names);
                        });
    }

    private static double share(long part, long whole) {
        return (double) part / whole;
    }

    private static LabelRequest request(int number, int votesWanted) {
        return LabelRequest.newBuilder()
                .setRequestId("request-" + number)
                .setExampleId("mail-" + number)
                .setAdapterId("spam")
                .setAction(RequestAction.OPEN)
                .setReason(RequestReason.UNIFORM)
                .setText("a text")
                .setLabels(List.of("ham", "spam"))
                .setLabelRevision(1)
                .setInclusionProbability(.1)
                .setVotesWanted(votesWanted)
                .setPriority(1)
                .setRequestedAt(ASKED)
                .setExpiresAt(ASKED.plus(Duration.ofDays(7)))
                .build();
    }
}
