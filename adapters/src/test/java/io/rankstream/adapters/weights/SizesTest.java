package io.rankstream.adapters.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {

    @Test
    void lengthsAddUp() {
        assertThat(Sizes.sum("tokens", new int[] {2, 0, 3})).isEqualTo(5);
    }

    /** Their sum in 32 bits may be one that looks right. */
    @ParameterizedTest
    @CsvSource({"5, -3, 1", "-1, 2, 0", "2147483647, 2147483647, 8", "2147483647, 1, 0"})
    void lengthsThatNoArraysHaveAreRefused(int first, int second, int third) {
        assertThatThrownBy(() -> Sizes.sum("tokens", new int[] {first, second, third}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokens are ");
    }
}
