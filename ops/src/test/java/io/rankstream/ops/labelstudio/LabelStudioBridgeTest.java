package io.rankstream.ops.labelstudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.ops.labelstudio.api.ApiToken;
import io.rankstream.ops.labelstudio.api.LabelStudioApi;
import io.rankstream.ops.vote.Votes;
import io.rankstream.ops.vote.VotesException;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.RequestReason;
import io.rankstream.schemas.VoteKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bridge makes of requests and annotations, and of all that can go wrong between them. */
class LabelStudioBridgeTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

    private final Topics topics = new Topics();
    private final List<String> said = new ArrayList<>();
    private final List<String> warned = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final Set<Long> rings = new HashSet<>();
    private long nanos;

    private FakeLabelStudio peer;
    private LabelStudioBridge bridge;

    @BeforeEach
    void start() throws IOException {
        peer = new FakeLabelStudio();
        bridge = bridge();
    }

    @AfterEach
    void stop() {
        bridge.close();
        peer.close();
    }

    /** The topics of the job, which outlive every bridge. */
    private static final class Topics {

        private final Deque<LabelRequest> requests = new ArrayDeque<>();
        private final List<LabelRequest> uncommitted = new ArrayList<>();
        private final List<LabelOutcome> outcomes = new ArrayList<>();
        private final List<LabelVote> votes = new ArrayList<>();
        private int failures;
    }

    private LabelStudioBridge bridge() {
        return bridge(false);
    }

    private LabelStudioBridge bridge(boolean once) {
        VoteLog log = new VoteLog();
        topics.votes.forEach(vote -> log.isWritten(vote, Optional.empty()));
        return new LabelStudioBridge(
                new BridgeSettings(
                        peer.address(),
                        ApiToken.of("token"),
                        "mails",
                        OptionalLong.empty(),
                        List.of(),
                        OptionalInt.of(0),
                        Optional.empty(),
                        LOOK_EVERY,
                        false,
                        once),
                new LabelStudioApi(peer.address(), ApiToken.of("token")),
                requests(),
                votes(),
                log,
                bell(),
                new LabelStudioBridge.Surroundings(
                        InstantSource.fixed(NOW),
                        () -> nanos,
                        pauses::add,
                        said::add,
                        warned::add));
    }

    private LabelRequests requests() {
        for (int i = topics.uncommitted.size() - 1; i >= 0; i--) {
            topics.requests.addFirst(topics.uncommitted.get(i));
        }
        topics.uncommitted.clear();
        return new LabelRequests() {
            @Override
            public Polled poll() {
                Polled polled =
                        new Polled(List.copyOf(topics.requests), List.copyOf(topics.outcomes));
                topics.requests.clear();
                topics.outcomes.clear();
                topics.uncommitted.addAll(polled.requests());
                return polled;
            }

            @Override
            public boolean isAtEnd() {
                return topics.requests.isEmpty();
            }

            @Override
            public void check() {}

            @Override
            public boolean hasChangedHands() {
                return false;
            }

            @Override
            public void commit() {
                topics.uncommitted.clear();
            }

            @Override
            public void close() {}
        };
    }

    private Votes votes() {
        return votes -> {
            if (topics.failures > 0) {
                topics.failures--;
                throw new VotesException("the broker does not answer", null);
            }
            topics.votes.addAll(votes);
        };
    }

    private LabelStudioBridge.Bell bell() {
        return new LabelStudioBridge.Bell() {
            @Override
            public Set<Long> rung() {
                Set<Long> rung = Set.copyOf(rings);
                rings.clear();
                return rung;
            }

            @Override
            public Optional<String> url(long project) {
                return Optional.of("http://127.0.0.1:1" + Doorbell.PATH + "now/" + project);
            }

            @Override
            public void close() {}
        };
    }

    @Nested
    class Requests {

        @Test
        void becomeTasksOfTheProjectOfTheirAdapter() throws Exception {
            ask(open("r1", "e1").setAdapterId("spam"));
            ask(open("r2", "e2").setAdapterId("list").setLabels(List.of("dev", "users")));

            bridge.turn();

            assertThat(peer.projects().values())
                    .extracting(
                            project -> project.path("title").asText(),
                            project -> project.path("description").asText())
                    .containsExactly(
                            tuple("mails: list", "Made by Rankstream for adapter list of mails."),
                            tuple("mails: spam", "Made by Rankstream for adapter spam of mails."));
            assertThat(peer.taskOf("r1").path("project").asLong()).isEqualTo(2);
            assertThat(topics.uncommitted).isEmpty();
        }

        @Test
        void showTextMetadataAndWhatTheAdapterSaid() throws Exception {
            ask(
                    open("r1", "e1")
                            .setText("half \uD800 and none \0")
                            .setSuggestion("spam")
                            .setSuggestionProbability(0.75f)
                            .setVersion(12L));

            bridge.turn();

            assertThat(peer.taskOf("r1").path("data").toString())
                    .isEqualTo(
                            "{\"text\":\"half \uFFFD and none"
                                    + " \uFFFD\",\"textPair\":\"\",\"metadata\":{\"from\":\"a\"},\"priority\":1.0,\"reason\":\"UNIFORM\",\"version\":\"12\"}");
            assertThat(peer.taskOf("r1").path("predictions").toString())
                    .isEqualTo(
                            "[{\"model_version\":\"spam\",\"score\":0.75,\"result\":[{\"from_name\":\"label\",\"to_name\":\"text\",\"type\":\"choices\",\"value\":{\"choices\":[\"spam\"]}}]}]");
        }

        @Test
        void withoutASuggestionAreBlind() throws Exception {
            ask(open("r1", "e1"));

            bridge.turn();

            assertThat(peer.taskOf("r1").has("predictions")).isFalse();
        }

        @Test
        void forNumbersAskForNumbers() throws Exception {
            ask(open("r1", "e1").setLabels(List.of()).setSuggestion(2.5));

            bridge.turn();

            assertThat(peer.projects().get(1L).path("label_config").asText())
                    .contains("<Number name=\"label\"");
            assertThat(peer.taskOf("r1").path("predictions").toString()).contains("\"number\":2.5");
        }

        @Test
        void waitForAsManyVotesAsAreWanted() throws Exception {
            ask(open("r1", "e1").setVotesWanted(3));

            bridge.turn();

            assertThat(peer.taskOf("r1").path("overlap").asInt()).isEqualTo(3);
        }

        @Test
        void thatComeTwiceAreAskedOnce() throws Exception {
            ask(open("r1", "e1"));
            bridge.turn();
            ask(open("r1", "e1"));
            bridge.turn();

            assertThat(peer.tasks()).hasSize(1);
        }

        @Test
        void takenBackBeforeTheyWerePushedAreNotPushed() throws Exception {
            ask(open("r1", "e1"));
            ask(cancel("r1", "e1"));
            ask(open("r2", "e2"));

            bridge.turn();

            assertThat(peer.tasks()).hasSize(1);
        }

        @Test
        void thatHaveExpiredAreNotPushed() throws Exception {
            ask(open("r1", "e1").setExpiresAt(NOW.plusSeconds(10)));
            ask(open("r2", "e2").setRequestedAt(NOW.plusSeconds(10)));

            bridge.turn();

            assertThat(peer.tasks()).hasSize(1);
            assertThat(bridge.summary()).contains("1 request expired before it was pushed");
        }

        @Test
        void ofTwoAdaptersOnInputsOfOneNameAreTwo() throws Exception {
            ask(open("e1/1", "e1").setAdapterId("spam"));
            ask(open("e1/1", "e1").setAdapterId("list"));
            ask(open("e2/1", "e2").setAdapterId("spam"));
            ask(cancel("e2/1", "e2").setAdapterId("list"));

            bridge.turn();

            assertThat(peer.tasks().values())
                    .extracting(
                            task -> task.path("meta").path("adapterId").asText(),
                            task -> task.path("meta").path("requestId").asText())
                    .containsExactlyInAnyOrder(
                            tuple("spam", "e1/1"), tuple("list", "e1/1"), tuple("spam", "e2/1"));
        }

        @Test
        void takenBackTakeTheirTaskAway() throws Exception {
            ask(open("r1", "e1"));
            bridge.turn();
            ask(cancel("r1", "e1"));
            bridge.turn();

            assertThat(peer.tasks()).isEmpty();
        }

        @Test
        void settledElsewhereTakeTheirTaskAway() throws Exception {
            ask(open("r1", "e1"));
            ask(open("r2", "e2"));
            bridge.turn();
            settle("spam", "r1");
            settle("list", "r2");
            bridge.turn();

            assertThat(peer.tasks()).hasSize(1);
            assertThat(peer.taskOf("r2").path("is_labeled").asBoolean()).isFalse();
        }

        @Test
        void settledWithVotesFromHereAndElsewhereWaitForNobodyAnyMore() throws Exception {
            ask(open("r1", "e1").setVotesWanted(2));
            bridge.turn();
            peer.annotate("r1", 1, "ham");
            look();
            settle("spam", "r1");
            bridge.turn();

            assertThat(peer.taskOf("r1").path("is_labeled").asBoolean()).isTrue();
            assertThat(topics.votes).hasSize(1);
        }

        @Test
        void settledByVotesFromHereCostNoCall() throws Exception {
            ask(open("r1", "e1"));
            bridge.turn();
            peer.annotate("r1", 1, "ham");
            look();
            int calls = peer.calls().size();
            settle("spam", "r1");
            bridge.turn();

            assertThat(peer.calls()).hasSize(calls);
        }

        @Test
        void thatAreReadAfterTheirOutcomeAreNotPushedAndOneThatIsMadeSinceIs() throws Exception {
            settle("spam", "r1");
            settle("spam", "r2");
            bridge.turn();
            ask(open("r1", "e1"));
            ask(open("r2", "e2").setRequestedAt(NOW.plusSeconds(1)));
            bridge.turn();

            assertThat(peer.tasks()).hasSize(1);
            assertThat(peer.taskOf("r2").path("project").asLong()).isEqualTo(1);
        }

        @Test
        void takenBackLeaveATaskThatSomebodyHasAnswered() throws Exception {
            ask(open("r1", "e1").setVotesWanted(2));
            bridge.turn();
            peer.annotate("r1", 1, "ham");
            ask(cancel("r1", "e1"));
            bridge.turn();

            assertThat(peer.taskOf("r1").path("is_labeled").asBoolean()).isTrue();
            assertThat(peer.taskOf("r1").path("overlap").asInt()).isEqualTo(1);
            assertThat(topics.votes).extracting(LabelVote::getLabel).containsExactly("ham");
        }

        @Test
        void askedAgainGoToOthersThanThoseWhoHaveVotedAndShowNoSuggestion() throws Exception {
            ask(open("r1", "e1").setSuggestion("ham"));
            bridge.turn();
            peer.skip("r1", 3);
            peer.annotate("r1", 1, "spam");
            ask(cancel("r1", "e1"));
            ask(open("r2", "e1").setReason(RequestReason.CONFLICT));
            bridge.turn();

            assertThat(peer.tasks()).hasSize(1);
            assertThat(peer.taskOf("r2").path("overlap").asInt()).isEqualTo(2);
            assertThat(peer.taskOf("r2").path("is_labeled").asBoolean()).isFalse();
            assertThat(peer.taskOf("r2").has("predictions")).isFalse();
            peer.annotate("r2", 2, "ham");
            look();
            assertThat(topics.votes)
                    .extracting(LabelVote::getRequestId, LabelVote::getSuggestionShown)
                    .containsExactly(tuple("r1", true), tuple("r1", true), tuple("r2", false));
        }

        @Test
        void thatLabelStudioRefusesHoldUpNoOther() throws Exception {
            peer.refuse("poison");
            ask(open("r1", "e1"));
            ask(open("r2", "e2").setText("poison"));
            ask(open("r3", "e3"));

            bridge.turn();

            assertThat(peer.tasks()).hasSize(2);
            assertThat(warned)
                    .singleElement()
                    .asString()
                    .startsWith("request 'r2' for example 'e2' of adapter spam is left out: ");
        }
    }

    @Nested
    class Labels {

        @Test
        void thatAreNewAreOfferedAndOldOnesOnlyWhereAnAnnotationHasThem() throws Exception {
            ask(open("r1", "e1").setLabels(List.of("ham", "spam", "old")));
            bridge.turn();
            peer.annotate("r1", 1, "spam");

            ask(open("r2", "e2").setLabels(List.of("ham", "news")).setLabelRevision(2));
            bridge.turn();

            assertThat(peer.projects().get(1L).path("label_config").asText())
                    .contains("\"ham\"", "\"spam\"", "\"news\"")
                    .doesNotContain("\"old\"");
        }

        @Test
        void thatAreTheSameChangeNothing() throws Exception {
            ask(open("r1", "e1"));
            bridge.turn();
            ask(open("r2", "e2"));
            bridge.turn();

            assertThat(peer.calls()).doesNotContain("PATCH projects");
        }
    }

    @Nested
    class Annotations {

        @BeforeEach
        void askOnce() throws Exception {
            ask(open("r1", "e1"));
            bridge.turn();
        }

        @Test
        void becomeVotesWhenTheBellRings() throws Exception {
            peer.annotate("r1", 3, "ham");
            rings.add(1L);
            bridge.turn();

            assertThat(topics.votes)
                    .singleElement()
                    .satisfies(
                            vote -> {
                                assertThat(vote.getExampleId()).isEqualTo("e1");
                                assertThat(vote.getRequestId()).isEqualTo("r1");
                                assertThat(vote.getAnnotator()).isEqualTo("label-studio/user/3");
                                assertThat(vote.getLabel()).isEqualTo("ham");
                                assertThat(vote.getLeadTimeMs()).isEqualTo(1500);
                            });
        }

        @Test
        void thatNobodyRangForAreFoundByLooking() throws Exception {
            peer.annotate("r1", 3, "ham");
            bridge.turn();
            assertThat(topics.votes).isEmpty();

            look();

            assertThat(topics.votes).hasSize(1);
        }

        @Test
        void areFoundAlsoWhereShorterPagesComeThanWereAskedFor() throws Exception {
            ask(open("r2", "e2"));
            ask(open("r3", "e3"));
            bridge.turn();
            peer.listAtMost(1);
            peer.annotate("r1", 1, "ham");
            peer.annotate("r3", 1, "ham");
            look();

            assertThat(topics.votes)
                    .extracting(LabelVote::getRequestId)
                    .containsExactly("r1", "r3");
        }

        @Test
        void areRevisedSkippedAndTakenBack() throws Exception {
            long vote = peer.annotate("r1", 1, "ham");
            peer.skip("r1", 2);
            look();
            peer.change(vote, "spam");
            look();
            peer.deleteAnnotation(vote);
            look();

            assertThat(topics.votes)
                    .extracting(LabelVote::getKind, LabelVote::getLabel)
                    .containsExactly(
                            tuple(VoteKind.VOTE, "ham"),
                            tuple(VoteKind.SKIP, null),
                            tuple(VoteKind.VOTE, "spam"),
                            tuple(VoteKind.RETRACT, null));
            assertThat(topics.votes)
                    .filteredOn(each -> each.getKind() != VoteKind.SKIP)
                    .extracting(LabelVote::getRevision)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }

        @Test
        void submittedTwiceAreTwoVotesOfOneAnnotator() throws Exception {
            peer.annotate("r1", 1, "ham");
            peer.annotate("r1", 1, "ham");
            look();

            assertThat(topics.votes)
                    .extracting(LabelVote::getAnnotator)
                    .containsOnly("label-studio/user/1");
            assertThat(topics.votes).extracting(LabelVote::getLabelId).doesNotHaveDuplicates();
        }

        @Test
        void withALabelThatIsRetiredAreVotesAllTheSame() throws Exception {
            peer.annotate("r1", 1, "retired long ago");
            look();

            assertThat(topics.votes)
                    .extracting(LabelVote::getLabel)
                    .containsExactly("retired long ago");
        }

        @Test
        void ofATaskThatSomebodyDeletedStand() throws Exception {
            peer.annotate("r1", 1, "ham");
            look();
            peer.deleteTask("r1");
            for (int i = 0; i < 60; i++) {
                look();
            }

            assertThat(topics.votes).extracting(LabelVote::getKind).containsExactly(VoteKind.VOTE);
            assertThat(warned)
                    .singleElement()
                    .asString()
                    .startsWith("1 task is gone from project 1 'mails: spam': what was voted");
        }

        @Test
        void onTasksOfOthersAreNoVotes() throws Exception {
            peer.addForeignTask(1);
            look();

            assertThat(topics.votes).isEmpty();
            assertThat(warned).isEmpty();
        }
    }

    @Nested
    class Faults {

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
        void anErrorOfTheServerAtAnyCallLosesNothing(int calls) throws Exception {
            ask(open("r1", "e1").setVotesWanted(2));
            ask(open("r2", "e2"));
            peer.fail(calls, 503);

            bridge.turn();
            bridge.turn();
            for (int i = 0; i < 8; i++) {
                bridge.turn();
            }

            assertThat(peer.tasks()).hasSize(2);
            assertThat(peer.projects()).hasSize(1);
            assertThat(peer.taskOf("r1").path("overlap").asInt()).isEqualTo(2);
            assertThat(topics.uncommitted).isEmpty();
            assertThat(warned).hasSize(1).first().asString().contains("503", "nothing is lost");
            assertThat(said).contains("Works again.");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET version", "GET projects", "POST projects", "GET webhooks",
                    "POST webhooks", "GET tasks", "POST import", "PATCH tasks"
                })
        void aCallWhoseAnswerIsLostIsNotCarriedOutTwice(String call) throws Exception {
            ask(open("r1", "e1").setVotesWanted(2));
            peer.loseAnswerOf(call);

            for (int i = 0; i < 4; i++) {
                bridge.turn();
            }

            assertThat(peer.projects()).hasSize(1);
            assertThat(peer.tasks()).hasSize(1);
            assertThat(peer.taskOf("r1").path("overlap").asInt()).isEqualTo(2);
            assertThat(peer.webhookUrls()).hasSize(1);
        }

        @Test
        void pausesGrow() throws Exception {
            peer.fail(7, 500);
            for (int i = 0; i < 7; i++) {
                bridge.turn();
            }

            assertThat(pauses)
                    .extracting(Duration::toSeconds)
                    .containsExactly(1L, 2L, 4L, 8L, 15L, 15L, 15L);
        }

        @Test
        void aBrokerThatTakesNoVotesIsAskedAgain() throws Exception {
            ask(open("r1", "e1"));
            bridge.turn();
            peer.annotate("r1", 1, "ham");
            topics.failures = 2;
            look();
            look();
            look();

            assertThat(topics.votes).hasSize(1);
            assertThat(warned).hasSize(1).first().asString().contains("broker");
        }

        @Test
        void aTokenThatIsNotLetInEndsIt() {
            peer.fail(1, 401);

            assertThatThrownBy(() -> bridge.turn())
                    .isInstanceOf(BridgeException.class)
                    .hasMessageContaining("401");
        }

        @Test
        void aProjectThatIsDeletedHoldsUpNoOtherAndRetractsNothing() throws Exception {
            ask(open("r1", "e1").setAdapterId("list"));
            ask(open("r2", "e2"));
            bridge.turn();
            peer.annotate("r1", 1, "ham");
            look();
            peer.deleteProject(1);
            peer.annotate("r2", 1, "spam");
            look();
            look();

            assertThat(topics.votes)
                    .extracting(LabelVote::getKind, LabelVote::getAdapterId)
                    .containsExactly(tuple(VoteKind.VOTE, "list"), tuple(VoteKind.VOTE, "spam"));
            assertThat(warned)
                    .singleElement()
                    .asString()
                    .startsWith("answers for adapter list are not seen: project 1 'mails: list'")
                    .contains("is gone", "--from-start");
        }

        @Test
        void aRequestForANumberHoldsUpNoneForLabels() throws Exception {
            ask(open("r1", "e1").setLabels(List.of()));
            ask(open("r2", "e2"));
            ask(open("r3", "e3").setLabels(List.of()));
            bridge.turn();

            assertThat(peer.tasks()).hasSize(1);
            assertThat(peer.taskOf("r2").path("project").asLong()).isEqualTo(1);
            assertThat(warned)
                    .singleElement()
                    .asString()
                    .startsWith("requests of adapter spam for numbers are left out: ")
                    .contains("its control 'label' is <Choices>, expected <Number>");
            assertThat(bridge.summary()).contains("2 requests left out");
            assertThat(topics.uncommitted).isEmpty();
        }

        @Test
        void aConfigurationThatIsRefusedHoldsUpOneAdapterUntilItIsTaken() throws Exception {
            peer.refuseConfigurationsWith("\"bad\"");
            ask(open("r1", "e1").setAdapterId("list").setLabels(List.of("bad", "good")));
            ask(open("r2", "e2"));
            bridge.turn();
            ask(open("r3", "e3").setAdapterId("list").setLabels(List.of("bad", "good")));
            bridge.turn();

            assertThat(peer.tasks()).hasSize(1);
            assertThat(warned)
                    .singleElement()
                    .asString()
                    .startsWith("requests of adapter list for labels are left out: ");

            peer.takeAllConfigurations();
            ask(open("r4", "e4").setAdapterId("list").setLabels(List.of("bad", "good")));
            bridge.turn();

            assertThat(peer.taskOf("r4").path("project").asLong()).isEqualTo(2);
            assertThat(said)
                    .contains("No longer so: requests of adapter list for labels are left out.");
        }

        @Test
        void whatIsLeftOutIsToldByTheEndOfABridgeThatDoesWhatThereIs() {
            bridge = bridge(true);
            ask(open("r1", "e1"));
            ask(open("r2", "e2").setLabels(List.of()));

            assertThatThrownBy(() -> bridge.run())
                    .isInstanceOf(BridgeException.class)
                    .hasMessageStartingWith("requests of adapter spam for numbers are left out");
            assertThat(peer.tasks()).hasSize(1);
        }

        @Test
        void aTaskOfSomebodyElseWithTheIdOfADeletedOneIsLeftAlone() throws Exception {
            ask(open("r1", "e1"));
            bridge.turn();
            peer.deleteTask("r1");
            long id = peer.addForeignTask(1);
            ask(cancel("r1", "e1"));
            ask(open("r2", "e1"));
            bridge.turn();

            assertThat(peer.tasks().get(id).path("data").path("text").asText()).isEqualTo("theirs");
            assertThat(peer.tasks().get(id).has("meta")).isFalse();
            assertThat(peer.taskOf("r2").path("id").asLong()).isNotEqualTo(id);
        }

        @Test
        void whereNoWebhookIsTakenLookingDoes() throws Exception {
            peer.refuseWebhooks();
            ask(open("r1", "e1"));
            ask(open("r2", "e2").setAdapterId("list"));
            bridge.turn();
            peer.annotate("r1", 1, "ham");
            look();

            assertThat(topics.votes).hasSize(1);
            assertThat(warned)
                    .singleElement()
                    .asString()
                    .contains(
                            "there is no webhook, and it is looked for answers every 30 s instead");
        }
    }

    @Nested
    class Restarts {

        @BeforeEach
        void askAndAnswer() throws Exception {
            ask(open("r1", "e1"));
            ask(open("r2", "e2"));
            bridge.turn();
            peer.annotate("r1", 1, "ham");
            look();
        }

        @Test
        void writeNothingAndPushNothingAgain() throws Exception {
            bridge = bridge();
            bridge.turn();

            assertThat(topics.votes).hasSize(1);
            assertThat(peer.tasks()).hasSize(2);
            assertThat(bridge.summary())
                    .isEqualTo(
                            "0 tasks pushed, 0 votes written (0 skips, 0 retractions), 1 task waits"
                                    + " for an answer.");
        }

        @Test
        void findWhatWasSaidAndDeletedMeanwhile() throws Exception {
            peer.deleteAnnotation(1);
            peer.annotate("r2", 1, "spam");

            bridge = bridge();
            bridge.turn();

            assertThat(topics.votes)
                    .extracting(LabelVote::getExampleId, LabelVote::getKind)
                    .containsExactly(
                            tuple("e1", VoteKind.VOTE),
                            tuple("e1", VoteKind.RETRACT),
                            tuple("e2", VoteKind.VOTE));
        }

        @Test
        void betweenPushingAndNotingThatPushNothingTwice() throws Exception {
            topics.uncommitted.add(open("r1", "e1").build());
            topics.uncommitted.add(open("r2", "e2").build());

            bridge = bridge();
            bridge.turn();

            assertThat(peer.tasks()).hasSize(2);
        }

        @Test
        void takeBackWhatAnEarlierStartHasAsked() throws Exception {
            bridge = bridge();
            ask(cancel("r2", "e2"));
            bridge.turn();

            assertThat(peer.tasks()).hasSize(1);
        }

        @Test
        void findTheProjectThoughPeopleHaveGivenItAnotherTitle() throws Exception {
            peer.projects().get(1L).put("title", "Post");

            bridge = bridge();
            ask(open("r3", "e3"));
            bridge.turn();

            assertThat(peer.projects()).hasSize(1);
        }

        @Test
        void takeTheBellsOfEarlierStartsDown() throws Exception {
            peer.addWebhook(1, "http://127.0.0.1:9" + Doorbell.PATH + "before/1");
            peer.addWebhook(1, "http://elsewhere.example/hook");

            bridge = bridge();
            bridge.turn();

            assertThat(peer.webhookUrls())
                    .containsExactlyInAnyOrder(
                            "http://elsewhere.example/hook",
                            "http://127.0.0.1:1" + Doorbell.PATH + "now/1");
        }

        @Test
        void whenTheyAreInterruptedTakeTheirBellDown() {
            Thread.currentThread().interrupt();
            bridge.close();
            assertThat(Thread.interrupted()).isTrue();

            assertThat(peer.webhookUrls()).isEmpty();
        }
    }

    private void ask(LabelRequest.Builder request) {
        topics.requests.add(request.build());
    }

    /** An adapter has its answer, now. */
    private void settle(String adapter, String request) {
        topics.outcomes.add(
                LabelOutcome.newBuilder()
                        .setExampleId("any")
                        .setAdapterId(adapter)
                        .setRequestId(request)
                        .setRevision(1)
                        .setStatus(OutcomeStatus.FINAL)
                        .setVotes(1)
                        .setPredictionStep(0)
                        .setInclusionProbability(0.1)
                        .setUniform(true)
                        .setTrained(true)
                        .setSettled(List.of())
                        .setDecidedAt(NOW)
                        .build());
    }

    /** Time passes until it is looked for changes. */
    private void look() throws Exception {
        nanos += LOOK_EVERY.toNanos();
        bridge.turn();
    }

    private static LabelRequest.Builder open(String request, String example) {
        return LabelRequest.newBuilder()
                .setRequestId(request)
                .setExampleId(example)
                .setAdapterId("spam")
                .setAction(RequestAction.OPEN)
                .setReason(RequestReason.UNIFORM)
                .setText("Text of " + example)
                .setMetadata(Map.of("from", "a"))
                .setLabels(List.of("ham", "spam"))
                .setLabelRevision(1)
                .setInclusionProbability(0.1)
                .setVotesWanted(1)
                .setPriority(1)
                .setRequestedAt(NOW)
                .setExpiresAt(NOW.plus(Duration.ofDays(1)));
    }

    private static LabelRequest.Builder cancel(String request, String example) {
        return open(request, example)
                .setAction(RequestAction.CANCEL)
                .setText("")
                .setLabels(List.of())
                .setVotesWanted(0);
    }
}
