package io.rankstream.adapters.task.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.Outcomes;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PrequentialScoreTest {

    @Test
    void countsRightPredictions() {
        PrequentialScore score =
                PrequentialScore.empty(2).plus(new int[] {0, 1, 1, 1}, new int[] {0, 1, 0, 1});
        assertThat(score.accuracy()).isEqualTo(0.75);
        assertThat(score.recentAccuracy()).isEqualTo(0.75);
    }

    @Test
    void comparesWithTheMostFrequentLabel() {
        PrequentialScore score =
                PrequentialScore.empty(3).plus(new int[] {2, 2, 0, 1}, new int[] {0, 0, 0, 0});
        assertThat(score.majorityAccuracy()).isEqualTo(0.5);
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        int[] labels = new int[PrequentialScore.WINDOW];
        int[] wrong = new int[PrequentialScore.WINDOW];
        Arrays.fill(wrong, 1);
        PrequentialScore score = PrequentialScore.empty(2).plus(labels, wrong);
        assertThat(score.recentAccuracy()).isZero();

        score = score.plus(new int[250], new int[250]);

        assertThat(score.recentAccuracy()).isEqualTo(0.25);
        assertThat(score.accuracy()).isEqualTo(0.2);
    }

    @Test
    void leavesTheEarlierScoreAsItWas() {
        PrequentialScore before = PrequentialScore.empty(2);
        before.plus(new int[] {0}, new int[] {0});
        assertThat(before).isEqualTo(PrequentialScore.empty(2));
    }

    @Property(tries = 200)
    void countsWhatPartsWouldHaveSaidAsItCountsWhatWasSaid(
            @ForAll @Size(max = 2500) List<Boolean> right,
            @ForAll @IntRange(max = 2500) int before) {
        List<Integer> said = right.stream().map(hit -> hit ? 0 : 1).toList();
        int cut = Math.min(before, said.size());

        PrequentialScore whole = byParts(PrequentialScore.empty(2), said);
        PrequentialScore inTwo =
                byParts(PrequentialScore.empty(2), said.subList(0, cut))
                        .followedBy(
                                byParts(PrequentialScore.empty(2), said.subList(cut, said.size())));

        assertThat(inTwo).isEqualTo(whole);
        assertThat(new Classification().score(whole.fields())).isEqualTo(whole);
        Outcomes words = whole.parts().get(PrequentialScore.WORDS);
        assertThat(words.examples()).isEqualTo(whole.examples());
        assertThat(words.right()).isEqualTo(whole.correct());
        assertThat(words.newest()).isEqualTo(whole.window());
    }

    private static PrequentialScore byParts(PrequentialScore score, List<Integer> said) {
        return score.plus(
                Collections.nCopies(said.size(), 0), said, Map.of(PrequentialScore.WORDS, said));
    }

    @Test
    void tellsNothingOfPartsWhereThereAreNone() {
        PrequentialScore score = PrequentialScore.empty(2).plus(new int[] {0}, new int[] {0});

        assertThat(score.metrics())
                .doesNotContainKeys("exportedAccuracy", "wordsAccuracy", "recentWordsAccuracy");
        assertThat(score.recent("wordsAccuracy", 50)).isEmpty();
    }

    @Property
    void looksBackOnAsManyOfTheNewestExamplesAsAreAskedFor(
            @ForAll @Size(min = 1, max = 2500) List<Boolean> right,
            @ForAll @IntRange(min = 1, max = PrequentialScore.WINDOW) int newest) {
        int[] predicted = right.stream().mapToInt(hit -> hit ? 0 : 1).toArray();

        PrequentialScore score = PrequentialScore.empty(2).plus(new int[right.size()], predicted);

        double expected =
                right.subList(Math.max(0, right.size() - newest), right.size()).stream()
                        .mapToInt(hit -> hit ? 1 : 0)
                        .average()
                        .orElseThrow();
        assertThat(score.recentAccuracy(newest)).isEqualTo(expected);
    }
}
