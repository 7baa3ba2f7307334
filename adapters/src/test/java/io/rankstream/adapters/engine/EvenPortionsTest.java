package io.rankstream.adapters.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EvenPortionsTest {

    private static List<List<Integer>> of(List<Integer> sizes, int threads) {
        return EvenPortions.of(sizes, Integer::intValue, threads);
    }

    @Test
    void areOfEqualSizeWhereThatCanBe() {
        assertThat(of(List.of(3, 5, 3, 4, 3), 2)).containsExactly(List.of(5, 3), List.of(4, 3, 3));
    }

    @Test
    void areNoMoreThanThereIsToShare() {
        assertThat(of(List.of(7, 7), 3)).containsExactly(List.of(7), List.of(7));
    }

    @Test
    void areOneIfSomethingLargeKeepsTheOthersWaiting() {
        assertThat(of(List.of(1, 10, 1), 2)).containsExactly(List.of(1, 10, 1));
        assertThat(of(List.of(7, 7), 16)).containsExactly(List.of(7, 7));
    }

    @Test
    void areOneForOneThread() {
        assertThat(of(List.of(3, 4), 1)).containsExactly(List.of(3, 4));
    }

    @Property
    void haveEverythingOnce(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 512) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 20) int threads) {
        assertThat(of(sizes, threads).stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(sizes);
        assertThat(of(sizes, threads)).doesNotContain(List.of());
    }
}
