package io.rankstream.job.loop.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.config.settings.SelectionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

    private static final long HOUR = 3_600_000;

    private static SelectionSettings share(double share, double uniform) {
        return new SelectionSettings(
                new LabelBudget.Share(share), uniform, LabelUtility.MARGIN, 1000, 7);
    }

    private static Map<String, Float> said(double ofHam) {
        return Map.of("ham", (float) ofHam, "spam", (float) (1 - ofHam));
    }

    /** Draws of inputs a second apart, none of which is ever answered. */
    private static List<Draw> draws(
            SelectionSettings settings, int inputs, IntFunction<Map<String, Float>> said) {
        Selector selector = new Selector(settings);
        SelectionAccount account = SelectionAccount.NONE;
        List<Draw> draws = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            Draw draw = selector.draw("a", "e" + i, said.apply(i), i * 1000L, 0, account);
            draws.add(draw);
            account = draw.account();
        }
        return draws;
    }

    private static long selected(List<Draw> draws) {
        return draws.stream().filter(Draw::selected).count();
    }

    @Nested
    class TheBudget {

        @ParameterizedTest
        @ValueSource(doubles = {.01, .1, .3})
        void isKeptWhereInputsAreAlike(double share) {
            List<Draw> draws = draws(share(share, .5), 20_000, i -> said(.6));

            assertThat((double) selected(draws)).isCloseTo(share * 20_000, within(60.0));
        }

        @Test
        void isSpentWhereFewInputsAreInDoubt() {
            Random random = new Random(1);
            List<Draw> draws =
                    draws(share(.1, .5), 20_000, i -> said(random.nextInt(50) == 0 ? .5 : .9999));

            assertThat((double) selected(draws)).isBetween(1950.0, 2050.0);
        }

        @Test
        void isKeptWhereDoubtGrowsWithoutEnd() {
            List<Draw> draws =
                    draws(share(.1, .5), 20_000, i -> said(1 - 1e-6 * Math.exp(i * 6e-4)));

            assertThat(selected(draws)).isLessThan(2100);
        }

        @Test
        void ofAllInputsAsksForAll() {
            assertThat(selected(draws(share(1, 1), 1000, i -> said(.5)))).isEqualTo(1000);
        }

        @Test
        void isOverdrawnForTheFirstLabelsAlone() {
            List<Draw> draws = draws(share(.01, .5), 10_000, i -> said(.6));

            assertThat(selected(draws.subList(0, 100))).isBetween(30L, 40L);
            assertThat(selected(draws.subList(0, 10_000))).isBetween(90L, 120L);
        }

        @Test
        void isBalancedWhereAllOfItIsUniform() {
            List<Draw> draws = draws(share(.1, 1), 3000, i -> said(.6));

            assertThat(selected(draws)).isBetween(285L, 320L);
            assertThat(draws).allMatch(draw -> draw.selected() == draw.uniform());
        }

        @Test
        void bearsVotesThatAreAskedForOnceMore() {
            SelectionAccount account = SelectionAccount.NONE.askedAgain();

            assertThat(account.asked()).isEqualTo(1);
            assertThat(account.balance()).isEqualTo(-1);
        }
    }

    @Nested
    class LabelsAnHour {

        private final SelectionSettings settings =
                new SelectionSettings(
                        new LabelBudget.PerHour(10), .5, LabelUtility.MARGIN, 1000, 7);

        private SelectionAccount after(
                SelectionAccount from, long start, int inputs, double milliseconds) {
            Selector selector = new Selector(settings);
            SelectionAccount account = from;
            for (int i = 0; i < inputs; i++) {
                long time = start + (long) (i * milliseconds);
                account = selector.draw("a", start + "-" + i, said(.6), time, 0, account).account();
            }
            return account;
        }

        @ParameterizedTest
        @ValueSource(ints = {20, 100, 5000})
        void areAskedForHoweverManyInputsCome(int inputsAnHour) {
            SelectionAccount account =
                    after(
                            SelectionAccount.NONE,
                            0,
                            100 * inputsAnHour,
                            (double) HOUR / inputsAnHour);

            assertThat(account.asked()).isBetween(920L, 1080L);
        }

        @Test
        void areAllThereAreWhereInputsAreFewer() {
            SelectionAccount account = after(SelectionAccount.NONE, 0, 200, HOUR / 2.0);

            assertThat(account.asked()).isGreaterThan(170);
        }

        @Test
        void ofAQuietNightAreAskedForInTheMorning() {
            SelectionAccount evening = after(SelectionAccount.NONE, 0, 1000, HOUR / 100.0);
            SelectionAccount morning = after(evening, 18 * HOUR, 1000, HOUR / 100.0);

            assertThat(morning.asked() - evening.asked()).isBetween(150L, 200L);
        }

        @Test
        void ofAQuietYearAreThoseOfADay() {
            SelectionAccount before = after(SelectionAccount.NONE, 0, 1000, HOUR / 100.0);
            SelectionAccount later = after(before, 9000 * HOUR, 5000, HOUR / 100.0);

            assertThat(later.asked() - before.asked()).isBetween(600L, 800L);
        }

        /** As where the clock of the first input was wrong. */
        @ParameterizedTest
        @ValueSource(longs = {1, 1000, 1_000_000})
        void areAskedForAlsoAfterTimeHasGoneBack(long hours) {
            SelectionAccount ahead = after(SelectionAccount.NONE, hours * HOUR, 16, HOUR / 100.0);
            SelectionAccount back = after(ahead, 0, 10_000, HOUR / 100.0);

            assertThat(back.asked() - ahead.asked()).isBetween(900L, 1100L);
        }

        @Test
        void leaveEveryInputAChanceWhereAllComeAtOnce() {
            Selector selector = new Selector(settings);
            SelectionAccount account = SelectionAccount.NONE;
            for (int i = 0; i < 5000; i++) {
                Draw draw = selector.draw("a", "e" + i, said(.6), 0, 0, account);
                assertThat(draw.inclusionProbability()).isPositive();
                account = draw.account();
            }
            assertThat(account.asked()).isLessThan(50);
        }
    }

    @Nested
    class ADraw {

        @Test
        void isTheSameWhenItIsRepeated() {
            assertThat(draws(share(.1, .5), 500, i -> said(i % 100 / 100.0)))
                    .isEqualTo(draws(share(.1, .5), 500, i -> said(i % 100 / 100.0)));
        }

        @Test
        void isAnotherWithAnotherSeedAndForAnotherAdapter() {
            Selector selector = new Selector(share(.1, .5));
            Selector other =
                    new Selector(
                            new SelectionSettings(
                                    new LabelBudget.Share(.1), .5, LabelUtility.MARGIN, 1000, 8));
            int alike = 0;
            int ofOther = 0;
            for (int i = 0; i < 1000; i++) {
                SelectionAccount none = SelectionAccount.NONE;
                boolean first = selector.draw("a", "e" + i, said(.5), 0, 0, none).selected();
                alike +=
                        first == selector.draw("b", "e" + i, said(.5), 0, 0, none).selected()
                                ? 1
                                : 0;
                ofOther +=
                        first == other.draw("a", "e" + i, said(.5), 0, 0, none).selected() ? 1 : 0;
            }
            assertThat(alike).isBetween(400, 600);
            assertThat(ofOther).isBetween(400, 600);
        }

        @Test
        void selectsAsOftenAsItsProbabilitySays() {
            Random random = new Random(3);
            List<Draw> draws = draws(share(.1, .5), 50_000, i -> said(random.nextDouble()));

            double expected = draws.stream().mapToDouble(Draw::inclusionProbability).sum();
            assertThat((double) selected(draws))
                    .isCloseTo(expected, within(3 * Math.sqrt(expected)));
            assertThat(draws).allMatch(draw -> draw.inclusionProbability() >= .025);
            assertThat(draws).allMatch(draw -> draw.inclusionProbability() <= 1);
        }

        @Test
        void isUniformForHalfOfTheBudgetWhateverIsSaid() {
            Random random = new Random(3);
            List<Draw> draws =
                    draws(share(.1, .5), 50_000, i -> said(random.nextBoolean() ? .5 : .99));
            List<Draw> uniform = draws.stream().filter(Draw::uniform).toList();

            assertThat(uniform).allMatch(Draw::selected);
            assertThat(uniform.size()).isBetween(2350, 2650);
            assertThat(uniform.stream().filter(draw -> draw.utility() > 1).count())
                    .isBetween(1100L, 1400L);
        }

        @Test
        void prefersWhatIsInDoubt() {
            Random random = new Random(3);
            List<Draw> draws =
                    draws(share(.1, .5), 20_000, i -> said(random.nextBoolean() ? .5 : .95));

            double mean =
                    draws.stream()
                            .filter(draw -> draw.utility() > 1)
                            .mapToDouble(Draw::inclusionProbability)
                            .average()
                            .orElseThrow();
            assertThat(mean).isGreaterThan(.13);
        }

        @Test
        void isUniformAloneWhereNothingWasPredicted() {
            List<Draw> draws = draws(share(.1, .5), 20_000, i -> Map.of());

            assertThat((double) selected(draws)).isCloseTo(2000, within(100.0));
            assertThat(draws).allMatch(draw -> draw.selected() == draw.uniform());
        }

        @Test
        void isUniformAloneWhereWhatWasPredictedIsNoNumber() {
            List<Draw> draws = draws(share(.1, .5), 1000, i -> said(Double.NaN));

            assertThat(draws).allMatch(draw -> draw.selected() == draw.uniform());
            assertThat(draws.get(999).account().meanUtility()).isZero();
        }

        @Test
        void isNoneWhereTooManyRequestsAreOpen() {
            Draw draw =
                    new Selector(share(1, 1))
                            .draw("a", "e", said(.5), 0, 1000, SelectionAccount.NONE);

            assertThat(draw.inclusionProbability()).isZero();
            assertThat(draw.selected()).isFalse();
            assertThat(draw.account().excluded()).isEqualTo(1);
            assertThat(draw.account().inputs()).isZero();
        }
    }

    @Nested
    class ARareLabel {

        /** One input of 100 is rare; the adapter sees that in part. */
        private Map<String, Float> said(boolean rare, Random random) {
            double ofRare = rare ? .2 + .6 * random.nextDouble() : .02;
            double ofFirst = (1 - ofRare) * (random.nextBoolean() ? .85 : .15);
            return new TreeMap<>(
                    Map.of(
                            "first", (float) ofFirst,
                            "second", (float) (1 - ofRare - ofFirst),
                            "rare", (float) ofRare));
        }

        private long rareLabels(int from, boolean told) {
            Random random = new Random(5);
            Selector selector = new Selector(share(.1, .5));
            SelectionAccount account = SelectionAccount.NONE;
            long labels = 0;
            for (int i = 0; i < 20_000; i++) {
                boolean rare = i >= from && random.nextInt(100) == 0;
                Draw draw = selector.draw("a", "e" + i, said(rare, random), 0, 0, account);
                account = draw.account();
                if (draw.selected()) {
                    labels += rare ? 1 : 0;
                    if (told) {
                        account = account.labeled(rare ? "rare" : i % 2 == 0 ? "first" : "second");
                    }
                }
            }
            return labels;
        }

        @Test
        void isAskedForMoreOftenThanItsSharesSays() {
            assertThat(rareLabels(0, true)).isGreaterThan(rareLabels(0, false) * 3 / 2);
        }

        @Test
        void isAskedForMoreOftenWhereItAppearsLate() {
            assertThat(rareLabels(10_000, true)).isGreaterThan(rareLabels(10_000, false) * 3 / 2);
        }

        @Test
        void isRareNoMoreWhenItsLabelsAreTakenBackFromOthers() {
            Map<String, Float> said = said(true, new Random(1));
            SelectionAccount account =
                    SelectionAccount.NONE.labeled("first").labeled("first").labeled("rare");

            assertThat(account.unlabeled("first").unlabeled("first").labels())
                    .containsExactly(Map.entry("rare", 1L));
            assertThat(account.unlabeled("first").rarity(said))
                    .isLessThan(account.unlabeled("rare").rarity(said));
        }
    }

    @ParameterizedTest
    @EnumSource(LabelUtility.class)
    void aUtilityIsNothingForWhatIsCertainAndMostForWhatIsNot(LabelUtility utility) {
        assertThat(utility.of(List.of(1f, 0f, 0f))).isZero();
        assertThat(utility.of(List.of(.4f, .3f, .3f)))
                .isGreaterThan(utility.of(List.of(.8f, .1f, .1f)));
        assertThat(utility.of(List.of(1f))).isGreaterThanOrEqualTo(0).isFinite();
    }

    @Nested
    class SeveralLabels {

        private static final List<Float> SURE = List.of(.99f, .98f, .01f);
        private static final List<Float> ONE_IN_DOUBT = List.of(.99f, .55f, .01f);

        @ParameterizedTest
        @EnumSource(LabelUtility.class)
        void teachMoreWhereOneIsInDoubt(LabelUtility utility) {
            assertThat(utility.ofEach(ONE_IN_DOUBT)).isGreaterThan(utility.ofEach(SURE));
            assertThat(utility.ofEach(List.of(0f, 1f, 1f))).isZero();
        }

        @Test
        void areInDoubtByThemselvesThoughAllAreProbable() {
            assertThat(LabelUtility.MARGIN.ofEach(SURE)).isCloseTo(.04, within(1e-6));
            assertThat(LabelUtility.MARGIN.ofEach(ONE_IN_DOUBT)).isCloseTo(.9, within(1e-6));
            assertThat(LabelUtility.ENTROPY.ofEach(List.of(.5f, .5f))).isCloseTo(1, within(1e-6));
            assertThat(LabelUtility.GRADIENT.ofEach(List.of(.3f, .6f))).isCloseTo(.5, within(1e-6));
        }

        @Test
        void areDrawnByThatDoubt() {
            Selector selector = new Selector(share(.1, .5));
            SelectionAccount account = SelectionAccount.NONE;
            double sure = 0;
            double doubted = 0;
            for (int i = 0; i < 4_000; i++) {
                boolean inDoubt = i % 2 == 0;
                Draw draw =
                        selector.draw(
                                "a",
                                "e" + i,
                                Map.of("late", inDoubt ? .5f : .99f, "broken", .99f),
                                true,
                                i * 1000L,
                                0,
                                account);
                account = draw.account();
                sure = inDoubt ? sure : draw.inclusionProbability();
                doubted = inDoubt ? draw.inclusionProbability() : doubted;
            }

            assertThat(doubted).isGreaterThan(2 * sure);
        }
    }
}
