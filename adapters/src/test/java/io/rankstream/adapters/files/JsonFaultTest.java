package io.rankstream.adapters.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonFaultTest {

    /** Words of the parser, which no user knows. */
    private static final List<String> INTERNALS =
            List.of(
                    "StreamRead",
                    "JsonRead",
                    "Source",
                    "Feature",
                    "CTRL",
                    "token",
                    "marker",
                    "com.");

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of("{\"a\": nul}", " at line 1, column 10: found nul, expected a text"),
                Arguments.of("a: b", "found a, expected a text in double quotes"),
                Arguments.of("{\"a\": \"b", "it ends before what was begun is closed"),
                Arguments.of("{\"a\": 1", "it ends before what was begun is closed"),
                Arguments.of("{\"a\"", "it ends before what was begun is closed"),
                Arguments.of("{} []", "there is more after its end"),
                Arguments.of("{}}", "found '}', which closes nothing"),
                Arguments.of("[1,", "it ends before what was begun is closed"),
                Arguments.of(
                        "{\"a\": 1\n\"b\":2}",
                        " at line 2, column 1: found '\"', expected a comma"),
                Arguments.of("[1 2]", "found '2', expected a comma or ']'"),
                Arguments.of("{\"a\":1,}", "found '}', expected a field's name in double quotes"),
                Arguments.of("[1,]", "found ']', expected a text"),
                Arguments.of("{'a':1}", "found ''', expected a field's name in double quotes"),
                Arguments.of("{a:1}", "found 'a', expected a field's name in double quotes"),
                Arguments.of("{\"a\" 1}", "found '1', expected a colon"),
                Arguments.of("{\"a\":\"b\nc\"}", "a text holds a line break, a tab or another"),
                Arguments.of("{\"a\":\"b\tc\"}", "a text holds a line break, a tab or another"),
                Arguments.of("{\"a\":\"\\x\"}", "found \\x in a text"),
                Arguments.of("{\"a\":\"\\u12g4\"}", "found 'g', expected four hexadecimal digits"),
                Arguments.of("{\"a\":[1}", "found '}', expected ']'"),
                Arguments.of("]", "found ']', which closes nothing"),
                Arguments.of("{\"a\":NaN}", "found NaN, which is no number in JSON"),
                Arguments.of("{\"a\":-Infinity}", "found -Infinity, which is no number"),
                Arguments.of("{\"a\":+1}", "a number is not written as in JSON"),
                Arguments.of("{\"a\":012}", "a number is not written as in JSON"),
                Arguments.of("{\"a\":1.}", "a number is not written as in JSON"),
                Arguments.of("{\"a\":1e}", "a number is not written as in JSON"),
                Arguments.of("{\"a\":-}", "a number is not written as in JSON"),
                Arguments.of("{\"a\":.5}", "found '.', expected a text"),
                Arguments.of("{/*x*/\"a\":1}", "found '/', expected a text"),
                Arguments.of("# x", "found '#', expected a text"),
                Arguments.of("<a/>", "found '<', expected a text"),
                Arguments.of("{\"a\":\u0000}", "found a control character"),
                Arguments.of(
                        "{\"a\":" + "1".repeat(1_500) + "}",
                        ": a number has more than 1000 digits"),
                Arguments.of(
                        "[".repeat(1_500),
                        ": objects and lists lie deeper in each other than 1000"),
                Arguments.of(
                        "{\"" + "n".repeat(60_000) + "\":1}",
                        ": a field's name has more than 50000"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void isToldInPlainWords(String text, String told) {
        assertThat(faultOf(text)).contains(told).hasSizeLessThan(250);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void namesNoPartOfTheParser(String text, String told) {
        assertThat(faultOf(text)).doesNotContain(INTERNALS).doesNotContain("\n");
    }

    @Test
    void ofAFieldOfAnotherTypeNamesTheField() {
        JsonProcessingException failure =
                catchThrowableOfType(
                        JsonProcessingException.class,
                        () -> JSON.readValue("{\"a\": {\"b\": \"x\"}}", Outer.class));

        assertThat(JsonFault.of(failure))
                .contains("the field a.b is not known, or not of the type that is expected")
                .doesNotContain("Outer");
    }

    /** Something with a field in a field. */
    record Outer(Inner a) {}

    /** Something with a field. */
    record Inner(int b) {}

    @Property(tries = 1_000)
    void ofAnyTextIsOneShortLine(@ForAll String text) {
        for (String broken : List.of(text, "{" + text, "[" + text, "{\"a\":" + text)) {
            try {
                JSON.readTree(broken);
            } catch (JsonProcessingException e) {
                assertThat(JsonFault.of(e)).doesNotContain("\n").hasSizeLessThan(300);
            }
        }
    }

    private static String faultOf(String text) {
        return JsonFault.of(
                catchThrowableOfType(JsonProcessingException.class, () -> JSON.readTree(text)));
    }
}
