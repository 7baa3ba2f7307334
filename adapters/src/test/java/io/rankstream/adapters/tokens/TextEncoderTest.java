package io.rankstream.adapters.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextEncoderTest {

    private static final int CLS = 101;
    private static final int SEP = 102;
    private static final int LIMIT = 128;
    private static final int LONG = 10_000_000;

    private static TextEncoder encoder;

    @BeforeAll
    static void open() throws ModelLoadException {
        encoder = TextEncoder.open(new ModelSource.Embedded(), LIMIT);
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    @Test
    void tellsTheTokenForWhatTheVocabularyDoesNotHave() throws ModelLoadException {
        int unknown = TextEncoder.unknownToken(new ModelSource.Embedded()).orElseThrow();

        assertThat(encoder.encode("\uA66E").ids()).containsExactly(CLS, unknown, SEP);
    }

    /** The tokens of a text alone. */
    private static Tokens tokens(String text) {
        return encoder.encode(text).withWords(new int[0]);
    }

    @Test
    void findsTheWordsOfTheWholeTextHoweverFewItsTokensMayBe() {
        String text = "some words ".repeat(500) + "late";

        assertThat(encoder.encode(text).words()).isEqualTo(Words.of(text));
        assertThat(encoder.encode("a text", "its pair").words())
                .isEqualTo(Words.of("a text", "its pair"));
    }

    @Nested
    class AShortText {

        @Test
        void getsItsKnownIdsWithoutPadding() {
            assertThat(tokens("hello world"))
                    .isEqualTo(new Tokens(new int[] {CLS, 7592, 2088, SEP}, false));
            assertThat(tokens("Hello, World!"))
                    .isEqualTo(new Tokens(new int[] {CLS, 7592, 1010, 2088, 999, SEP}, false));
        }

        @Test
        void isTheSpecialTokensAloneWhenItShowsNothing() {
            for (String text : new String[] {"", " \t\r\n", "\u200b\u200d\u00ad\ufeff", "\u0000"}) {
                assertThat(tokens(text)).isEqualTo(new Tokens(new int[] {CLS, SEP}, false));
            }
        }

        @Test
        void losesInvisibleCharactersAndAccents() {
            assertThat(encoder.encode("h\u200be\u00adl\u0301lo\u00a0wo\u0000rld\ufffd").ids())
                    .containsExactly(CLS, 7592, 2088, SEP);
        }

        @Test
        void mayHoldHalfASurrogatePair() {
            assertThat(encoder.encode("hello \ud83d world \ude00").ids())
                    .containsExactly(CLS, 7592, 2088, SEP);
            assertThat(tokens("\ud83d hello \ud83d\ude00")).isEqualTo(tokens("hello \ud83d\ude00"));
        }
    }

    @Nested
    class TheLimit {

        @Test
        void isKeptWithTheSpecialTokensInIt() {
            Tokens tokens = encoder.encode("hello ".repeat(200));

            assertThat(tokens.truncated()).isTrue();
            assertThat(tokens.ids()).hasSize(LIMIT).startsWith(CLS, 7592).endsWith(7592, SEP);
        }

        @Test
        void isNotReachedByATextThatJustFits() {
            Tokens fits = encoder.encode("hello ".repeat(LIMIT - 2));
            Tokens exceeds = encoder.encode("hello ".repeat(LIMIT - 1));

            assertThat(fits.truncated()).isFalse();
            assertThat(exceeds.truncated()).isTrue();
            assertThat(fits.ids()).isEqualTo(exceeds.ids()).hasSize(LIMIT);
        }

        @Test
        void isEightToTheModelsPositions() throws ModelLoadException {
            ModelSource embedded = new ModelSource.Embedded();
            try (TextEncoder smallest = TextEncoder.open(embedded, 8);
                    TextEncoder largest = TextEncoder.open(embedded, 512)) {
                assertThat(smallest.encode("hello ".repeat(7)).ids())
                        .containsExactly(CLS, 7592, 7592, 7592, 7592, 7592, 7592, SEP);
                assertThat(largest.encode("hello ".repeat(600)).ids()).hasSize(512);
            }
            for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, 1, 2, 3, 7, 513}) {
                assertThatThrownBy(() -> TextEncoder.open(embedded, limit))
                        .isInstanceOf(ModelLoadException.class)
                        .hasMessage(
                                "the token limit is %d, expected 8 to 512, as many as sentence-transformers/all-MiniLM-L6-v2 has places for: set model.max-length so",
                                limit);
            }
        }

        @Test
        void isRefusedWithTheFileThatSetsIt(@TempDir Path directory) throws IOException {
            ModelSource source = TinyBert.small().writeTo(directory);
            int longest = TinyBert.small().bertConfig().maxTokens();

            assertThatThrownBy(() -> TextEncoder.open(source, longest + 1))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessage(
                            "the token limit is %d, expected 8 to %d, as many as %s has places for: set model.max-length so",
                            longest + 1, longest, directory.resolve("config.json"));
        }

        @Test
        void leavesRoomForBothTextsOfAPair(@TempDir Path directory) throws IOException {
            ModelSource source = TinyBert.small().writeTo(directory);
            ObjectNode json =
                    (ObjectNode)
                            new ObjectMapper()
                                    .readTree(directory.resolve("tokenizer.json").toFile());
            ObjectNode processor = json.putObject("post_processor");
            processor.put("type", "TemplateProcessing");
            processor.putArray("single").addAll(template("[CLS] $A [SEP]"));
            processor
                    .putArray("pair")
                    .addAll(template("[CLS] $A [SEP] [SEP] [SEP] [SEP] $B [SEP] [SEP] [SEP]"));
            ObjectNode tokens = processor.putObject("special_tokens");
            for (String token : new String[] {"[CLS]", "[SEP]"}) {
                ObjectNode entry = tokens.putObject(token).put("id", token);
                entry.putArray("ids").add(json.get("model").get("vocab").get(token).asInt());
                entry.putArray("tokens").add(token);
            }
            Files.writeString(directory.resolve("tokenizer.json"), json.toString());

            assertThatThrownBy(() -> TextEncoder.open(source, 9))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessage(
                            "the token limit is 9, but %s puts 8 special tokens around a pair of texts, expected a limit of 10 or more: raise model.max-length",
                            directory.resolve("tokenizer.json"));
            TextEncoder.open(source, 10).close();
        }

        private List<JsonNode> template(String parts) {
            return Stream.of(parts.split(" "))
                    .map(
                            part ->
                                    new ObjectMapper()
                                            .createObjectNode()
                                            .<JsonNode>set(
                                                    part.startsWith("$")
                                                            ? "Sequence"
                                                            : "SpecialToken",
                                                    new ObjectMapper()
                                                            .createObjectNode()
                                                            .put("id", part.replace("$", ""))
                                                            .put("type_id", 0)))
                    .toList();
        }
    }

    @Nested
    class ALongText {

        @Test
        void getsTheIdsOfTheWholeText() throws IOException {
            SplittableRandom random = new SplittableRandom(11);
            try (HuggingFaceTokenizer whole = wholeTextTokenizer()) {
                for (int round = 0; round < 400; round++) {
                    int length = round % 2 == 0 ? 900 : 3000;
                    String text = strangeText(random, length + random.nextInt(7 * length));

                    Encoding expected = whole.encode(text);

                    assertThat(tokens(text))
                            .as("round %d", round)
                            .isEqualTo(
                                    new Tokens(
                                            Arrays.stream(expected.getIds())
                                                    .mapToInt(Math::toIntExact)
                                                    .toArray(),
                                            expected.exceedMaxLength()));
                }
            }
        }

        @Test
        void mayBeTenMegabytesOfAnything() {
            for (String unit :
                    new String[] {
                        "hello world ",
                        " ",
                        "\n",
                        "\u00a0",
                        "\u200b",
                        "a",
                        "a\u0301",
                        "中",
                        "\ud83d\ude00",
                        "-",
                        "\ud83d",
                        "[SEP]"
                    }) {
                String text = unit.repeat(LONG / unit.length());

                Tokens tokens =
                        Assertions.assertTimeout(
                                Duration.ofSeconds(60), () -> encoder.encode(text), unit);

                assertThat(tokens.ids()).hasSizeBetween(2, LIMIT).startsWith(CLS).endsWith(SEP);
            }
        }

        @Test
        void isReadBeyondPagesOfNothing() {
            String nothing = " ".repeat(1_000_000) + "\u200b".repeat(1_000_000);

            assertThat(tokens("hello" + nothing + " world" + nothing))
                    .isEqualTo(new Tokens(new int[] {CLS, 7592, 2088, SEP}, false));
        }

        @Test
        void isMarkedWhenAWordOfManyThousandCharactersCutsIt() {
            Tokens tokens = tokens("a".repeat(LONG) + " hello");

            assertThat(tokens).isEqualTo(new Tokens(new int[] {CLS, 100, SEP}, true));
        }

        /** Words, long words, blanks, invisible characters and wide scripts in any order. */
        private String strangeText(SplittableRandom random, int length) {
            String[] units = {
                "hello",
                "Überraschung",
                " ",
                "\n\n",
                "\t",
                "\u200b",
                "中",
                "x".repeat(150),
                "\ud83d\ude00",
                "!?",
                "  ".repeat(700),
                "\u200b".repeat(900),
                "\u00a0",
                "e\u0301"
            };
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                text.append(units[random.nextInt(units.length)]).append(" ");
            }
            return text.toString();
        }

        private HuggingFaceTokenizer wholeTextTokenizer() throws IOException {
            try (var json =
                    TextEncoderTest.class
                            .getClassLoader()
                            .getResourceAsStream("all-minilm-l6-v2-tokenizer.json")) {
                return HuggingFaceTokenizer.newInstance(
                        json, Map.of("truncation", "true", "maxLength", "128", "padding", "false"));
            }
        }
    }

    @Nested
    class ATokenizerFile {

        @TempDir Path directory;

        @Test
        void doesNotImposeItsOwnTruncationAndPadding() throws IOException {
            ModelSource source = TinyBert.small().writeTo(directory);
            int[] expected;
            try (TextEncoder encoder = TextEncoder.open(source, 8)) {
                expected = encoder.encode("hello world order price ".repeat(2)).ids();
            }
            ObjectNode json = json();
            json.putObject("truncation")
                    .put("direction", "Left")
                    .put("max_length", 4)
                    .put("strategy", "OnlySecond")
                    .put("stride", 1);
            json.putObject("padding")
                    .put("direction", "Left")
                    .put("pad_id", 0)
                    .put("pad_type_id", 0)
                    .put("pad_token", "[PAD]")
                    .put("pad_to_multiple_of", 8)
                    .putObject("strategy")
                    .put("Fixed", 32);
            write(json.toString());

            try (TextEncoder encoder = TextEncoder.open(source, 8)) {
                assertThat(encoder.encode("hello world order price ".repeat(2)).ids())
                        .isEqualTo(expected);
                assertThat(encoder.encode("hello").ids()).hasSize(3);
            }
        }

        @Test
        void isRefusedWithIdsThatTheModelHasNot() throws IOException {
            ModelSource source = TinyBert.small().writeTo(directory);
            int vocabulary = TinyBert.small().bertConfig().vocabSize();
            ObjectNode json = json();
            json.withArray("added_tokens")
                    .addObject()
                    .put("id", vocabulary)
                    .put("content", "[NEW]")
                    .put("special", true);
            write(json.toString());

            assertThatThrownBy(() -> TextEncoder.open(source, 8))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageEndingWith(
                            "tokenizer.json knows the token id %d, expected ids below the model's"
                                    + " vocab_size %d",
                            vocabulary, vocabulary);
        }

        @Test
        void isRefusedWhenItIsMissingOrNone() throws IOException {
            ModelSource source = TinyBert.small().writeTo(directory);

            write("{");
            assertThatThrownBy(() -> TextEncoder.open(source, 8))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("tokenizer.json is not JSON");

            write("[]");
            assertThatThrownBy(() -> TextEncoder.open(source, 8))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("tokenizer.json is no JSON object");

            write("{\"model\":{\"type\":\"None\"}}");
            assertThatThrownBy(() -> TextEncoder.open(source, 8))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("tokenizer.json has no model.vocab, expected ids");

            Files.delete(directory.resolve("tokenizer.json"));
            assertThatThrownBy(() -> TextEncoder.open(source, 8))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("tokenizer.json does not exist");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        {"model_type": "t5"} | says model_type 't5', expected 'bert' or
                        {"model_type": 5}    | says model_type 5, expected a text
                        {"model_type"        | is not JSON
                        []                   | is no JSON object, expected one
                        """)
        void isNotLookedAtBeforeTheModelIsOneThatIsRead(String config, String sentence)
                throws IOException {
            Files.writeString(directory.resolve("config.json"), config);
            Files.writeString(directory.resolve("tokenizer_config.json"), "[]");
            for (String tokenizer : new String[] {"[]", "{}"}) {
                write(tokenizer);
                assertThatThrownBy(
                                () ->
                                        TextEncoder.open(
                                                new ModelSource.Directory(directory.toString()), 8))
                        .isInstanceOf(ModelLoadException.class)
                        .hasMessageStartingWith(directory.resolve("config.json") + " " + sentence);
            }
        }

        private ObjectNode json() throws IOException {
            return (ObjectNode)
                    new ObjectMapper().readTree(directory.resolve("tokenizer.json").toFile());
        }

        private void write(String json) throws IOException {
            Files.writeString(directory.resolve("tokenizer.json"), json);
        }
    }
}
