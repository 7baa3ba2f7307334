package io.rankstream.ops.labeling.queue;

import static io.rankstream.ops.labeling.queue.Requests.ASKED;
import static io.rankstream.ops.labeling.queue.Requests.EXPIRY;
import static io.rankstream.ops.labeling.queue.Requests.cancel;
import static io.rankstream.ops.labeling.queue.Requests.open;
import static io.rankstream.ops.labeling.queue.Requests.outcome;
import static io.rankstream.ops.labeling.queue.Requests.vote;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.Span;
import io.rankstream.schemas.VoteKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LabelQueueTest {

    private static final Optional<String> ALL = Optional.empty();
    private static final LabelQueue.Limits ROOMY = new LabelQueue.Limits(100, 10_000, 100);

    /** Nothing to do with the stream's time. */
    private static final Instant NOW = Instant.parse("2026-07-01T08:00:00Z");

    private final AtomicInteger decisions = new AtomicInteger();
    private LabelQueue queue = read();

    private static LabelQueue read() {
        LabelQueue queue = new LabelQueue(ROOMY);
        queue.endReading();
        return queue;
    }

    @Nested
    class Order {

        @Test
        void theMostUrgentComesFirstAndOfTheseTheOldest() {
            queue.add(open(1).setPriority(1).setRequestedAt(ASKED.plusSeconds(2)).build());
            queue.add(open(2).setPriority(5).setRequestedAt(ASKED.plusSeconds(9)).build());
            queue.add(open(3).setPriority(1).setRequestedAt(ASKED.plusSeconds(1)).build());

            assertThat(answeredInTurn("ada")).containsExactly("r2", "r3", "r1");
        }

        @Test
        void nothingIsShownBeforeAllIsRead() {
            queue = new LabelQueue(ROOMY);
            queue.add(open(1).build());

            assertThat(next("ada")).isEmpty();
            assertThat(standing("ada").reading()).isTrue();

            queue.endReading();
            assertThat(next("ada")).contains("r1");
        }

        @Test
        void onlyTheChosenAdapterIsAskedFor() {
            queue.add(open(1).build());
            queue.add(open(2).setAdapterId("news").build());

            assertThat(queue.next("ada", Optional.of("news"), NOW).map(LabelRequest::getRequestId))
                    .contains("r2");
            assertThat(standing("ada").waitingByAdapter())
                    .isEqualTo(Map.of("mail", 1L, "news", 1L));
        }

        @Test
        void aPartOfATextAndAListAreNotAskedForAndCounted() {
            queue.add(open(1).setLabels(List.of()).setSuggestion(new Span(0, 4, null)).build());
            queue.add(
                    open(2).setLabels(List.of())
                            .setSuggestion(List.of(new Span(0, 4, "name")))
                            .build());

            assertThat(next("ada")).isEmpty();
            assertThat(standing("ada").unshown()).isEqualTo(2);
        }
    }

    @Nested
    class SeveralLabels {

        private LabelRequest asked() {
            return open(1).setSeveral(true).setSuggestion(List.of("spam")).build();
        }

        @Test
        void areAnsweredByTheListOfThoseThatAreTrue() {
            queue.add(asked());

            assertThat(next("ada")).contains("r1");
            LabelVote vote = toWrite(queue.judge(answer("ada", "r1", List.of("ham", "spam")), NOW));
            assertThat(vote.getLabel()).isEqualTo(List.of("ham", "spam"));
        }

        @Test
        void mayAllBeUntrue() {
            queue.add(asked());

            assertThat(toWrite(queue.judge(answer("ada", "r1", List.of()), NOW)).getLabel())
                    .isEqualTo(List.of());
        }

        @Test
        void areRefusedWhereOneIsNoneOfTheRequestOrThereIsNoList() {
            queue.add(asked());

            for (Object wrong : List.of(List.of("eggs"), List.of("ham", "ham"), "ham", 3.)) {
                assertThat(queue.judge(answer("ada", "r1", wrong), NOW))
                        .isInstanceOfSatisfying(
                                Verdict.Wrong.class,
                                refused ->
                                        assertThat(refused.sentence())
                                                .contains(
                                                        "no list of labels that the request has"));
            }
        }
    }

    @Nested
    class Holds {

        @Test
        void twoPeopleDoNotGetTheSameText() {
            queue.add(open(1).build());
            queue.add(open(2).build());

            assertThat(next("ada")).contains("r1");
            assertThat(next("bob")).contains("r2");
            assertThat(next("eve")).isEmpty();
            assertThat(next("ada")).as("again the same").contains("r1");
        }

        @Test
        void asManyGetItAsVotesAreWanted() {
            queue.add(open(1).setVotesWanted(2).build());

            assertThat(next("ada")).contains("r1");
            assertThat(next("bob")).contains("r1");
            assertThat(next("eve")).isEmpty();
        }

        @Test
        void whoGivesNoSignOfLifeLosesIt() {
            queue.add(open(1).build());
            next("ada");

            assertThat(next("bob", NOW.plus(LabelQueue.HELD))).isEmpty();
            assertThat(next("bob", NOW.plus(LabelQueue.HELD).plusMillis(1))).contains("r1");
            assertThat(next("ada", NOW.plus(LabelQueue.HELD).plusMillis(2))).isEmpty();
        }

        @Test
        void aSignOfLifeProlongsIt() {
            queue.add(open(1).build());
            next("ada");
            Instant later = NOW.plus(LabelQueue.HELD);
            Standing standing =
                    queue.standing("ada", ALL, Optional.of(new RequestKey("mail", "r1")), later);

            assertThat(standing.holds()).isTrue();
            assertThat(next("bob", later.plus(LabelQueue.HELD))).isEmpty();
        }

        @Test
        void whoComesBackToATextThatAnotherHoldsIsToldSo() {
            queue.add(open(1).build());
            next("ada");
            Instant later = NOW.plus(LabelQueue.HELD).plusMillis(1);
            next("bob", later);

            assertThat(
                            queue.standing(
                                            "ada",
                                            ALL,
                                            Optional.of(new RequestKey("mail", "r1")),
                                            later)
                                    .holds())
                    .isFalse();
        }

        @Test
        void aVoteOfWhoLostItIsTakenAllTheSame() {
            queue.add(open(1).build());
            next("ada");
            next("bob", NOW.plus(LabelQueue.HELD).plusMillis(1));

            assertThat(queue.judge(answer("ada", "r1", "spam"), NOW))
                    .isInstanceOf(Verdict.ToWrite.class);
        }

        @Test
        void standingTellsWhatOthersSeeTo() {
            queue.add(open(1).build());
            queue.add(open(2).build());
            next("bob");

            Standing standing = standing("ada");
            assertThat(standing.waiting()).isEqualTo(1);
            assertThat(standing.open()).isEqualTo(2);
            assertThat(standing.others()).isEqualTo(1);
        }
    }

    @Nested
    class Answers {

        @Test
        void aVoteSaysAllThatTheContractHas() {
            queue.add(open(1).setSuggestion("ham").build());
            LabelVote vote =
                    toWrite(
                            queue.judge(
                                    new Answer(
                                            "d",
                                            "ada",
                                            new RequestKey("mail", "r1"),
                                            VoteKind.VOTE,
                                            Optional.of("spam"),
                                            true,
                                            Optional.of(1_500L)),
                                    NOW));

            assertThat(vote)
                    .isEqualTo(
                            LabelVote.newBuilder()
                                    .setLabelId("console/ada")
                                    .setRevision(NOW.toEpochMilli())
                                    .setExampleId("x1")
                                    .setAdapterId("mail")
                                    .setRequestId("r1")
                                    .setAnnotator("ada")
                                    .setKind(VoteKind.VOTE)
                                    .setLabel("spam")
                                    .setLabelRevision(3)
                                    .setSuggestionShown(true)
                                    .setLeadTimeMs(1_500L)
                                    .setSource("console")
                                    .setLabeledAt(NOW)
                                    .build());
        }

        @Test
        void nobodySawASuggestionThatThereIsNot() {
            queue.add(open(1).build());
            Answer blind =
                    new Answer(
                            "d",
                            "ada",
                            new RequestKey("mail", "r1"),
                            VoteKind.VOTE,
                            Optional.of("spam"),
                            true,
                            Optional.empty());

            assertThat(toWrite(queue.judge(blind, NOW)).getSuggestionShown()).isFalse();
        }

        @Test
        void whatIsNoLabelOfTheRequestIsWrong() {
            queue.add(open(1).build());

            assertThat(queue.judge(answer("ada", "r1", "eggs"), NOW))
                    .isEqualTo(new Verdict.Wrong("'label' is none of those that the request has."));
            assertThat(queue.judge(answer("ada", "r1", 1.0), NOW))
                    .isInstanceOf(Verdict.Wrong.class);
        }

        @Test
        void whereThereAreNoLabelsANumberIsWanted() {
            queue.add(open(1).setLabels(List.of()).build());

            assertThat(queue.judge(answer("ada", "r1", "four"), NOW))
                    .isEqualTo(new Verdict.Wrong("'label' is a text, expected a number."));
            assertThat(toWrite(queue.judge(answer("ada", "r1", 4.0), NOW)).getLabel())
                    .isEqualTo(4.0);
        }

        @Test
        void whatIsAnsweredDoesNotComeAgainToAnybody() {
            queue.add(open(1).build());
            say("ada", "r1", VoteKind.VOTE, NOW);

            assertThat(next("ada")).isEmpty();
            assertThat(next("bob")).isEmpty();
        }

        @Test
        void whoSkipsLeavesItToOthers() {
            queue.add(open(1).build());
            say("ada", "r1", VoteKind.SKIP, NOW);

            assertThat(next("ada")).isEmpty();
            assertThat(next("bob")).contains("r1");
        }

        @Test
        void nobodyIsAskedAgainAboutAnInputThatTheyAnswered() {
            queue.add(open(1).build());
            say("ada", "r1", VoteKind.VOTE, NOW);
            queue.add(open(2).setExampleId("x1").build());

            assertThat(next("ada")).as("a conflict wants another person").isEmpty();
            assertThat(next("bob")).contains("r2");
        }

        @Test
        void votesFromElsewhereCount() {
            queue.add(open(1).setVotesWanted(2).build());
            queue.add(vote(1, "bob", 1).build());

            assertThat(next("bob")).isEmpty();
            assertThat(next("ada")).contains("r1");
            queue.add(vote(1, "eve", 1).build());
            assertThat(next("ada")).isEmpty();
        }

        @Test
        void anOlderRevisionChangesNothing() {
            queue.add(open(1).build());
            queue.add(vote(1, "bob", 7).setKind(VoteKind.RETRACT).setLabel(null).build());
            queue.add(vote(1, "bob", 6).build());

            assertThat(next("ada")).contains("r1");
        }

        @Test
        void oneDecisionIsWrittenOnceHoweverOftenItIsHandedOver() {
            queue.add(open(1).build());
            Answer answer = answer("ada", "r1", "spam");
            LabelVote first = toWrite(queue.judge(answer, NOW));
            LabelVote again = toWrite(queue.judge(answer, NOW.plusSeconds(9)));
            assertThat(again).as("the first may have been stored").isEqualTo(first);

            queue.written("ada", again, NOW);

            assertThat(queue.judge(answer, NOW.plusSeconds(10)))
                    .isEqualTo(new Verdict.Written(first));
        }

        @Test
        void anotherDecisionAfterOneThatCouldNotBeWrittenIsNewer() {
            queue.add(open(1).build());
            LabelVote lost = toWrite(queue.judge(answer("ada", "r1", "spam"), NOW));
            LabelVote then = toWrite(queue.judge(answer("ada", "r1", "ham"), NOW));

            assertThat(then.getRevision()).isGreaterThan(lost.getRevision());
        }

        @Test
        void whatWasNotWrittenIsAskedAgain() {
            queue.add(open(1).build());
            next("ada");
            queue.judge(answer("ada", "r1", "spam"), NOW);

            assertThat(next("ada")).contains("r1");
        }
    }

    @Nested
    class Undo {

        @Test
        void aRetractionIsANewerRevisionOfTheSameVoteAndTheRequestComesBack() {
            queue.add(open(1).build());
            LabelVote vote = say("ada", "r1", VoteKind.VOTE, NOW);
            LabelVote back = say("ada", "r1", VoteKind.RETRACT, NOW);

            assertThat(back.getLabelId()).isEqualTo(vote.getLabelId());
            assertThat(back.getRevision()).isGreaterThan(vote.getRevision());
            assertThat(back.getLabel()).isNull();
            assertThat(next("bob")).as("who undoes holds it").isEmpty();
            assertThat(next("ada")).contains("r1");
            LabelVote then = say("ada", "r1", VoteKind.VOTE, NOW);
            assertThat(then.getRevision()).isGreaterThan(back.getRevision());
        }

        @Test
        void whatIsSettledMeanwhileCanBeUndoneAndAnsweredAnew() {
            queue.add(open(1).build());
            say("ada", "r1", VoteKind.VOTE, NOW);
            queue.add(outcome(1, OutcomeStatus.FINAL));

            say("ada", "r1", VoteKind.RETRACT, NOW);
            assertThat(toWrite(queue.judge(answer("ada", "r1", "ham"), NOW)).getLabel())
                    .isEqualTo("ham");
        }

        @Test
        void nobodyTakesBackWhatTheyHaveNotSaid() {
            queue.add(open(1).build());

            assertThat(queue.judge(answer("ada", "r1", VoteKind.RETRACT), NOW))
                    .isEqualTo(
                            new Verdict.Wrong(
                                    "There is nothing of yours on this text to take back."));
        }

        @Test
        void theLastTwentyAnswersOfAPersonCanBeUndone() {
            for (int i = 1; i <= 21; i++) {
                queue.add(open(i).build());
                say("ada", "r" + i, VoteKind.VOTE, NOW);
                queue.add(outcome(i, OutcomeStatus.FINAL));
            }

            assertThat(queue.judge(answer("ada", "r1", VoteKind.RETRACT), NOW))
                    .isInstanceOf(Verdict.Gone.class);
            assertThat(queue.judge(answer("ada", "r2", VoteKind.RETRACT), NOW))
                    .isInstanceOf(Verdict.ToWrite.class);
        }
    }

    @Nested
    class Ends {

        @Test
        void whatIsTakenBackLeaves() {
            queue.add(open(1).build());
            queue.add(cancel(1));

            assertThat(next("ada")).isEmpty();
            assertThat(queue.judge(answer("ada", "r1", "spam"), NOW))
                    .isInstanceOf(Verdict.Gone.class);
        }

        @ParameterizedTest
        @EnumSource(
                value = OutcomeStatus.class,
                names = {"FINAL", "CONFIRMED", "CORRECTED", "CONFLICT", "EXPIRED", "LATE"})
        void whatIsSettledLeaves(OutcomeStatus status) {
            queue.add(open(1).build());
            queue.add(outcome(1, status));

            assertThat(next("ada")).isEmpty();
        }

        /** Its request may be the one that was opened since. */
        @ParameterizedTest
        @EnumSource(
                value = OutcomeStatus.class,
                names = {"RETRACTED", "SUPERSEDED", "UNKNOWN"})
        void whatSettlesNothingLeavesItOpen(OutcomeStatus status) {
            queue.add(open(1).build());
            queue.add(outcome(1, status));

            assertThat(next("ada")).contains("r1");
        }

        @Test
        void itExpiresByTheStreamTimeOfItsAdapterAlone() {
            queue.add(open(1).build());
            queue.add(
                    open(2).setAdapterId("news")
                            .setRequestedAt(EXPIRY.plusSeconds(9))
                            .setExpiresAt(EXPIRY.plusSeconds(99))
                            .build());
            assertThat(standing("ada").open()).isEqualTo(2);

            queue.add(outcome(7, OutcomeStatus.FINAL, EXPIRY.minusMillis(1)));
            assertThat(standing("ada").open()).isEqualTo(2);

            queue.add(outcome(8, OutcomeStatus.FINAL, EXPIRY));
            assertThat(standing("ada").open()).isEqualTo(1);
            assertThat(next("ada")).contains("r2");
        }

        @Test
        void aRequestThatIsOpenedAgainReplacesItself() {
            queue.add(open(1).build());
            queue.add(vote(1, "bob", 1).build());
            queue.add(open(1).setVotesWanted(2).build());

            assertThat(standing("ada").open()).isEqualTo(1);
            assertThat(next("ada")).contains("r1");
        }

        @Test
        void anUnknownActionChangesNothing() {
            queue.add(open(1).build());
            queue.add(open(1).setAction(RequestAction.UNKNOWN).build());

            assertThat(next("ada")).contains("r1");
        }
    }

    @Nested
    class Restart {

        /** Of the topics, votes and outcomes are read first. */
        @Test
        void whatIsSettledOrAnsweredDoesNotComeAgain() {
            queue = new LabelQueue(ROOMY);
            queue.add(outcome(1, OutcomeStatus.FINAL));
            queue.add(vote(2, "ada", 1).build());
            for (int i = 1; i <= 3; i++) {
                queue.add(open(i).build());
            }
            queue.endReading();

            assertThat(answeredInTurn("bob")).containsExactly("r3");
        }

        @Test
        void allIsReadAnewWithoutCountingTwice() {
            queue.add(open(1).setVotesWanted(2).build());
            LabelVote mine = say("ada", "r1", VoteKind.VOTE, NOW);

            queue.beginReading();
            queue.add(mine);
            queue.add(open(1).setVotesWanted(2).build());
            queue.endReading();

            assertThat(next("ada")).isEmpty();
            assertThat(next("bob")).contains("r1");
            assertThat(queue.judge(answer("ada", "r1", VoteKind.RETRACT), NOW))
                    .isInstanceOf(Verdict.ToWrite.class);
        }

        /** Another server's clock may have been ahead. */
        @Test
        void revisionsRiseAcrossServers() {
            queue.add(open(1).setVotesWanted(2).build());
            long ahead = NOW.toEpochMilli() + 60_000;
            queue.add(vote(1, "ada", ahead).setLabelId("console/ada").build());

            assertThat(say("ada", "r1", VoteKind.RETRACT, NOW).getRevision()).isEqualTo(ahead + 1);
        }
    }

    @Nested
    class Bounds {

        @Test
        void whatHasNoRoomIsTheLeastUrgentAndIsCounted() {
            queue = new LabelQueue(new LabelQueue.Limits(2, 10_000, 100));
            queue.endReading();
            queue.add(open(1).setPriority(1).build());
            queue.add(open(2).setPriority(3).build());
            queue.add(open(3).setPriority(2).build());
            queue.add(open(4).setPriority(0).build());

            assertThat(standing("ada").leftOut()).isEqualTo(2);
            assertThat(queue.isWorthReadingAgain()).isFalse();
            assertThat(answeredInTurn("ada")).containsExactly("r2", "r3");

            queue.add(outcome(2, OutcomeStatus.FINAL));
            queue.add(outcome(3, OutcomeStatus.FINAL));
            assertThat(queue.isWorthReadingAgain()).isTrue();
        }

        @Test
        void longTextsCountByTheirLength() {
            queue = new LabelQueue(new LabelQueue.Limits(100, 1_000, 100));
            queue.endReading();
            for (int i = 1; i <= 3; i++) {
                queue.add(open(i).setText("x".repeat(400)).build());
            }

            assertThat(standing("ada").open()).isEqualTo(2);
            assertThat(standing("ada").leftOut()).isEqualTo(1);
        }

        @Test
        void whatExpiredMakesRoom() {
            queue = new LabelQueue(new LabelQueue.Limits(1, 10_000, 100));
            queue.endReading();
            queue.add(open(1).setPriority(9).build());
            queue.add(open(2).setRequestedAt(EXPIRY).setExpiresAt(EXPIRY.plusSeconds(9)).build());

            assertThat(next("ada")).contains("r2");
            assertThat(standing("ada").leftOut()).isZero();
        }

        @Test
        void votesOnWhatIsAskedAreKeptAndOthersForgotten() {
            queue = new LabelQueue(new LabelQueue.Limits(100, 10_000, 10));
            queue.endReading();
            queue.add(open(1).build());
            queue.add(vote(1, "ada", 1).build());
            for (int i = 2; i <= 100; i++) {
                queue.add(vote(i, "ada", 1).build());
            }
            queue.add(open(2).build());

            assertThat(next("ada")).as("forgotten that it was answered").contains("r2");
            assertThat(next("bob")).isEmpty();
        }
    }

    private Optional<String> next(String annotator) {
        return next(annotator, NOW);
    }

    private Optional<String> next(String annotator, Instant now) {
        return queue.next(annotator, ALL, now).map(LabelRequest::getRequestId);
    }

    private Standing standing(String annotator) {
        return queue.standing(annotator, ALL, Optional.empty(), NOW);
    }

    private List<String> answeredInTurn(String annotator) {
        List<String> requests = new ArrayList<>();
        Optional<String> next = next(annotator);
        while (next.isPresent()) {
            requests.add(next.get());
            say(annotator, next.get(), VoteKind.VOTE, NOW);
            next = next(annotator);
        }
        return requests;
    }

    /** Hands an answer over, which is written. */
    private LabelVote say(String annotator, String request, VoteKind kind, Instant now) {
        LabelVote vote = toWrite(queue.judge(answer(annotator, request, kind), now));
        queue.written(annotator, vote, now);
        return vote;
    }

    private static LabelVote toWrite(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.ToWrite.class);
        return ((Verdict.ToWrite) verdict).vote();
    }

    private Answer answer(String annotator, String request, Object label) {
        return answer(annotator, request, VoteKind.VOTE, Optional.of(label));
    }

    private Answer answer(String annotator, String request, VoteKind kind) {
        return answer(
                annotator,
                request,
                kind,
                kind == VoteKind.VOTE ? Optional.of("spam") : Optional.empty());
    }

    private Answer answer(String annotator, String request, VoteKind kind, Optional<Object> label) {
        return new Answer(
                "decision-" + decisions.incrementAndGet(),
                annotator,
                new RequestKey("mail", request),
                kind,
                label,
                false,
                Optional.empty());
    }
}
