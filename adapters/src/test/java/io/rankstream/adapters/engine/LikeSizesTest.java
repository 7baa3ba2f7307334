package io.rankstream.adapters.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LikeSizesTest {

    private static final int LIMIT = 1024;

    @Test
    void likeSizesComeTogether() {
        assertThat(split(10, 500, 20, 510)).containsExactly(List.of(510, 500), List.of(20, 10));
    }

    @Test
    void paddingCountsTowardsTheLimit() {
        assertThat(split(400, 10, 10)).containsExactly(List.of(400, 10), List.of(10));
    }

    @Test
    void whatIsBeyondTheLimitIsAGroupOfItsOwn() {
        assertThat(split(5000, 4000, 30))
                .containsExactly(List.of(5000), List.of(4000), List.of(30));
    }

    @Test
    void equalSizesKeepTheirOrder() {
        List<String> all = List.of("second", "fourth", "twelfth", "eighth");

        assertThat(LikeSizes.split(all, String::length, LIMIT))
                .containsExactly(List.of("twelfth", "second", "fourth", "eighth"));
    }

    @Test
    void nothingIsNoGroup() {
        assertThat(split()).isEmpty();
    }

    private static List<List<Integer>> split(Integer... sizes) {
        return LikeSizes.split(List.of(sizes), size -> size, LIMIT);
    }
}
