package io.rankstream.adapters.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CardTextTest {

    private static final Pattern LONG_ESCAPE = Pattern.compile("\\\\U([0-9a-f]{8})");

    /** Every character, and more often those that end a literal, a cell or a line somewhere. */
    @Provide
    static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("\"'\\`|<>*_#-:{}[]\n\r\t \u0000\u0085\u2028\u202e\ufeff\ud83d\ude00é中")
                .all()
                .ofMaxLength(20);
    }

    @Property
    void aLiteralIsOneLineAndStandsForTheText(@ForAll("texts") String text) throws IOException {
        String literal = CardText.python(text);

        assertThat(literal.lines()).hasSize(1);
        // A literal of JSON but for the long escape.
        Matcher matcher = LONG_ESCAPE.matcher(literal);
        String json =
                matcher.replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        inJson(Integer.parseUnsignedInt(found.group(1), 16))));
        assertThat(new ObjectMapper().readValue(json, String.class)).isEqualTo(text);
    }

    @Property
    void aScalarOfYamlHasNoHalfOfASurrogatePair(@ForAll("texts") String text) {
        assertThat(CardText.yaml(text)).doesNotContainPattern("\\\\u[dD][89a-fA-F]");
    }

    @Property
    void aCellIsOneLineWithoutMarkUp(@ForAll("texts") String text) {
        String cell = CardText.markdown(text);

        assertThat(cell).doesNotContain("\n", "\r", "\u2028", "\u202e");
        assertThat(cell.replaceAll("\\\\.", ""))
                .doesNotContainPattern("[|<*`$~\\[\\\\]")
                .doesNotContainPattern("(?<![\\p{L}\\p{Nd}])_|_(?![\\p{L}\\p{Nd}])");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sentence-transformers/all-MiniLM-L6-v2",
                "BAAI/bge-small-en-v1.5",
                "my_model_2",
                "B-PER",
                "Is it? Yes! (50%, 'maybe'); a=b+c, R & D",
                "1. or - or + or > or # in a line: all the same",
                "C#",
                "a]"
            })
    void aNameWithoutMarkUpStaysWhatItIs(String name) {
        assertThat(CardText.markdown(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "_a_, \\_a\\_",
        "a*b, a\\*b",
        "&lt;, \\&lt;",
        "&#60;, \\&#60;",
        "https://a.b, https\\://a.b",
        "www.a.b, www\\.a.b",
        "a@b.c, a\\@b.c",
        "~a~, \\~a\\~",
        "![a](b), !\\[a](b)",
        "$a$, \\$a\\$"
    })
    void whatWouldBeMarkUpIsShown(String text, String shown) {
        assertThat(CardText.markdown(text)).isEqualTo(shown);
    }

    @Test
    void lettersOfEveryScriptStayReadable() {
        assertThat(CardText.python("Ärger 中文 😀")).isEqualTo("\"Ärger 中文 😀\"");
        assertThat(CardText.python("a\u202eb\n\"")).isEqualTo("\"a\\u202eb\\n\\\"\"");
        assertThat(CardText.markdown("a|b <i>\n")).isEqualTo("a\\|b \\<i>\\\\n");
    }

    private static String inJson(int codePoint) {
        StringBuilder escapes = new StringBuilder();
        for (char c : Character.toChars(codePoint)) {
            escapes.append("\\u%04x".formatted((int) c));
        }
        return escapes.toString();
    }
}
