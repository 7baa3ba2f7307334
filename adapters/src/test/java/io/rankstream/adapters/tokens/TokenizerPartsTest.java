package io.rankstream.adapters.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a tokenizer.json that is not what it should be, a sentence tells the file and the part. */
class TokenizerPartsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> MODELS =
            List.of(
                    "BERT",
                    "tiny-roberta",
                    "tiny-xlm-roberta",
                    "tiny-distilbert",
                    "tiny-mpnet",
                    "tiny-deberta-v2",
                    "tiny-deberta-v3",
                    "tiny-modernbert");

    private static final List<String> PARTS =
            List.of(
                    "version",
                    "added_tokens",
                    "normalizer",
                    "pre_tokenizer",
                    "post_processor",
                    "decoder",
                    "model",
                    "truncation",
                    "padding");

    @TempDir Path directory;

    static Stream<Arguments> parts() {
        return MODELS.stream()
                .flatMap(
                        model ->
                                PARTS.stream()
                                        .flatMap(
                                                part ->
                                                        Stream.of("null", "5", "\"x\"", "{}", "[]")
                                                                .map(
                                                                        value ->
                                                                                Arguments.of(
                                                                                        model, part,
                                                                                        value))));
    }

    /** It is read all the same where the part may be missing, or is made anew. */
    @ParameterizedTest
    @MethodSource("parts")
    void mayHaveAnyValueInAnyPart(String model, String part, String value) throws IOException {
        write(model, part, JSON.readTree(value));

        assertIsReadOrTold(part);
    }

    @ParameterizedTest
    @MethodSource("parts")
    void mayHaveAnyValueInAnyPartWhereItCountsAsItIs(String model, String part, String value)
            throws IOException {
        write(model, part, JSON.readTree(value));
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}");

        assertIsReadOrTold(part);
    }

    private void assertIsReadOrTold(String part) {
        try (TextEncoder encoder = TextEncoder.open(source(), 16)) {
            for (Reading reading : Reading.values()) {
                assertThat(encoder.read("the caf\u00e9 \ue000", Optional.of("the the"), reading))
                        .isPresent();
            }
        } catch (ModelLoadException e) {
            assertThat(e.getMessage())
                    .contains(directory.resolve("tokenizer.json").toString(), part, ", expected ");
        }
    }

    /** What the library ends the process at, or reads only until a text has what is missing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    tiny-deberta-v3  | normalizer/normalizers/0/pattern/Regex    | ""     | says normalizer
                    tiny-deberta-v3  | normalizer/normalizers/0/pattern/Regex    | "x*"   | says normalizer
                    tiny-deberta-v3  | normalizer/normalizers/0/pattern          | {"String": ""} | says normalizer
                    tiny-xlm-roberta | normalizer/precompiled_charsmap           | null   | says normalizer
                    tiny-xlm-roberta | normalizer/precompiled_charsmap           | "AAAA" | says normalizer
                    tiny-xlm-roberta | normalizer/precompiled_charsmap           | "?"    | says normalizer
                    tiny-modernbert  | post_processor/single/0/SpecialToken/id   | "x"    | says post_processor
                    tiny-modernbert  | post_processor/pair/2/SpecialToken/id     | "x"    | says post_processor
                    tiny-modernbert  | post_processor/pair/1/Sequence/type_id    | 4294967295 | says post_processor
                    tiny-modernbert  | post_processor/special_tokens/[SEP]/tokens| []     | says post_processor
                    tiny-modernbert  | post_processor/special_tokens/[SEP]/ids   | [99999] | adds the token id 99999
                    tiny-modernbert  | post_processor/pair                       | []     | puts something else than special tokens
                    tiny-modernbert  | model/continuing_subword_prefix           | "[UNK]" | says model.merges
                    tiny-modernbert  | model/vocab/the                           | 4294967295 | says model.vocab of 'the'
                    tiny-modernbert  | added_tokens/0/special                    | "x"    | says added_tokens
                    tiny-modernbert  | added_tokens/0/id                         | -1     | says added_tokens
                    tiny-modernbert  | added_tokens/0/content                    | ""     | says added_tokens
                    tiny-modernbert  | model/vocab/the                           | 5      | expected an id that no other token has, as
                    tiny-modernbert  | added_tokens/0/id                         | 9      | expected an id that no other token has, as
                    tiny-modernbert  | added_tokens/0/content                    | "x y"  | expected an id that no other token has, as
                    tiny-deberta-v3  | model/vocab/9                             | ["[UNK]", -1] | says model.vocab at 9 ["[UNK]",-1], expected a token that is not there before, as this is at 3
                    tiny-xlm-roberta | model/vocab/4                             | ["<s>", 0] | says model.vocab at 4 ["<s>",0], expected a token that is not there before, as this is at 0
                    BERT             | model/vocab/the                           | 5      | says model.vocab of 'the' 5, expected an id that no other token has, as '##a' does
                    BERT             | added_tokens/2/id                         | 3      | expected an id that no other token has, as '[SEP]' does
                    BERT             | model/max_input_chars_per_word            | 0      | says model.max_input_chars_per_word 0, expected a whole number from 1 on
                    BERT             | model/max_input_chars_per_word            | -5     | says model.max_input_chars_per_word -5
                    BERT             | model/max_input_chars_per_word            | 1.5    | says model.max_input_chars_per_word 1.5
                    BERT             | model/max_input_chars_per_word            | null   | says model.max_input_chars_per_word null
                    tiny-modernbert  | pre_tokenizer/type                        | "x"    | its pre_tokenizer cannot be read
                    tiny-modernbert  | normalizer/type                           | "x"    | its normalizer cannot be read
                    tiny-modernbert  | model/type                                | "x"    | its model cannot be read
                    tiny-deberta-v3  | model/unk_id                              | null   | cannot read every text
                    """)
    void isRefusedWhereTheLibraryWouldFail(String model, String place, String value, String said)
            throws IOException {
        write(model, place, JSON.readTree(value));
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}");

        assertThatThrownBy(() -> TextEncoder.open(source(), 16))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(directory.resolve("tokenizer.json") + " ")
                .hasMessageContaining(said)
                .hasMessageContaining(", expected ");
    }

    @Test
    void isRefusedWithATokenThatGetsAnIdThatTheModelHasNot() throws IOException {
        int vocabulary = TinyBert.small().bertConfig().vocabSize();
        addNew(vocabulary, Optional.empty());

        assertThatThrownBy(() -> TextEncoder.open(source(), 16))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage(
                        "%s knows the token id %d, expected ids below the model's vocab_size %d",
                        directory.resolve("tokenizer.json"), vocabulary, vocabulary);
    }

    /** The library gives added tokens the ids after the vocabulary's, whatever the file says. */
    @Test
    void isRefusedWithATokenThatGetsTheIdOfAnotherSinceTheVocabularyHasAHole() throws IOException {
        int vocabulary = TinyBert.small().bertConfig().vocabSize();
        addNew(vocabulary - 5, Optional.of(vocabulary - 5));

        assertThatThrownBy(() -> TextEncoder.open(source(), 16))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(
                        "expected tokens of model.vocab alone, since that has %d tokens with ids up to %d: this one would get the id %d, which another has",
                        vocabulary - 1, vocabulary - 1, vocabulary - 1);
    }

    @Test
    void isRefusedWhereItsConfigurationAddsATokenWithTheIdOfAnother() throws IOException {
        write("BERT", "version", JSON.readTree("\"1.0\""));
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"added_tokens_decoder\": {\"5\": {\"content\": \"[NEW]\"}}}");

        assertThatThrownBy(() -> TextEncoder.open(source(), 16))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage(
                        "%s adds the token '[NEW]' as id 5, but in %s that is '##a', expected an id of its own",
                        directory.resolve("tokenizer_config.json"),
                        directory.resolve("tokenizer.json"));
    }

    /**
     * A BERT with a token more.
     *
     * @param hole id of the token that its vocabulary lacks
     */
    private void addNew(int id, Optional<Integer> hole) throws IOException {
        write("BERT", "version", JSON.readTree("\"1.0\""));
        Path file = directory.resolve("tokenizer.json");
        ObjectNode json = (ObjectNode) JSON.readTree(file.toFile());
        json.withArray("added_tokens").addObject().put("id", id).put("content", "[NEW]");
        ((ObjectNode) json.get("model").get("vocab"))
                .properties()
                .removeIf(
                        token ->
                                hole.filter(each -> each == token.getValue().intValue())
                                        .isPresent());
        Files.writeString(file, json.toString());
    }

    /** A model's files, with another value somewhere in its tokenizer.json. */
    private void write(String model, String place, JsonNode value) throws IOException {
        if (model.equals("BERT")) {
            TinyBert.small().writeTo(directory);
        } else {
            for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
                Files.copy(resource("/models/" + model).resolve(name), directory.resolve(name));
            }
        }
        Path file = directory.resolve("tokenizer.json");
        JsonNode json = JSON.readTree(file.toFile());
        List<String> keys = new ArrayList<>(List.of(place.split("/")));
        String last = keys.remove(keys.size() - 1);
        JsonNode parent = json;
        for (String key : keys) {
            parent = parent.isArray() ? parent.get(Integer.parseInt(key)) : parent.get(key);
        }
        if (parent instanceof ArrayNode list) {
            list.set(Integer.parseInt(last), value);
        } else {
            ((ObjectNode) parent).set(last, value);
        }
        Files.writeString(file, json.toString());
    }

    private ModelSource source() {
        return new ModelSource.Directory(directory.toString());
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(TokenizerPartsTest.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
