package io.rankstream.job.loop.join;

import static io.rankstream.job.loop.join.Elements.LABELS;
import static io.rankstream.job.loop.join.Elements.START;
import static io.rankstream.job.loop.join.Elements.input;
import static io.rankstream.job.loop.join.Elements.number;
import static io.rankstream.schemas.OutcomeStatus.CONFIRMED;
import static io.rankstream.schemas.OutcomeStatus.CONFLICT;
import static io.rankstream.schemas.OutcomeStatus.CORRECTED;
import static io.rankstream.schemas.OutcomeStatus.EXPIRED;
import static io.rankstream.schemas.OutcomeStatus.FINAL;
import static io.rankstream.schemas.OutcomeStatus.LATE;
import static io.rankstream.schemas.OutcomeStatus.RETRACTED;
import static io.rankstream.schemas.OutcomeStatus.SUPERSEDED;
import static io.rankstream.schemas.VoteKind.RETRACT;
import static io.rankstream.schemas.VoteKind.SKIP;
import static io.rankstream.schemas.VoteKind.VOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.LabelProbabilities;
import io.rankstream.job.loop.account.Agreement;
import io.rankstream.job.loop.entry.Phase;
import io.rankstream.job.loop.quality.CohortCounts;
import io.rankstream.job.loop.vote.Ballot;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.AnnotatorQuality;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.RequestReason;
import io.rankstream.schemas.SettledVote;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of faults and disorder, one kind each; all inputs are asked for, unless it says
 * otherwise. The horizon is a day, and what was decided can be corrected for half of one.
 */
class LoopDisorderTest {

    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final LoopRun run = new LoopRun(LoopRun.SETTINGS, 1);

    @Nested
    class Votes {

        @Test
        void aVoteDecidesAndTeaches() throws Exception {
            run.take(input("x", START)).take(vote("ann", "x", "spam"));

            assertThat(outcome(0))
                    .returns(FINAL, LabelOutcome::getStatus)
                    .returns("spam", LabelOutcome::getLabel)
                    .returns(1L, LabelOutcome::getRevision)
                    .returns(false, LabelOutcome::getCorrect)
                    .returns(true, LabelOutcome::getTrained);
            assertThat(examples())
                    .singleElement()
                    .returns("spam", LabeledExample::getLabel)
                    .returns("x/1", LabeledExample::getRequestId)
                    .returns(1L, LabeledExample::getDecision)
                    .returns(1.0, LabeledExample::getInclusionProbability);
        }

        @Test
        void aVoteThatIsSentTwiceCountsOnce() throws Exception {
            run.take(input("x", START))
                    .take(vote("ann", "x", "spam"))
                    .take(vote("ann", "x", "spam"));

            assertThat(run.told.statuses()).containsExactly(FINAL);
            assertThat(run.told.of(Told.Duplicate.class)).hasSize(1);
        }

        /** Whether the input is awaited, decided or expired when they come. */
        @ParameterizedTest
        @ValueSource(ints = {-1, 0, 30})
        void aVoteThatSaysSomethingElseUnderItsRevisionIsADeadLetterAndChangesNothing(int hours)
                throws Exception {
            if (hours >= 0) {
                run.take(input("x", START));
            }
            for (int hour = 5; hour <= hours; hour += 5) {
                run.take(input("y" + hour, START + hour * HOUR));
            }
            run.take(vote("ann", "x", "spam"));
            List<OutcomeStatus> before = run.told.statuses();

            run.take(vote("ann", "x", "ham"))
                    .take(said("ann", 1, SKIP))
                    .take(vote("ann", "bob", "spam", START))
                    .take(vote("ann", "x", "spam"));

            assertThat(run.told.statuses()).isEqualTo(before);
            assertThat(run.told.of(Told.Duplicate.class)).hasSize(1);
            assertThat(run.told.of(Told.Refused.class))
                    .extracting(Told.Refused::reason)
                    .containsOnly(DeadLetterReason.INVALID_VOTE)
                    .hasSize(3);
            assertThat(run.told.of(Told.Refused.class).get(0).message())
                    .isEqualTo(
                            "revision 1 of the vote 'ann' says 'ham' by 'ann', but 'spam' by 'ann' came under this revision before; send what changes with a higher revision");
        }

