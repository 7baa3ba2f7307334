package io.rankstream.adapters.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {

    @ParameterizedTest
    @CsvSource({"0, 0 examples", "1, 1 example", "2, 2 examples", "-1, -1 examples"})
    void onlyOneIsSingular(long number, String text) {
        assertThat(Amount.of(number, "example")).isEqualTo(text);
    }

    @Test
    void thousandsAreApart() {
        assertThat(Amount.of(1_234_567, "dead letter matches", "dead letters match"))
                .isEqualTo("1,234,567 dead letters match");
    }
}
