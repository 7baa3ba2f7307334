package io.rankstream.job.loop.vote;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.Records;
import io.rankstream.job.record.VoteRule;
import io.rankstream.schemas.VoteKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Votes that say several labels, or spans. */
class VotedListsTest {

    private static final RawRecord RECORD = Records.raw(new byte[] {1});
    private static final String COMPOSED = "sp\u00e4t";
    private static final String DECOMPOSED = "spa\u0308t";
    private static final Target NOTHING = list();
    private static final Target NAME = new Target.Span(0, 4, "name");

    @Nested
    class Verdicts {

        @Test
        void countVotesAlikeWhateverTheOrderOfTheirMembers() {
            Verdict verdict =
                    Verdict.of(
                            List.of(
                                    cast("ann", labels("late", "broken")),
                                    cast("bob", labels("broken", "late")),
                                    cast("eve", labels("late"))));

            assertThat(verdict).isEqualTo(new Verdict.Said(labels("broken", "late"), 2f / 3));
        }

        @Test
        void takeNoneForAnAnswer() {
            assertThat(Verdict.of(List.of(cast("ann", NOTHING), cast("bob", list(NAME)))))
                    .isInstanceOf(Verdict.Tied.class);
            assertThat(Verdict.of(List.of(cast("ann", NOTHING))))
                    .isEqualTo(new Verdict.Said(NOTHING, 1));
        }
    }

    @Nested
    class Rules {

        static Stream<Target> bad() {
            return Stream.of(
                    labels("late", "late"),
                    labels("late", " "),
                    list(NAME, NAME),
                    list(new Target.Span(4, 2)),
                    new Target.Span(0, 2, ""),
                    list(
                            Stream.iterate(0, i -> i + 1)
                                    .limit(1_001)
                                    .map(i -> new Target.Span(i, i + 1))
                                    .toArray(Target[]::new)));
        }

        @ParameterizedTest
        @MethodSource("bad")
        void refuse(Target label) {
            assertThat(VoteRule.ofContent("VOTE", "ann", label))
                    .singleElement()
                    .asString()
                    .contains("a list of at most 1,000 labels or parts, each once");
        }

        static Stream<Target> good() {
            return Stream.of(
                    NOTHING,
                    labels(COMPOSED, DECOMPOSED),
                    list(NAME, new Target.Span(0, 4, "town"), new Target.Span(0, 4)),
                    new Target.Span(2, 2));
        }

        @ParameterizedTest
        @MethodSource("good")
        void take(Target label) {
            assertThat(VoteRule.ofContent("VOTE", "ann", label)).isEmpty();
        }
    }

    @Nested
    class Checks {

        static Stream<Arguments> fitting() {
            return Stream.of(
                    Arguments.of(NOTHING, labels("late")),
                    Arguments.of(labels("late"), NOTHING),
                    Arguments.of(labels("late"), labels("broken", "late")),
                    Arguments.of(list(NAME), NOTHING),
                    Arguments.of(NAME, list(NAME, new Target.Span(6, 9, "name"))),
                    Arguments.of(NAME, NOTHING),
                    Arguments.of(NOTHING, NAME));
        }

        @ParameterizedTest
        @MethodSource("fitting")
        void takeWhatTheAdapterCouldSay(Target predicted, Target said) {
            assertThat(check(predicted, said)).isEqualTo(new VoteCheck.Checked.Fits(vote(said)));
        }

        static Stream<Arguments> misfits() {
            return Stream.of(
                    Arguments.of(new Target.Label("late"), labels("late"), "says a list of labels"),
                    Arguments.of(labels("late"), new Target.Label("late"), "expected a list"),
                    Arguments.of(labels("late"), list(NAME), "expected a list of labels"),
                    Arguments.of(labels("late"), NAME, "says a span"),
                    Arguments.of(new Target.Numeric(1), NOTHING, "expected a number"),
                    Arguments.of(NOTHING, labels("late", "lost"), "says the label 'lost'"),
                    Arguments.of(NOTHING, new Target.Span(0, 2, "lost"), "says the label 'lost'"),
                    Arguments.of(NOTHING, labels(COMPOSED, DECOMPOSED), "twice, in two spellings"));
        }

        @ParameterizedTest
        @MethodSource("misfits")
        void refuseWhatItCouldNot(Target predicted, Target said, String why) {
            assertThat(check(predicted, said))
                    .isInstanceOfSatisfying(
                            VoteCheck.Checked.Misfit.class,
                            misfit -> assertThat(misfit.why()).contains(why));
        }

        @Test
        void spellLabelsAsTheAdapterDoes() {
            assertThat(check(NOTHING, labels(DECOMPOSED, "broken")))
                    .isEqualTo(new VoteCheck.Checked.Fits(vote(labels("broken", COMPOSED))));
            assertThat(check(NOTHING, list(new Target.Span(0, 4, DECOMPOSED))))
                    .isEqualTo(
                            new VoteCheck.Checked.Fits(
                                    vote(list(new Target.Span(0, 4, COMPOSED)))));
        }

        private static VoteCheck.Checked check(Target predicted, Target said) {
            return new VoteCheck(
                            List.of("late", "broken", "name", COMPOSED), 0, Optional.of(predicted))
                    .check(vote(said));
        }
    }

    @Test
    void aCopyMaySpellItsLabelsInAnotherWay() {
        assertThat(
                        vote(labels(COMPOSED, "broken"))
                                .contradictionTo(vote(labels("broken", DECOMPOSED))))
                .isEmpty();
        assertThat(vote(labels("late")).contradictionTo(vote(labels("late", "broken"))))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("'[late]'", "'[broken, late]'"));
        assertThat(vote(labels("late")).contradictionTo(vote(NOTHING))).isPresent();
    }

    private static Target labels(String... names) {
        return list(Stream.of(names).map(Target.Label::new).toArray(Target[]::new));
    }

    private static Target list(Target... members) {
        return new Target.Several(List.of(members));
    }

    private static CastVote cast(String annotator, Target label) {
        return new CastVote(
                annotator, 1, annotator, VoteKind.VOTE, Optional.of(label), 7, 0, false, false);
    }

    private static Vote vote(Target label) {
        return new Vote(
                "v",
                1,
                "x",
                "acme",
                Optional.empty(),
                "ann",
                VoteKind.VOTE,
                Optional.of(label),
                0,
                7,
                RECORD);
    }
}