        @Test
        void anOlderRevisionThatComesLaterIsSuperseded() throws Exception {
            run.take(input("x", START))
                    .take(vote("ann", 5, "x", "spam"))
                    .take(vote("ann", 4, "x", "ham"));

            assertThat(run.told.statuses()).containsExactly(FINAL, SUPERSEDED);
            assertThat(settled(1)).containsExactly("ann 4");
        }

        @Test
        void anAnnotatorWithTwoVotesCountsByTheOneThatWasGivenLast() throws Exception {
            LoopRun two = new LoopRun(LoopRun.settings(2, 0, false), 1);
            two.take(input("x", START))
                    .take(vote("first", "ann", "ham", START + 1))
                    .take(vote("second", "ann", "spam", START + 2))
                    .take(vote("bob", "bob", "spam", START + 3));

            assertThat(two.told.statuses()).containsExactly(FINAL);
            assertThat(two.told.of(LabelOutcome.class).get(0))
                    .returns("spam", LabelOutcome::getLabel)
                    .returns(2, LabelOutcome::getVotes)
                    .returns(1f, LabelOutcome::getAgreement);
        }

        @Test
        void oneWhoSkipsLeavesTheQuestionToOthers() throws Exception {
            run.take(input("x", START)).take(said("ann", 1, SKIP));
            assertThat(run.told.statuses()).isEmpty();

            run.take(vote("bob", "x", "ham"));
            assertThat(run.told.statuses()).containsExactly(FINAL);
            assertThat(settled(0)).containsExactly("ann 1", "bob 1");
            assertThat(outcome(0).getSettled())
                    .extracting(SettledVote::getCounted)
                    .containsExactly(false, true);
        }

        @Test
        void aVoteOnAnInputThatNobodyAskedForIsWelcome() throws Exception {
            // The first inputs of an adapter have a chance of one half, whatever the budget.
            LoopRun rarely = new LoopRun(LoopRun.settings(3, 0, false), 1e-4);
            for (int i = 0; i < 10; i++) {
                rarely.take(input("y" + i, START));
            }
            String unasked =
                    rarely.state.entries().entrySet().stream()
                            .filter(each -> each.getValue().asked().number() == 0)
                            .findFirst()
                            .orElseThrow()
                            .getKey();
            rarely.take(vote("ann", unasked, "spam"));

            assertThat(rarely.told.of(LabeledExample.class))
                    .singleElement()
                    .returns(null, LabeledExample::getRequestId)
                    .returns(null, LabeledExample::getInclusionProbability)
                    .returns(false, LabeledExample::getUniform);
        }

        @Test
        void aLabelThatTheAdapterDoesNotHaveIsRefusedUnlessItIsNewer() throws Exception {
            run.take(input("x", START)).take(vote("ann", "x", "junk"));
            assertThat(run.told.reasons()).containsExactly(DeadLetterReason.INVALID_VOTE);

            run.take(revised(vote("ann", "x", "junk"), 2));
            assertThat(run.told.statuses()).containsExactly(FINAL);
        }

        /** Nobody can tell whether such labels are newer. */
        @Test
        void aLabelThatIsNotThereIsRefusedWhereTheRevisionOfTheLabelsIsNotKnown() throws Exception {
            run.take(Elements.given("x", START, new LabelProbabilities(LABELS, new float[3])));
            for (long revision : new long[] {0, 1, 2, Long.MAX_VALUE}) {
                run.take(revised(vote("ann", "x", "junk"), revision));
            }
            assertThat(run.told.reasons()).hasSize(4).containsOnly(DeadLetterReason.INVALID_VOTE);
        }

        @Test
        void aFloodOfVotesOnOneInputIsRefused() throws Exception {
            run.take(input("x", START));
            for (int i = 0; i < Ballot.MOST_VOTES + 2; i++) {
                run.take(vote("ann", i + 1, "x", "ham"));
            }
            assertThat(run.told.reasons())
                    .containsExactly(
                            DeadLetterReason.TOO_MANY_VOTES, DeadLetterReason.TOO_MANY_VOTES);
        }

