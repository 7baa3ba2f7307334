package io.rankstream.job.loop.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.config.settings.SelectionSettings;
import io.rankstream.job.loop.select.Draw;
import io.rankstream.job.loop.select.SelectionAccount;
import io.rankstream.job.loop.select.Selector;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.ClassQuality;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QualityEstimateTest {

    private static final long HOUR = 3_600_000;
    private static final long HORIZON = 24 * HOUR;

    private final TreeMap<Long, Cohort> cohorts = new TreeMap<>();

    /** Inputs of an hour, each stood for by as many as its weight says. */
    private void hour(int hour, int inputs, double probability, boolean asked, boolean right) {
        Cohort cohort = cohorts.getOrDefault(hour * HOUR, Cohort.NONE);
        for (int i = 0; i < inputs; i++) {
            DrawnInput input = new DrawnInput(probability, asked, false, 0, 1, .8);
            cohort = cohort.predicted(input);
            cohort = asked ? cohort.returned(input, Optional.of(truth(right)), 60_000) : cohort;
        }
        cohorts.put(hour * HOUR, cohort);
    }

    private static Truth truth(boolean right) {
        return new Truth(right ? "ham" : "spam", right);
    }

    private void waiting(int hour) {
        cohorts.merge(
                hour * HOUR,
                Cohort.NONE.predicted(new DrawnInput(.5, true, false, 0, 1, .8)),
                Cohort::plus);
    }

    private AdapterQuality estimate(int now) {
        return QualityEstimate.of(cohorts, 0, 48 * HOUR, HOUR, now * HOUR, HORIZON)
                .fill(AdapterQuality.newBuilder(), List.of("spam", "ham", "eggs"))
                .setAdapterId("a")
                .setOpenRequests(0)
                .setBudget(0)
                .setSpent(0)
                .setAnnotators(List.of())
                .build();
    }

    @Test
    void weighsLabelsByWhatTheyStandFor() {
        hour(0, 30, .5, true, false);
        hour(0, 30, .5, false, false);
        hour(0, 30, .1, true, true);
        hour(0, 270, .1, false, true);

        AdapterQuality quality = estimate(1);

        assertThat(quality.getAccuracy()).isCloseTo(300 / 360.0, within(1e-9));
        assertThat(quality.getNaiveAccuracy()).isEqualTo(.5);
        assertThat(quality.getInputs()).isEqualTo(360);
        assertThat(quality.getAsked()).isEqualTo(60);
        assertThat(quality.getReturned()).isEqualTo(60);
        assertThat(quality.getLow()).isLessThan(quality.getAccuracy());
        assertThat(quality.getHigh()).isGreaterThan(quality.getAccuracy());
    }

    @Test
    void knowsExactlyWhatIsAskedOfAll() {
        hour(0, 80, 1, true, true);
        hour(0, 20, 1, true, false);

        AdapterQuality quality = estimate(1);

        assertThat(quality.getAccuracy()).isCloseTo(.8, within(1e-12));
        assertThat(quality.getLow()).isCloseTo(.8, within(1e-12));
        assertThat(quality.getHigh()).isCloseTo(.8, within(1e-12));
        assertThat(quality.getEffectiveLabels()).isCloseTo(100, within(1e-9));
        assertThat(quality.getTrusted()).isTrue();
    }

    @Test
    void isNotSureOfFewLabelsThatAreAllRight() {
        hour(0, 10, .1, true, true);
        hour(0, 90, .1, false, true);

        AdapterQuality quality = estimate(1);

        assertThat(quality.getAccuracy()).isEqualTo(1);
        assertThat(quality.getLow()).isBetween(.6, .8);
        assertThat(quality.getTrusted()).isFalse();
    }

    @Test
    void tellsOfAThousandClassesAtMost() {
        for (int hour = 0; hour < 3; hour++) {
            Cohort cohort = Cohort.NONE;
            for (int i = 0; i < 900; i++) {
                DrawnInput input = new DrawnInput(.5, true, false, 0, 1, .8);
                String label = hour + " label " + i;
                cohort =
                        cohort.predicted(input)
                                .returned(input, Optional.of(new Truth(label, false)), 60_000);
            }
            cohorts.put(hour * HOUR, cohort);
        }

        assertThat(estimate(4).getClasses())
                .hasSize(1000)
                .extracting(ClassQuality::getLabel)
                .startsWith("spam", "ham", "eggs");
    }

    /** An adapter is asked about more often at first, while it is wrong in all. */
    @ParameterizedTest
    @ValueSource(doubles = {.01, .05, .1, .5, 1})
    void weighsTheUniformShareByItsProbability(double budget) {
        Selector selector =
                new Selector(
                        new SelectionSettings(
                                new LabelBudget.Share(budget), .5, LabelUtility.MARGIN, 1000, 7));
        double told = 0;
        for (int run = 0; run < 20; run++) {
            SelectionAccount account = SelectionAccount.NONE;
            Cohort cohort = Cohort.NONE;
            for (int i = 0; i < 2000; i++) {
                Draw draw =
                        selector.draw(
                                "a", run + "-" + i, Map.of("ham", .6f, "spam", .4f), 0, 0, account);
                account = draw.account();
                DrawnInput input = DrawnInput.of(draw, .6);
                cohort = cohort.predicted(input);
                boolean right = i >= 100;
                cohort = cohort.returned(input, Optional.of(truth(right)), 60_000);
            }
            cohorts.put(0L, cohort);
            told += estimate(1).getUniformAccuracy() / 20;
        }
        assertThat(told).isCloseTo(.95, within(.05));
    }

    @Test
    void saysNothingWithoutLabels() {
        waiting(0);

        AdapterQuality quality = estimate(30);

        assertThat(quality.getAccuracy()).isNull();
        assertThat(quality.getLowest()).isNull();
        assertThat(quality.getUniformAccuracy()).isNull();
        assertThat(quality.getDelayP50Ms()).isNull();
        assertThat(quality.getMaturity()).isZero();
        assertThat(quality.getClasses()).allMatch(each -> each.getRecall() == null);
    }

    @Test
    void endsBeforeTheFirstHourThatWaitsForAnAnswer() {
        hour(0, 10, .5, true, true);
        waiting(1);
        hour(2, 30, .5, true, false);

        assertThat(estimate(3).getAccuracy()).isEqualTo(1);
        assertThat(estimate(3).getEstimatedTo().toEpochMilli()).isEqualTo(HOUR);
        assertThat(estimate(3).getMaturity()).isCloseTo(40 / 41.0, within(1e-12));
    }

    @Test
    void takesAnHourThatIsOlderThanTheHorizonWhateverItWaitsFor() {
        hour(0, 10, .5, true, true);
        waiting(1);
        hour(2, 30, .5, true, false);

        assertThat(estimate(26).getAccuracy()).isLessThan(.3);
        assertThat(estimate(26).getEstimatedTo().toEpochMilli()).isEqualTo(48 * HOUR);
    }

    @Test
    void isBoundedByWhatLabelsThatDidNotComeCouldSay() {
        hour(0, 30, .5, true, true);
        hour(0, 10, .5, true, false);
        DrawnInput missing = new DrawnInput(.5, true, false, 0, 1, .8);
        for (int i = 0; i < 10; i++) {
            cohorts.computeIfPresent(
                    0L, (hour, cohort) -> cohort.predicted(missing).expired(missing));
        }

        AdapterQuality quality = estimate(1);

        assertThat(quality.getAccuracy()).isCloseTo(.75, within(1e-12));
        assertThat(quality.getLowest()).isCloseTo(.6, within(1e-12));
        assertThat(quality.getHighest()).isCloseTo(.8, within(1e-12));
        assertThat(quality.getExpired()).isEqualTo(10);
    }

    @Test
    void tellsRecallByLabelInTheOrderOfTheAdapter() {
        hour(0, 20, .5, true, true);
        hour(0, 10, .1, true, false);

        List<ClassQuality> classes = estimate(1).getClasses();

        assertThat(classes)
                .extracting(ClassQuality::getLabel)
                .containsExactly("spam", "ham", "eggs");
        assertThat(classes).extracting(ClassQuality::getLabels).containsExactly(10L, 20L, 0L);
        assertThat(classes).extracting(ClassQuality::getRecall).containsExactly(0.0, 1.0, null);
    }
}
