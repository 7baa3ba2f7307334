package io.rankstream.ops.labelstudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VoteLogTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final String SCOPE = "label-studio/7-1/2-3/";
    private static final TaskMeta TASK = new TaskMeta("r", "e", "spam", 4, true, 1, false, false);

    private final VoteLog log = new VoteLog();

    @Test
    void anAnnotationIsOneVote() {
        List<LabelVote> missing = missing(vote(5, "ham", NOW));

        assertThat(missing)
                .containsExactly(
                        LabelVote.newBuilder()
                                .setLabelId("label-studio/7-1/2-3/5")
                                .setRevision(micros(NOW))
                                .setExampleId("e")
                                .setAdapterId("spam")
                                .setRequestId("r")
                                .setAnnotator("label-studio/user/1")
                                .setKind(VoteKind.VOTE)
                                .setLabel("ham")
                                .setLabelRevision(4)
                                .setSuggestionShown(true)
                                .setLeadTimeMs(900L)
                                .setSource("label-studio")
                                .setLabeledAt(NOW)
                                .build());
    }

    @Test
    void whatIsWrittenIsNotWrittenAgainHoweverOftenItIsSaid() {
        write(missing(vote(5, "ham", NOW)));

        assertThat(missing(vote(5, "ham", NOW))).isEmpty();
        assertThat(missing(vote(5, "ham", NOW.plusSeconds(9)))).isEmpty();
    }

    @Test
    void aChangedAnnotationIsANewRevision() {
        write(missing(vote(5, "ham", NOW)));

        assertThat(missing(vote(5, "spam", NOW.plusSeconds(9))))
                .singleElement()
                .satisfies(
                        vote -> {
                            assertThat(vote.getLabel()).isEqualTo("spam");
                            assertThat(vote.getRevision()).isEqualTo(micros(NOW.plusSeconds(9)));
                        });
    }

    @Test
    void aRevisionRisesThoughAClockGoesBack() {
        write(missing(vote(5, "ham", NOW)));

        assertThat(missing(vote(5, "spam", NOW.minusSeconds(9))))
                .extracting(LabelVote::getRevision)
                .containsExactly(micros(NOW) + 1);
    }

    @Test
    void aDeletedAnnotationIsRetractedOnce() {
        write(missing(vote(5, "ham", NOW)));

        List<LabelVote> retraction = missing();
        write(retraction);

        assertThat(retraction)
                .singleElement()
                .satisfies(
                        vote -> {
                            assertThat(vote.getKind()).isEqualTo(VoteKind.RETRACT);
                            assertThat(vote.getLabel()).isNull();
                            assertThat(vote.getAnnotator()).isEqualTo("label-studio/user/1");
                            assertThat(vote.getRevision()).isEqualTo(micros(NOW) + 1);
                        });
        assertThat(missing()).isEmpty();
    }

    @Test
    void theSameHoldsForWhatAnEarlierStartWrote() {
        List<LabelVote> votes = missing(vote(5, "ham", NOW), vote(6, "ham", NOW));
        VoteLog later = new VoteLog();
        votes.forEach(vote -> later.isWritten(vote, Optional.empty()));
        votes.forEach(vote -> later.isWritten(vote, Optional.empty()));

        assertThat(later.missing(TASK, SCOPE, List.of(vote(6, "ham", NOW)), NOW))
                .extracting(LabelVote::getLabelId, LabelVote::getKind)
                .containsExactly(tuple(SCOPE + "5", VoteKind.RETRACT));
    }

    @Test
    void anOlderRevisionThatComesLaterIsNotTheNewest() {
        LabelVote first = missing(vote(5, "ham", NOW)).get(0);
        write(List.of(first));
        write(missing(vote(5, "spam", NOW.plusSeconds(9))));
        write(List.of(first));

        assertThat(missing(vote(5, "spam", NOW.plusSeconds(9)))).isEmpty();
    }

    @Test
    void votesOfAnotherTaskOfTheInputAreNotTouched() {
        write(missing(vote(5, "ham", NOW)));

        assertThat(log.missing(TASK, "label-studio/7-1/9-9/", List.of(), NOW)).isEmpty();
    }

    @Test
    void votesOfOtherSystemsAreNotTouched() {
        LabelVote other =
                LabelVote.newBuilder(missing(vote(5, "ham", NOW)).get(0))
                        .setSource("console")
                        .build();
        log.isWritten(other, Optional.empty());

        assertThat(missing()).isEmpty();
    }

    @Test
    void aCorrectionAnswersTheRequestThatTheVoteAnswered() {
        write(missing(vote(5, "ham", NOW)));
        TaskMeta askedAgain = new TaskMeta("r2", "e", "spam", 4, false, 1, false, false);

        List<LabelVote> missing =
                log.missing(
                        askedAgain,
                        SCOPE,
                        List.of(vote(5, "spam", NOW.plusSeconds(1)), vote(6, "ham", NOW)),
                        NOW);

        assertThat(missing)
                .extracting(LabelVote::getRequestId, LabelVote::getSuggestionShown)
                .containsExactly(tuple("r", true), tuple("r2", false));
    }

    @Test
    void whatTheTopicHasForgottenIsNotWrittenAgain() {
        LabelVote kept =
                LabelVote.newBuilder(missing(vote(1, "ham", NOW)).get(0))
                        .setExampleId("kept")
                        .build();
        log.isWritten(kept, Optional.of(NOW));

        assertThat(missing(vote(5, "ham", NOW.minus(Duration.ofDays(2))))).isEmpty();
        assertThat(missing(vote(6, "ham", NOW.minus(Duration.ofHours(2))))).hasSize(1);
    }

    private List<LabelVote> missing(Annotation... annotations) {
        return log.missing(TASK, SCOPE, List.of(annotations), NOW);
    }

    private void write(List<LabelVote> votes) {
        votes.forEach(vote -> log.isWritten(vote, Optional.empty()));
    }

    private static Annotation vote(long id, String label, Instant time) {
        return new Annotation(
                id,
                "label-studio/user/1",
                VoteKind.VOTE,
                label,
                micros(time),
                OptionalLong.of(900));
    }

    private static long micros(Instant time) {
        return TimeUnit.SECONDS.toMicros(time.getEpochSecond());
    }
}