        @Test
        void numbersAreDecidedByTheirMedian() throws Exception {
            LoopRun three = new LoopRun(LoopRun.settings(3, 0, false), 1);
            three.take(number("x", START, 2));
            for (double said : new double[] {1, 40, 3}) {
                three.take(vote("by" + said, 1, "x", "by" + said, VOTE, new Target.Numeric(said)));
            }
            assertThat(three.told.of(LabelOutcome.class).get(0))
                    .returns(3.0, LabelOutcome::getLabel)
                    .returns(null, LabelOutcome::getCorrect);
        }
    }

    @Nested
    class Changes {

        @Test
        void aCorrectionAfterTrainingIsTrainedOnAsANewExample() throws Exception {
            run.take(input("x", START))
                    .take(vote("ann", 1, "x", "spam"))
                    .take(vote("ann", 2, "x", "ham"));

            assertThat(run.told.statuses()).containsExactly(FINAL, CORRECTED);
            assertThat(examples()).extracting(LabeledExample::getDecision).containsExactly(1L, 2L);
            assertThat(examples())
                    .extracting(LabeledExample::getLabel)
                    .containsExactly("spam", "ham");
        }

        @Test
        void aVoteThatChangesNothingConfirms() throws Exception {
            run.take(input("x", START))
                    .take(vote("ann", "x", "spam"))
                    .take(vote("bob", "x", "ham"));

            assertThat(run.told.statuses()).containsExactly(FINAL, CONFIRMED);
            assertThat(outcome(1))
                    .returns("spam", LabelOutcome::getLabel)
                    .returns(.5f, LabelOutcome::getAgreement);
        }

        @Test
        void whatIsTakenBackIsAskedForAgain() throws Exception {
            run.take(input("x", START))
                    .take(vote("ann", 1, "x", "spam"))
                    .take(said("ann", 2, RETRACT));

            assertThat(run.told.statuses()).containsExactly(FINAL, RETRACTED);
            assertThat(requests())
                    .extracting(LabelRequest::getReason, LabelRequest::getRequestId)
                    .endsWith(tuple(RequestReason.RETRACTED, "x/2"));

            run.take(vote("bob", "x", "ham"));
            assertThat(run.told.statuses()).containsExactly(FINAL, RETRACTED, CORRECTED);
        }

        @Test
        void whatIsSaidAgainAfterItWasTakenBackIsNotLearnedTwice() throws Exception {
            run.take(input("x", START))
                    .take(vote("ann", 1, "x", "spam"))
                    .take(said("ann", 2, RETRACT))
                    .take(vote("bob", "x", "spam"));

            assertThat(examples()).hasSize(1);
            assertThat(outcome(2))
                    .returns(CORRECTED, LabelOutcome::getStatus)
                    .returns(false, LabelOutcome::getTrained);
        }

        @Test
        void aCorrectionMovesNoDriftDetector() throws Exception {
            run.take(input("x", START));
            for (int revision = 1; revision <= 5; revision++) {
                run.take(vote("ann", revision, "x", revision % 2 == 0 ? "ham" : "spam"));
            }

            assertThat(examples())
                    .extracting(LabeledExample::getUniform)
                    .containsExactly(true, false, false, false, false);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void whatWasDecidedByEarlyVotesIsAskedForOnceTheyAreTakenBack(int votes) throws Exception {
            LoopRun early = new LoopRun(LoopRun.settings(votes, 0, false), 1);
            for (int i = 0; i < votes; i++) {
                early.take(vote("by" + i, 1, "x", "spam"));
            }
            early.take(input("x", START));
            assertThat(early.told.of(LabelRequest.class)).isEmpty();

            for (int i = 0; i < votes; i++) {
                early.take(said("by" + i, 2, RETRACT));
            }
            assertThat(early.told.of(LabelRequest.class))
                    .singleElement()
                    .returns(RequestAction.OPEN, LabelRequest::getAction)
                    .returns(RequestReason.UNIFORM, LabelRequest::getReason)
                    .returns(votes, LabelRequest::getVotesWanted);
        }

        @Test
        void aRetractionThatComesBeforeItsVoteHolds() throws Exception {
            run.take(input("x", START))
                    .take(said("ann", 2, RETRACT))
                    .take(vote("ann", 1, "x", "spam"));

            assertThat(run.told.statuses()).containsExactly(SUPERSEDED);
            assertThat(examples()).isEmpty();
        }
    }

