package io.rankstream.adapters.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LabelSetTest {

    private static final String COMPOSED = "caf\u00e9";
    private static final String DECOMPOSED = "cafe\u0301";

    private final LabelSet abc = LabelSet.of(List.of("a", "b", "c"));

    @Nested
    class AConfiguration {

        @Test
        void inAnotherOrderChangesNothing() {
            LabelSet next = abc.under(List.of("c", "a", "b"), 7);

            assertThat(next.rows()).isEqualTo(abc.rows());
            assertThat(next.revision()).isEqualTo(abc.revision());
        }

        @Test
        void withMoreLabelsAddsRowsBehindTheOthersWhichHaveTakenPartInNoStepYet() {
            LabelSet next = abc.under(List.of("d", "a", "b", "c", "e"), 7);

            assertThat(next.names()).containsExactly("a", "b", "c", "d", "e");
            assertThat(next.rows()).extracting(Label::idle).containsExactly(0L, 0L, 0L, 7L, 7L);
            assertThat(next.revision()).isEqualTo(2);
        }

        @Test
        void withFewerLabelsRetiresTheOthersAndKeepsTheirRows() {
            LabelSet next = abc.under(List.of("c", "a"), 7);

            assertThat(next.names()).containsExactly("a", "b", "c");
            assertThat(next.active()).containsExactly("a", "c");
            assertThat(next.retired()).containsExactly("b");
            assertThat(next.activeRows()).containsExactly(0, 2);
        }

        @Test
        void thatNamesARetiredLabelAgainTakesItsRowBackIntoUse() {
            LabelSet next = abc.under(List.of("a", "c"), 7).after(5).under(List.of("b", "a"), 12);

            assertThat(next.active()).containsExactly("a", "b");
            assertThat(next.rows()).extracting(Label::idle).containsExactly(0L, 5L, 0L);
            assertThat(next.revision()).isEqualTo(3);
        }

        @Test
        void renamesByRetiringAndAdding() {
            LabelSet next = abc.under(List.of("a", "b", "C"), 7);

            assertThat(next.active()).containsExactly("a", "b", "C");
            assertThat(next.retired()).containsExactly("c");
        }

        @Test
        void thatHasNotChangedLeavesWhatCommandsDid() {
            LabelSet commanded = abc.with(List.of("d"), 7).without(List.of("a"));

            assertThat(commanded.under(List.of("b", "a", "c"), 8).active())
                    .containsExactly("b", "c", "d");
        }

        @Test
        void changesWhatHasChangedInItAndNothingElse() {
            LabelSet commanded = abc.with(List.of("d"), 7).without(List.of("a"));

            LabelSet next = commanded.under(List.of("a", "b", "e"), 8);

            assertThat(next.active()).containsExactly("b", "d", "e");
            assertThat(next.retired()).containsExactly("a", "c");
        }

        @Test
        void thatCatchesUpWithACommandChangesNothing() {
            LabelSet commanded = abc.with(List.of("d"), 7);

            LabelSet next = commanded.under(List.of("a", "b", "c", "d"), 8);

            assertThat(next.rows()).isEqualTo(commanded.rows());
            assertThat(next.revision()).isEqualTo(commanded.revision());
            assertThat(next.under(List.of("a", "b", "c"), 8).active())
                    .containsExactly("a", "b", "c");
        }

        @Test
        void inAnotherUnicodeFormIsTheSameLabelUnderTheNewSpelling() {
            LabelSet next = LabelSet.of(List.of("a", DECOMPOSED)).under(List.of("a", COMPOSED), 3);

            assertThat(next.names()).containsExactly("a", COMPOSED);
            assertThat(next.rows()).extracting(Label::idle).containsOnly(0L);
        }
    }

    @Nested
    class ALabel {

        @Test
        void isFoundInEitherUnicodeForm() {
            LabelSet labels = LabelSet.of(List.of("a", COMPOSED));

            assertThat(labels.indexOf(DECOMPOSED)).isEqualTo(1);
            assertThat(labels.isActive(DECOMPOSED)).isTrue();
            assertThat(labels.without(List.of(DECOMPOSED)).retired()).containsExactly(COMPOSED);
            assertThat(labels.with(List.of(DECOMPOSED), 1)).isEqualTo(labels);
        }

        @Test
        void rests() {
            LabelSet labels = abc.without(List.of("b")).after(3).after(4);

            assertThat(labels.rows()).extracting(Label::idle).containsExactly(0L, 7L, 0L);
        }
    }

    @Nested
    class AReturnToAnEarlierState {

        @Test
        void keepsTheLabelsOfThePresent() {
            LabelSet present = abc.with(List.of("d"), 7).without(List.of("a"));

            LabelSet returned = abc.keeping(present, 2);

            assertThat(returned.active()).containsExactly("b", "c", "d");
            assertThat(returned.retired()).containsExactly("a");
            assertThat(returned.rows()).extracting(Label::idle).containsExactly(0L, 0L, 0L, 2L);
            assertThat(returned.revision()).isEqualTo(present.revision());
        }

        @Test
        void remembersARetiredLabelThatWasNotThereYet() {
            LabelSet present = abc.with(List.of("d"), 7).without(List.of("d"));

            assertThat(abc.keeping(present, 2).retired()).containsExactly("d");
        }
    }

    @Test
    void aNewAdapterHasExactlyTheLabelsOfItsConfiguration() {
        LabelSet elsewhere = abc.with(List.of("d"), 7).without(List.of("b"));

        LabelSet own = elsewhere.exactly(List.of("e", "b", "c"), 9);

        assertThat(own.active()).containsExactly("b", "c", "e");
        assertThat(own.configured()).containsExactly("e", "b", "c");
        assertThat(own.revision()).isEqualTo(1);
    }
}
