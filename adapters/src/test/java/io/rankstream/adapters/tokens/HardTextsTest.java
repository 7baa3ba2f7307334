package io.rankstream.adapters.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.text.VisibleText;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a text, a limit and a tokenizer are, the tokens fit, and nothing is thrown. */
class HardTextsTest {

    private static final int[] LIMITS = {
        TextEncoder.LEAST_LIMIT, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 24, 30, 33, 48, 64
    };

    /** Characters of several tokens each, of none, of half a pair, and words without an end. */
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " \t\n",
                    "\u200b",
                    "Who never stops?",
                    "a ".repeat(4) + "\ud83d\ude42".repeat(40),
                    "\ud83d\ude42".repeat(3),
                    "a" + "\ud834\udd60".repeat(30),
                    "\ud83d\udc69\ud83c\udffd\u200d\ud83d\ude80 ".repeat(9),
                    "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66".repeat(7),
                    "e\u0301\u0327\u0323".repeat(25),
                    "\u0301".repeat(30),
                    "\ud83d \ude42 \ud83d".repeat(12),
                    "\ufffd".repeat(20),
                    "\u65e9\u4e0a\u706b\u8f66".repeat(20),
                    "\ufdfa\ufb01\u2126\u1e9b\u0323".repeat(8),
                    "\uac01\u1100\u1161\u11a8".repeat(10),
                    "\u0e33\u0e4d\u0e32 ".repeat(15),
                    "\udbff\udffd\ue000".repeat(10),
                    "x".repeat(1_500),
                    "-".repeat(90),
                    "[SEP]</s><mask>".repeat(10),
                    "The learner never stops. ".repeat(30));

    @TempDir static Path directory;

    static Stream<Path> models() throws IOException {
        TinyBert.small().writeTo(directory);
        Stream.Builder<Path> models = Stream.builder();
        models.add(directory);
        try (Stream<Path> folders = Files.list(resource("/models"))) {
            folders.sorted().forEach(models::add);
        }
        return models.build();
    }

    @ParameterizedTest
    @MethodSource("models")
    void fitAsQuestionsAndPassages(Path model) throws IOException {
        for (int limit : LIMITS) {
            try (TextEncoder encoder = open(model, limit)) {
                for (String question : TEXTS) {
                    for (String passage : List.of(question, TEXTS.get(4), TEXTS.get(21))) {
                        Optional<Tokens> tokens =
                                encoder.read(question, Optional.of(passage), Reading.WINDOWS);

                        tokens.ifPresent(read -> assertWindows(read));
                        assertFits(tokens, limit, VisibleText.isIn(passage), question);
                    }
                }
            }
        }
    }

    /** Each window has tokens of the passage, and ends behind the one before. */
    private static void assertWindows(Tokens tokens) {
        int before = 0;
        for (Tokens window : tokens.windows()) {
            Passage passage = window.passage().orElseThrow();
            int[] ends =
                    IntStream.range(0, window.ids().length)
                            .filter(passage::has)
                            .map(token -> passage.ends()[token])
                            .toArray();
            assertThat(ends).isNotEmpty();
            assertThat(ends[ends.length - 1]).isGreaterThanOrEqualTo(before);
            before = ends[ends.length - 1];
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void fitAsPairs(Path model) throws IOException {
        for (int limit : LIMITS) {
            try (TextEncoder encoder = open(model, limit)) {
                for (String text : TEXTS) {
                    for (String pair : List.of(text, TEXTS.get(0), TEXTS.get(4), TEXTS.get(18))) {
                        for (Reading reading : List.of(Reading.WHOLE, Reading.PLACED)) {
                            assertFits(
                                    encoder.read(text, Optional.of(pair), reading),
                                    limit,
                                    VisibleText.isIn(text + pair),
                                    text);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void fitAlone(Path model) throws IOException {
        for (int limit : LIMITS) {
            try (TextEncoder encoder = open(model, limit)) {
                for (String text : TEXTS) {
                    for (Reading reading : List.of(Reading.WHOLE, Reading.PLACED)) {
                        assertFits(
                                encoder.read(text, Optional.empty(), reading),
                                limit,
                                VisibleText.isIn(text),
                                text);
                    }
                }
            }
        }
    }

    private static void assertFits(
            Optional<Tokens> tokens, int limit, boolean isVisible, String text) {
        if (!isVisible) {
            assertThat(tokens).isEmpty();
        }
        for (Tokens window : tokens.map(Tokens::windows).orElse(List.of())) {
            assertThat(window.ids()).as("'%s' at %d", text, limit).hasSizeBetween(1, limit);
        }
    }

    private static TextEncoder open(Path model, int limit) throws IOException {
        return TextEncoder.open(new ModelSource.Directory(model.toString()), limit);
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(HardTextsTest.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