    @Nested
    class Conflicts {

        private final LoopRun two = new LoopRun(LoopRun.settings(2, 0, true), 1);

        @Test
        void votesThatDifferAskForOneMoreWhoIsNotToldWhatWasSaid() throws Exception {
            two.take(input("x", START))
                    .take(vote("ann", "x", "spam"))
                    .take(vote("bob", "x", "ham"));

            LabelRequest more = two.told.of(LabelRequest.class).get(2);
            assertThat(more)
                    .returns(RequestAction.OPEN, LabelRequest::getAction)
                    .returns(RequestReason.CONFLICT, LabelRequest::getReason)
                    .returns(1, LabelRequest::getVotesWanted)
                    .returns(null, LabelRequest::getSuggestion);

            two.take(vote("cid", "x", "ham"));
            assertThat(two.told.statuses()).containsExactly(FINAL);
        }

        @Test
        void aConflictThatNobodySettlesIsToldWhenItExpires() throws Exception {
            two.take(input("x", START))
                    .take(vote("ann", "x", "spam"))
                    .take(vote("bob", "x", "ham"));
            pass(two, 25);

            assertThat(two.told.statuses()).startsWith(CONFLICT);
            assertThat(two.told.of(LabeledExample.class)).isEmpty();
        }

        @Test
        void halfOfTheVotesThatWereWantedDecideWhenTimeIsUp() throws Exception {
            two.take(input("x", START)).take(vote("ann", "x", "spam"));
            pass(two, 25);

            assertThat(two.told.statuses()).startsWith(FINAL);
        }
    }

    @Nested
    class Time {

        @Test
        void anEarlyVoteWaitsForItsInput() throws Exception {
            run.take(vote("ann", "x", "spam")).take(input("x", START));

            assertThat(run.told.statuses()).containsExactly(FINAL);
            assertThat(requests()).isEmpty();
        }

        @Test
        void aVoteWhoseInputNeverComesIsADeadLetter() throws Exception {
            run.take(input("x", START)).take(vote("ann", "nothing", "spam"));
            pass(run, 25);

            assertThat(run.told.reasons()).containsExactly(DeadLetterReason.UNKNOWN_EXAMPLE);
        }

        @Test
        void aVoteAfterTheHorizonIsLate() throws Exception {
            run.take(input("x", START));
            pass(run, 25);
            run.take(vote("ann", "x", "spam"));

            assertThat(run.told.statuses()).contains(EXPIRED).endsWith(LATE);
            assertThat(examples()).isEmpty();
        }

        @Test
        void aVoteOnWhatIsForgottenIsUnknown() throws Exception {
            run.take(input("x", START));
            pass(run, 40);
            run.take(vote("ann", "x", "spam"));

            assertThat(run.state.entry("x").phase()).isEqualTo(Phase.PARKED);
        }

        @Test
        void oneWildClockLetsNothingExpire() throws Exception {
            run.take(input("x", START)).take(input("wild", START + 1_000_000 * HOUR));

            assertThat(run.state.account().time().now()).isEqualTo(START);
            assertThat(run.state.entry("wild").openedAt()).isEqualTo(START);
            run.take(vote("ann", "x", "spam"));
            assertThat(run.told.statuses()).containsExactly(FINAL);
        }

        @Test
        void aWildClockOfTheFirstInputIsOutvoted() throws Exception {
            run.take(input("wild", START + 1_000_000 * HOUR));
            for (int i = 0; i < 16; i++) {
                run.take(input("x" + i, START + i));
            }
            assertThat(run.state.account().time().now()).isEqualTo(START + 15);
            pass(run, 40);
            assertThat(run.state.entries()).doesNotContainKeys("wild", "x0");
        }

        @ParameterizedTest
        @ValueSource(longs = {7, 23, 24, 25, 100, 10_000})
        void aStreamThatWasAwayForLongGoesOnAfterSixteenInputs(long hours) throws Exception {
            come("before", START);
            long later = START + hours * HOUR;
            for (int i = 0; i < 16; i++) {
                assertThat(run.told.statuses()).isEmpty();
                run.take(input("later" + i, later + i));
            }
            pass(run, later, 3);
            assertThat(run.state.account().time().now()).isEqualTo(later + 3 * HOUR);
            assertThat(run.told.statuses()).hasSize(hours < 23 ? 0 : 17);
        }

