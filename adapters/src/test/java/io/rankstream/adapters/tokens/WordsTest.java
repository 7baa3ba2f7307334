package io.rankstream.adapters.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Hello, world!   | hello world
                    HELLO\tWorld    | hello world
                    world hello     | hello world
                    don't           | don t
                    a_b c-d         | a_b c d
                    Straße          | straße
                    5 of 5 stars    | 5 5 of stars
                    नमस्ते दुनिया       | नमस्ते। दुनिया
                    """)
    void areRunsOfLettersAndDigitsInSmallLettersInNoOrder(String text, String same) {
        assertThat(Words.of(text)).isEqualTo(Words.of(same));
    }

    @Test
    void countAsOftenAsTheyStandThere() {
        assertThat(Words.of("well well")).hasSize(2);
        assertThat(Words.of("well well")[0]).isEqualTo(Words.of("well well")[1]);
    }

    @Test
    void areSingleCharactersInAScriptWithoutSpaces() {
        assertThat(Words.of("我要退款")).hasSize(4);
        assertThat(Words.of("ab我cd")).hasSize(3);
        assertThat(Words.of("𠀀𠀁")).hasSize(2);
        assertThat(Words.of("これはペン")).hasSize(5);
        assertThat(Words.of("ภาษา")).hasSize(4);
        assertThat(Words.of("葛\uFE00城")).hasSize(2);
    }

    @Test
    void areTheSameInAnyFormOfUnicode() {
        assertThat(Words.of("cafe\u0301")).isEqualTo(Words.of("café"));
    }

    @Test
    void haveHashesOfTheirOwnHoweverShortTheyAre() {
        String letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
        String words =
                letters.chars()
                        .boxed()
                        .flatMap(
                                first ->
                                        letters.chars()
                                                .mapToObj(
                                                        second ->
                                                                ""
                                                                        + (char) (int) first
                                                                        + (char) second))
                        .collect(Collectors.joining(" "));

        assertThat(Arrays.stream(Words.of(words)).distinct().count())
                .isEqualTo((long) letters.length() * letters.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \t\n", "?!...", "\u200b", "\ud800"})
    void areNoneOfATextWithoutLettersAndDigits(String text) {
        assertThat(Words.of(text)).isEmpty();
    }

    @Test
    void areBoundedInNumberHoweverLongTheText() {
        assertThat(Words.of("word ".repeat(100_000))).hasSize(Words.MOST);
    }

    @Test
    void ofAPairAreToldApartByTheTextTheyStandIn() {
        int[] pair = Words.of("same words", "same words");

        assertThat(pair).hasSize(4);
        assertThat(Arrays.stream(pair).distinct().count()).isEqualTo(4);
        assertThat(Words.of("a b", "c")).isNotEqualTo(Words.of("c", "a b"));
    }
}
