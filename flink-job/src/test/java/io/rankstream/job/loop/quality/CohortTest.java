package io.rankstream.job.loop.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class CohortTest {

    private static final DrawnInput ASKED = new DrawnInput(.25, true, false, 0, 1, .8);
    private static final DrawnInput NOT_ASKED = new DrawnInput(.25, false, false, 0, 1, .8);
    private static final Optional<Truth> RIGHT = Optional.of(new Truth("ham", true));
    private static final Optional<Truth> WRONG = Optional.of(new Truth("spam", false));

    private static Cohort asked() {
        return Cohort.NONE.predicted(ASKED);
    }

    private static void assertSame(Cohort cohort, Cohort expected) {
        assertThat(cohort.counts()).isEqualTo(expected.counts());
        for (int i = 0; i < DrawnInput.STRATA; i++) {
            StratumSums sums = cohort.strata().get(i);
            StratumSums others = expected.strata().get(i);
            assertThat(sums.returned()).isEqualTo(others.returned());
            assertThat(sums.classes().keySet()).isEqualTo(others.classes().keySet());
            assertThat(sums.first().right()).isCloseTo(others.first().right(), within(1e-9));
            assertThat(sums.second().weight()).isCloseTo(others.second().weight(), within(1e-9));
        }
    }

    @Test
    void aCorrectionIsAsIfItHadBeenDecidedSoAtFirst() {
        Cohort corrected = asked().returned(ASKED, WRONG, 1000).corrected(ASKED, WRONG, RIGHT);
        Cohort atFirst = asked().returned(ASKED, RIGHT, 1000);

        assertThat(corrected.strata()).isEqualTo(atFirst.strata());
        assertThat(corrected.counts().right()).isEqualTo(1);
        assertThat(corrected.counts().returned()).isEqualTo(1);
        assertThat(corrected.counts().corrected()).isEqualTo(1);
    }

    @Test
    void aRetractionIsAsIfNoLabelHadCome() {
        Cohort retracted = asked().returned(ASKED, RIGHT, 1000).retracted(ASKED, RIGHT);

        assertThat(retracted.strata()).isEqualTo(asked().strata());
        assertThat(retracted.counts()).isEqualTo(asked().counts());
        assertThat(retracted.isSettled()).isFalse();
    }

    @Test
    void aLabelThatNobodyAskedForChangesNoEstimate() {
        Cohort cohort = Cohort.NONE.predicted(NOT_ASKED);

        assertThat(cohort.returned(NOT_ASKED, RIGHT, 1000)).isEqualTo(cohort);
        assertThat(cohort.expired(NOT_ASKED)).isEqualTo(cohort);
    }

    @Test
    void anInputThatCouldNotBeDrawnIsCountedApart() {
        Cohort cohort = Cohort.NONE.predicted(new DrawnInput(0, false, false, 0, 0, .8));

        assertThat(cohort.counts().excluded()).isEqualTo(1);
        assertThat(cohort.counts().inputs()).isZero();
        assertThat(cohort.strata()).isEqualTo(Cohort.NONE.strata());
    }

    @Test
    void anInputWithoutAPredictionIsCountedAndInNoEstimate() {
        DrawnInput unpredicted = new DrawnInput(.5, true, true, .5, 0, Double.NaN);
        Cohort cohort =
                Cohort.NONE.predicted(unpredicted).returned(unpredicted, Optional.empty(), 1000);

        assertThat(cohort.counts().returned()).isEqualTo(1);
        assertThat(cohort.counts().judged()).isZero();
        assertThat(cohort.strata()).isEqualTo(Cohort.NONE.strata());
    }

    @Test
    void anHourIsSettledWhenAllThatWasAskedCameOrExpired() {
        assertThat(Cohort.NONE.isSettled()).isTrue();
        assertThat(asked().isSettled()).isFalse();
        assertThat(asked().returned(ASKED, RIGHT, 0).isSettled()).isTrue();
        assertThat(asked().expired(ASKED).isSettled()).isTrue();
    }

    @Test
    void cohortsAddUpToThatOfAllTheirInputs() {
        Cohort first = Cohort.NONE;
        Cohort second = Cohort.NONE;
        Cohort all = Cohort.NONE;
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            DrawnInput input =
                    new DrawnInput(
                            .1 + .9 * random.nextDouble(),
                            random.nextBoolean(),
                            false,
                            0,
                            random.nextInt(DrawnInput.STRATA),
                            random.nextDouble());
            Optional<Truth> truth = random.nextBoolean() ? RIGHT : WRONG;
            first = i < 200 ? first.predicted(input).returned(input, truth, i) : first;
            second = i < 200 ? second : second.predicted(input).returned(input, truth, i);
            all = all.predicted(input).returned(input, truth, i);
        }

        assertSame(first.plus(second), all);
        assertThat(first.plus(second).delays()).isEqualTo(all.delays());
    }

    @Test
    void labelsThatNobodyConfiguresTakeNoEndOfRoom() {
        Cohort cohort = Cohort.NONE;
        for (int i = 0; i < 1200; i++) {
            cohort = cohort.predicted(ASKED).returned(ASKED, label(i), 1000);
        }
        assertThat(cohort.strata().get(1).classes()).hasSize(StratumSums.MOST_CLASSES);
        assertThat(cohort.counts().returned()).isEqualTo(1200);

        for (int i = 0; i < 1200; i++) {
            cohort = cohort.retracted(ASKED, label(i));
        }
        assertThat(cohort.strata().get(1).classes()).isEmpty();
    }

    private static Optional<Truth> label(int number) {
        return Optional.of(new Truth("label" + number, false));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Cohort cohort =
                asked().returned(ASKED, RIGHT, 5000)
                        .predicted(NOT_ASKED)
                        .predicted(new DrawnInput(1, true, true, 1, 3, .4))
                        .skipped()
                        .conflicted();
        DataOutputSerializer target = new DataOutputSerializer(64);

        CohortSerializer.INSTANCE.serialize(cohort, target);

        assertThat(
                        CohortSerializer.INSTANCE.deserialize(
                                new DataInputDeserializer(target.getCopyOfBuffer())))
                .isEqualTo(cohort);
    }

    /** In format 1, each input of the uniform share stood for itself. */
    @Test
    void whatWasWrittenInFormat1IsRead() throws IOException {
        DataOutputSerializer written = new DataOutputSerializer(64);
        written.writeByte(1);
        for (long count = 1; count <= 12; count++) {
            written.writeLong(count);
        }
        written.writeInt(0);
        written.writeInt(0);

        CohortCounts counts =
                CohortSerializer.INSTANCE
                        .deserialize(new DataInputDeserializer(written.getCopyOfBuffer()))
                        .counts();
        assertThat(counts).isEqualTo(new CohortCounts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12));
    }

    @Test
    void aQuantileOfDelaysIsRightToFivePercent() {
        DelayHistogram delays = DelayHistogram.NONE;
        for (int minutes = 1; minutes <= 1000; minutes++) {
            delays = delays.with(60_000L * minutes);
        }

        assertThat((double) delays.quantile(.5).orElseThrow())
                .isCloseTo(500 * 60_000.0, within(25 * 60_000.0));
        assertThat((double) delays.quantile(.95).orElseThrow())
                .isCloseTo(950 * 60_000.0, within(48 * 60_000.0));
        assertThat(DelayHistogram.NONE.quantile(.5)).isEmpty();
        assertThat(DelayHistogram.NONE.with(-5).quantile(.5)).hasValue(1);
    }

    @Test
    void aDrawThatCannotBeIsRefused() {
        assertThatThrownBy(() -> new DrawnInput(0, true, false, 0, 0, .5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("above 0 if selected");
        assertThatThrownBy(() -> new DrawnInput(1.5, true, false, 0, 0, .5))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DrawnInput(.5, true, false, 0, 4, .5))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