        @ParameterizedTest
        @ValueSource(longs = {7, 23, 24, 25, 100, 10_000})
        void whatCameBeforeTheStreamWasBelievedAgainWaitsForTheWholeHorizon(long hours)
                throws Exception {
            come("before", START);
            long later = START + hours * HOUR;
            run.take(vote("ann", "later16", "spam"));
            for (int i = 0; i < 16; i++) {
                run.take(input("later" + i, later + i));
            }
            pass(run, later, 23);
            for (int i = 0; i < 16; i++) {
                assertThat(run.state.entry("later" + i).phase()).isEqualTo(Phase.OPEN);
            }
            run.take(vote("ann", "later0", "spam")).take(input("later16", later + 23 * HOUR));
            assertThat(run.state.entry("later0").phase()).isEqualTo(Phase.DECIDED);
            assertThat(run.told.reasons()).isEmpty();

            pass(run, later + 23 * HOUR, 3);
            run.take(vote("ann", "later1", "spam"));
            assertThat(run.told.statuses()).endsWith(LATE);
        }

        @Test
        void whatIsDecidedBeforeTheStreamIsBelievedAgainCanBeCorrected() throws Exception {
            come("before", START);
            long later = START + 1000 * HOUR;
            run.take(input("x", later)).take(vote("ann", 1, "x", "spam"));
            come("later", later);
            pass(run, later, 11);
            run.take(vote("ann", 2, "x", "ham"));
            assertThat(run.told.statuses()).contains(CORRECTED);
        }

        @Test
        void aRequestSaysUntilWhenItWaitsIfInputsThatAreAheadAreRight() throws Exception {
            come("before", START);
            run.take(input("x", START + 1000 * HOUR));
            assertThat(requests())
                    .last()
                    .returns(Instant.ofEpochMilli(START + 1024 * HOUR), LabelRequest::getExpiresAt);
        }

        /** As many as make the stream's time believed. */
        private void come(String id, long last) throws Exception {
            for (int i = 0; i <= 16; i++) {
                run.take(input(id + i, last - (16 - i) * 1000L));
            }
        }
    }

    @Nested
    class Inputs {

        @Test
        void aSecondInputOfAnIdIsADeadLetterAndChangesNothing() throws Exception {
            run.take(input("x", START)).take(input("x", START + 1)).take(vote("ann", "x", "spam"));

            assertThat(run.told.reasons()).containsExactly(DeadLetterReason.DUPLICATE_EXAMPLE);
            assertThat(run.told.statuses()).containsExactly(FINAL);
        }

        @Test
        void metadataIsShownInTheOrderOfTheInput() throws Exception {
            Map<String, String> metadata = new LinkedHashMap<>();
            for (String name : "the order in which a producer has written it down".split(" ", -1)) {
                metadata.put(name, "x");
            }
            run.take(Elements.unpredicted("x", START, metadata));

            assertThat(requests().get(0).getMetadata().keySet())
                    .containsExactlyElementsOf(metadata.keySet());
        }

        @Test
        void aRequestThatOthersAnswerIsTakenBack() throws Exception {
            run.take(input("x", START)).take(vote("ann", "x", "spam"));
            assertThat(requests())
                    .extracting(LabelRequest::getAction)
                    .containsExactly(RequestAction.OPEN, RequestAction.CANCEL);

            run.take(input("y", START)).take(answering("y/1", vote("ann", "y", "spam")));
            assertThat(requests())
                    .extracting(LabelRequest::getAction)
                    .containsExactly(RequestAction.OPEN, RequestAction.CANCEL, RequestAction.OPEN);
        }

        @Test
        void aSuggestionIsShownToOneWhoVotesAlone() throws Exception {
            LoopRun suggesting = new LoopRun(LoopRun.settings(1, .5, true), 1);
            for (int i = 0; i < 40; i++) {
                suggesting.take(input("x" + i, START));
            }
            assertThat(suggesting.told.of(LabelRequest.class))
                    .allSatisfy(
                            request ->
                                    assertThat(request.getSuggestion())
                                            .isEqualTo(
                                                    request.getVotesWanted() == 1 ? "ham" : null))
                    .extracting(LabelRequest::getVotesWanted)
                    .contains(1, 2);
        }
    }

