package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PassSizeTest {

    @Test
    void adaptersOfLikeSizeShareAPass() {
        assertThat(split(10, 500, 20, 510)).containsExactly(List.of(510, 500), List.of(20, 10));
    }

    @Test
    void paddingCountsTowardsTheLimit() {
        assertThat(split(400, 10, 10)).containsExactly(List.of(400, 10), List.of(10));
    }

    @Test
    void moreTokensThanTheLimitAreAPassOfTheirOwn() {
        assertThat(split(5000, 4000, 30))
                .containsExactly(List.of(5000), List.of(4000), List.of(30));
    }

    @Test
    void equalSizesKeepTheirOrder() {
        List<TrainingPass.Part> parts = Stream.of(7, 7, 7).map(PassSizeTest::part).toList();

        assertThat(PassSize.split(parts)).containsExactly(parts);
    }

    @Test
    void nobodyIsNoPass() {
        assertThat(PassSize.split(List.of())).isEmpty();
    }

    private static List<List<Integer>> split(Integer... tokens) {
        return PassSize.split(Stream.of(tokens).map(PassSizeTest::part).toList()).stream()
                .map(pass -> pass.stream().map(TrainingPass.Part::tokens).toList())
                .toList();
    }

    private static TrainingPass.Part part(int tokens) {
        TrainingExample example = new TrainingExample(new int[tokens], 0, false);
        return new TrainingPass.Part(null, List.of(example), null);
    }
}
