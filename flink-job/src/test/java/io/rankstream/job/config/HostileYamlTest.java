package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.Environment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No text of a configuration file is more than errors of one short sentence each. */
class HostileYamlTest {

    private static final String VALID =
            """
            kafka.bootstrap-servers: localhost:9092
            registry.url: http://localhost:8081
            publish.directory: /tmp/adapters
            training.labels: [ham, spam]
            """;

    /** Words of the parsers, which no user knows. */
    private static final List<String> INTERNALS =
            List.of(
                    "Event",
                    "snakeyaml",
                    "jackson",
                    "StreamRead",
                    "Constraints",
                    "<block",
                    "<stream",
                    "<document",
                    "token",
                    "scalar",
                    "Exception",
                    "indentation indicators");

    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of("3,000 mappings deep", deep(3_000, "  ", "a:\n")),
                Arguments.of("60 mappings deep", deep(60, " ", "a:\n")),
                Arguments.of("3,000 lists deep", "a: " + "[".repeat(3_000) + "]".repeat(3_000)),
                Arguments.of("900,000 lists open", "a: " + "[".repeat(900_000)),
                Arguments.of("3,000 mappings in braces", "{a: ".repeat(3_000) + "}".repeat(3_000)),
                Arguments.of("3,000 list items in a line", "a:\n " + "- ".repeat(3_000) + "x"),
                Arguments.of("3,000 dots", VALID + "a.".repeat(3_000) + "a: 1"),
                Arguments.of("a million laughs", laughs()),
                Arguments.of("an anchor of itself", "a: &a [*a]"),
                Arguments.of("an alias of nothing", "a: *nobody"),
                Arguments.of("a merge", "a: &a {b: 1}\nc:\n  <<: *a"),
                Arguments.of("a tag of a class", "a: !!javax.script.ScriptEngineManager [x]"),
                Arguments.of("a tab", "kafka:\n\tgroup-id: x"),
                Arguments.of("binary", VALID + "kafka.group-id: \u0000\u0001"),
                Arguments.of("a lone surrogate", VALID + "kafka.group-id: \ud800"),
                Arguments.of("a control character", VALID + "kafka.group-id: \"\u0007\""),
                Arguments.of("a key of 900,000 letters", VALID + "a".repeat(900_000) + ": 1"),
                Arguments.of("a scalar of 900,000", VALID + "batch.linger: " + "1".repeat(900_000)),
                Arguments.of("a file of two million", "#".repeat(2_000_000)),
                Arguments.of("a key of lists", "? [a, b]\n: c"),
                Arguments.of("a key of null", "~: c"),
                Arguments.of("the same key a thousand times", "kafka.group-id: x\n".repeat(1_000)),
                Arguments.of("two documents", VALID + "---\n" + VALID),
                Arguments.of("a list", "- a\n- b"),
                Arguments.of("a directive", "%YAML 9.9\n---\na: b"),
                Arguments.of("an open quote", "a: \"b"),
                Arguments.of("an open single quote", "a: 'b\nc: d"),
                Arguments.of("a quote across documents", "a: \"b\n---\nc\""),
                Arguments.of("an open list", "a: [b, c"),
                Arguments.of("an open mapping", "a: {b: c"),
                Arguments.of("a bracket that closes nothing", "a: ]"),
                Arguments.of("a comma first", "a: ,b"),
                Arguments.of("two colons", "a: b: c"),
                Arguments.of("a key without a colon", "a\nb: c"),
                Arguments.of("a line too far in", "a: b\n  c: d"),
                Arguments.of("a line between two levels", "a:\n    b: c\n  d: e"),
                Arguments.of("a list and a key", "- a\nb: c"),
                Arguments.of("an item behind its key", "a: - b"),
                Arguments.of("a key behind a key", "'a' b: c"),
                Arguments.of("a character of YAML's own", "a: @b"),
                Arguments.of("a percent sign", "a: %b"),
                Arguments.of("an unknown escape", "a: \"\\q\""),
                Arguments.of("a key of mappings", "? {a: b}\n: c"),
                Arguments.of("an alias without a name", "a: **b"),
                Arguments.of("an anchor without a name", "a: &"),
                Arguments.of("an open tag", "a: !<x"),
                Arguments.of("an undefined tag", "a: !foo!bar x"),
                Arguments.of("a block that begins in its line", "a: |x\n b"),
                Arguments.of("text behind the end", "a: b\n...\nc"),
                Arguments.of("a byte order mark in the middle", "a: b\n\ufeffc: d"),
                Arguments.of("a number of 2,000 digits", VALID + "seed: " + "1".repeat(2_000)),
                Arguments.of("nothing", ""),
                Arguments.of("a comment alone", "# a: b"),
                Arguments.of("a word", "hello"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    @Timeout(20)
    void isErrorsOfOneShortSentenceEach(String name, String yaml) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e ->
                                assertThat(e.errors())
                                        .isNotEmpty()
                                        .allSatisfy(
                                                error ->
                                                        assertThat(error.toString())
                                                                .doesNotContain("\n")
                                                                .doesNotContain(INTERNALS)
                                                                .hasSizeLessThan(1_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    @Timeout(20)
    void whatCannotBeReadIsOneErrorAlone(String name, String yaml) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.errors()).hasSize(1));
    }

    static Stream<Arguments> unreadable() {
        Set<String> names =
                Set.of(
                        "3,000 mappings deep",
                        "3,000 lists deep",
                        "900,000 lists open",
                        "3,000 mappings in braces",
                        "3,000 list items in a line",
                        "a tab",
                        "a file of two million",
                        "a list",
                        "an open quote");
        return hostile().filter(arguments -> names.contains(arguments.get()[0]));
    }

    @Property(tries = 2_000)
    void anyTextIsAConfigurationOrErrors(@ForAll String text) {
        try {
            parse(VALID + text);
        } catch (ConfigException e) {
            assertThat(e.errors()).isNotEmpty();
        }
    }

    private static void parse(String yaml) throws ConfigException {
        ConfigFile.parse(yaml, "job.yaml", new Environment(Map.<String, String>of()::get));
    }

    private static String deep(int levels, String indent, String line) {
        return IntStream.range(0, levels)
                .mapToObj(level -> indent.repeat(level) + line)
                .collect(Collectors.joining());
    }

    private static String laughs() {
        StringBuilder yaml = new StringBuilder("l0: &l0 [ha, ha]\n");
        for (int level = 1; level < 30; level++) {
            yaml.append("l%d: &l%d [*l%d, *l%d]\n".formatted(level, level, level - 1, level - 1));
        }
        return yaml.toString();
    }
}