    @Nested
    class Quality {

        @Test
        void isToldOnceAnHourOfTheInputsBefore() throws Exception {
            for (int i = 0; i < 10; i++) {
                run.take(input("x" + i, START + i)).take(Elements.vote("ann", "x" + i, "ham"));
            }
            run.take(said("ann", 2, "x0", RETRACT)).take(said("bob", 1, "x1", SKIP));
            pass(run, 3);

            assertThat(run.told.of(AdapterQuality.class)).hasSize(3);
            assertThat(run.told.of(AdapterQuality.class).get(0))
                    .returns("mail", AdapterQuality::getAdapterId)
                    .returns(10L, AdapterQuality::getInputs)
                    .returns(10L, AdapterQuality::getAsked)
                    .returns(9L, AdapterQuality::getReturned)
                    .returns(1L, AdapterQuality::getSkipped)
                    .returns(1L, AdapterQuality::getOpenRequests)
                    .satisfies(
                            quality ->
                                    assertThat(quality.getAnnotators())
                                            .extracting(AnnotatorQuality::getAnnotator)
                                            .containsExactly("ann", "bob"));
        }

        /**
         * However often annotators change their minds, and whether a vote decided or came later.
         */
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void tellsHowOftenFirstVotesAgreeAndComparesAnnotatorsOnceAnInput(int wanted)
                throws Exception {
            LoopRun loop = new LoopRun(LoopRun.settings(wanted, 0, false), 1);
            Random random = new Random(wanted);
            long pairs = 0;
            long alike = 0;
            Map<String, Long> inputsOf = new TreeMap<>();
            for (int i = 0; i < 200; i++) {
                String id = "x" + i;
                loop.take(input(id, START));
                Map<String, String> standing = new TreeMap<>();
                for (int vote = 1; vote <= 12; vote++) {
                    String who = "by" + random.nextInt(4);
                    String label = LABELS.get(random.nextInt(10) / 8);
                    if (!standing.containsKey(who)) {
                        pairs += standing.size();
                        alike += standing.values().stream().filter(label::equals).count();
                        inputsOf.merge(who, 1L, Long::sum);
                    }
                    standing.put(who, label);
                    loop.take(vote(who, vote, id, label));
                }
            }

            Agreement agreement = loop.state.account().agreement();
            assertThat(agreement.pairs()).isEqualTo(pairs);
            assertThat(agreement.alike()).isEqualTo(alike);
            assertThat(agreement.decisions()).isBetween(190L, 200L);
            loop.state
                    .annotators()
                    .forEach(
                            (who, known) ->
                                    assertThat(known.compared()).isBetween(60L, inputsOf.get(who)));
        }

        @Test
        void countsNobodyWhoOnlyTakesBack() throws Exception {
            run.take(input("x", START)).take(input("y", START));
            for (int i = 0; i < 1100; i++) {
                run.take(said("by" + i, 1, "x", RETRACT));
            }
            run.take(vote("ann", "y", "spam"));

            assertThat(run.state.annotators().keySet()).containsExactly("ann");
        }

        @Test
        void goesOnCountingKnownLabelsWhereThereIsRoomForNoMore() throws Exception {
            for (int i = 0; i < 1100; i++) {
                run.take(Elements.unpredicted("x" + i, START, Map.of()))
                        .take(vote("ann", "x" + i, "label" + i));
            }
            for (int i = 0; i < 10; i++) {
                run.take(Elements.unpredicted("again" + i, START, Map.of()))
                        .take(vote("ann", "again" + i, "label" + i * 100));
            }

            assertThat(run.state.account().selection().labels())
                    .hasSize(1000)
                    .containsEntry("label0", 2L)
                    .containsEntry("label900", 2L)
                    .containsEntry("label1", 1L);
        }

