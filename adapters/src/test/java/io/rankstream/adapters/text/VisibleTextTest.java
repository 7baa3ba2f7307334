package io.rankstream.adapters.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \t\r\n",
                "\u0000\u0007\u001B\u007F\u0085", // controls
                "\u00A0\u2003\u3000\u2028\u2029", // spaces and separators
                "\u200B\u200D\u2060\uFEFF\u00AD\u202E\u180E", // formats
                "\u034F\u115F\u1160\u3164\uFFA0\u17B4\u17B5\u2800", // blank letters
                "\uFE0F\uDB40\uDD00\uDB40\uDC41", // variation selectors, tags
                "\uD800" // half a pair
            })
    void isNotThere(String text) {
        assertThat(VisibleText.isIn(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", " . ", "\u200B東", "🙂", "\u0000é", "\uE000"})
    void isThere(String text) {
        assertThat(VisibleText.isIn(text)).isTrue();
    }
}
