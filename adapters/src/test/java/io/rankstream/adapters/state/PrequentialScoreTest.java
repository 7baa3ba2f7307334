package io.rankstream.adapters.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
}