        @Test
        void knowsThatWhatWasTakenBackAfterTheHorizonDoesNotCome() throws Exception {
            for (int i = 0; i < 8; i++) {
                run.take(input("x" + i, START)).take(vote("ann", 1, "x" + i, "spam"));
            }
            pass(run, 10);
            for (int i = 0; i < 8; i++) {
                run.take(vote("ann", 2, "x" + i, "ham"));
            }
            pass(run, START + 10 * HOUR, 10);
            for (int i = 0; i < 8; i++) {
                run.take(vote("ann", 3, "x" + i, "spam"));
            }
            pass(run, START + 20 * HOUR, 6);
            for (int i = 0; i < 8; i++) {
                run.take(said("ann", 4, "x" + i, RETRACT));
            }
            assertThat(run.state.cohort(START / HOUR).counts())
                    .returns(0L, CohortCounts::returned)
                    .returns(8L, CohortCounts::expired);

            for (int i = 0; i < 5; i++) {
                run.take(vote("bob", 1, "x" + i, "spam"));
            }
            assertThat(run.state.cohort(START / HOUR).counts())
                    .returns(5L, CohortCounts::returned)
                    .returns(3L, CohortCounts::expired);
        }

        @Test
        void isEstimatedFromWhatIsKnown() throws Exception {
            for (int i = 0; i < 10; i++) {
                run.take(input("x" + i, START + i))
                        .take(Elements.vote("ann", "x" + i, i < 8 ? "ham" : "spam"));
            }
            pass(run, 1);

            assertThat(run.told.of(AdapterQuality.class))
                    .singleElement()
                    .satisfies(
                            quality -> assertThat(quality.getAccuracy()).isCloseTo(.8, within(.01)))
                    .returns(.8, AdapterQuality::getNaiveAccuracy);
        }
    }

    private static void pass(LoopRun run, int hours) throws Exception {
        pass(run, START, hours);
    }

    private static void pass(LoopRun run, long from, int hours) throws Exception {
        for (int i = 1; i <= hours; i++) {
            run.take(input("hour" + i + " after " + from, from + i * HOUR));
        }
    }

    private LabelOutcome outcome(int index) {
        return run.told.of(LabelOutcome.class).get(index);
    }

    private List<String> settled(int outcome) {
        return outcome(outcome).getSettled().stream()
                .map(vote -> vote.getLabelId() + " " + vote.getRevision())
                .toList();
    }

    private List<LabelRequest> requests() {
        return run.told.of(LabelRequest.class);
    }

    private List<LabeledExample> examples() {
        return run.told.of(LabeledExample.class);
    }

    private static Vote vote(String who, String exampleId, String label) {
        return Elements.vote(who, exampleId, label);
    }

    /** A revision of the vote of {@code who}. */
    private static Vote vote(String who, long revision, String exampleId, String label) {
        return Elements.vote(
                who, revision, exampleId, who, VOTE, new Target.Label(label), START + revision);
    }

    private static Vote vote(String labelId, String who, String label, long labeledAt) {
        return Elements.vote(labelId, 1, "x", who, VOTE, new Target.Label(label), labeledAt);
    }

    private static Vote vote(
            String labelId,
            long revision,
            String exampleId,
            String who,
            VoteKind kind,
            Target label) {
        return Elements.vote(labelId, revision, exampleId, who, kind, label, START);
    }

    private static Vote said(String who, long revision, VoteKind kind) {
        return Elements.vote(who, revision, "x", who, kind, null, START + revision);
    }

    private static Vote said(String who, long revision, String exampleId, VoteKind kind) {
        return Elements.vote(who, revision, exampleId, who, kind, null, START + revision);
    }

    private static Vote revised(Vote vote, long labelRevision) {
        return new Vote(
                vote.labelId(),
                vote.revision(),
                vote.exampleId(),
                vote.adapterId(),
                vote.requestId(),
                vote.annotator(),
                vote.kind(),
                vote.label(),
                labelRevision,
                vote.labeledAt(),
                vote.origin());
    }

    private static Vote answering(String requestId, Vote vote) {
        return new Vote(
                vote.labelId(),
                vote.revision(),
                vote.exampleId(),
                vote.adapterId(),
                Optional.of(requestId),
                vote.annotator(),
                vote.kind(),
                vote.label(),
                vote.labelRevision(),
                vote.labeledAt(),
                vote.origin());
    }
}
