package io.rankstream.adapters.task.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.tagging.TextWords.Word;
import io.rankstream.adapters.tokens.Passage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TextWordsTest {

    /** Tokens at these places, each up to the next one. */
    private static Passage passage(String text, int... starts) {
        int[] ends = new int[starts.length];
        for (int i = 0; i < starts.length; i++) {
            ends[i] = i + 1 < starts.length ? starts[i + 1] : text.codePointCount(0, text.length());
        }
        return new Passage(text, starts, ends, List.of());
    }

    private static String shown(String text, Word word) {
        return text.substring(
                text.offsetByCodePoints(0, word.start()), text.offsetByCodePoints(0, word.end()));
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("Anna is", new int[] {0, 2, 5}, List.of("Anna", "is")),
                // A token may begin with the blank before its word.
                Arguments.of("Anna is", new int[] {0, 4}, List.of("Anna", "is")),
                Arguments.of("Anna  is", new int[] {0, 5, 6}, List.of("Anna", "is")),
                Arguments.of("😀 Anna", new int[] {0, 1}, List.of("😀", "Anna")),
                Arguments.of("don't!", new int[] {0, 3, 4, 5}, List.of("don", "'", "t", "!")),
                Arguments.of("a.b@c", new int[] {0, 1, 2, 3, 4}, List.of("a", ".", "b", "@", "c")),
                Arguments.of("北京大学", new int[] {0, 1, 2, 3}, List.of("北", "京", "大", "学")),
                // Characters that share a token are one word.
                Arguments.of("北京大学", new int[] {0, 2}, List.of("北京", "大学")),
                Arguments.of("...", new int[] {0}, List.of("...")),
                Arguments.of("(Anna)", new int[] {0, 3, 5}, List.of("(Anna", ")")),
                Arguments.of("e\u0301te\u0301", new int[] {0, 1}, List.of("e\u0301te\u0301")),
                Arguments.of("  ", new int[] {0, 1}, List.of()));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void begin(String text, int[] starts, List<String> words) {
        assertThat(TextWords.of(passage(text, starts)))
                .extracting(word -> shown(text, word))
                .containsExactlyElementsOf(words);
    }

    @Test
    void haveTheirFirstTokenForTheirOwn() {
        assertThat(TextWords.of(passage("Annabel is", 0, 4, 7)))
                .extracting(Word::token)
                .containsExactly(0, 2);
    }

    @Test
    void areNotOfTokensOutside() {
        Passage passage =
                new Passage("Anna", new int[] {-1, 0, -1}, new int[] {-1, 4, -1}, List.of());

        assertThat(TextWords.of(passage)).containsExactly(new Word(0, 4, 1));
    }
}
