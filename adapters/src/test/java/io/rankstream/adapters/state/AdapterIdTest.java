package io.rankstream.adapters.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterIdTest {

    private static final Path PUBLISHED = Path.of("/published");

    @ParameterizedTest
    @ValueSource(strings = {"spam", "acme.eu", "acme-eu", "acme_eu", "0", "A.b-c_9", "a."})
    void mayBeAPlainName(String id) {
        assertThat(AdapterId.isValid(id)).isTrue();
    }

    @Test
    void mayHave64CharactersAndNoMore() {
        assertThat(AdapterId.isValid("a".repeat(64))).isTrue();
        assertThat(AdapterId.isValid("a".repeat(65))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../spam",
                "spam/../../etc",
                "a..b",
                "/etc",
                "a/b",
                "a\\b",
                "C:",
                ".hidden",
                "-rf",
                "_spam",
                "~root",
                "spam ",
                "spam\n",
                "spam\r",
                "spam\0",
                "spam\0.safetensors",
                "%2e%2e",
                "${env:HOME}",
                "$(id)",
                "*",
            })
    void isNothingThatAFileSystemOrAShellCouldTakeForMore(String id) {
        assertThat(AdapterId.isValid(id)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sp\u0430m", // a Cyrillic a
                "spam\u200b", // a space of no width
                "spam\u202egnp", // text from right to left
                "\uff0e\uff0e", // full stops of full width, which a normalization makes '..'
                "a\u2215b", // a division slash
                "a\u2024\u2024b", // one dot leaders
                "spa\u0301m", // a combining accent
                "\u0663", // an Arabic digit
                "\u212a", // the sign of Kelvin, which is k in lower case
                "\ud83d\ude00",
                "\ud83d",
            })
    void isNothingThatOnlyLooksLikeAPlainName(String id) {
        assertThat(AdapterId.isValid(id)).isFalse();
    }

    @Property
    void namesAFolderRightBelowItsParent(@ForAll("almostPlain") String id) {
        assertThat(!AdapterId.isValid(id) || isRightBelow(PUBLISHED.resolve(id).normalize()))
                .isTrue();
    }

    @Provide
    Arbitrary<String> almostPlain() {
        return Arbitraries.strings().withChars("ab0._-/").ofMinLength(1).ofMaxLength(6);
    }

    private static boolean isRightBelow(Path folder) {
        return PUBLISHED.equals(folder.getParent());
    }
}
