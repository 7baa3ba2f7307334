package io.rankstream.adapters.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerConfigTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path directory;

    static Stream<String> cases() throws IOException {
        List<String> cases = new ArrayList<>();
        for (String kind : List.of("tokenizers", "subwords", "models")) {
            try (Stream<Path> folders = Files.list(resource("/" + kind))) {
                folders.map(folder -> "/" + kind + "/" + folder.getFileName()).forEach(cases::add);
            }
        }
        return cases.stream().sorted();
    }

    /** benchmarks/peft wrote the ids with transformers. */
    @ParameterizedTest
    @MethodSource("cases")
    void countsAsTransformersCountsIt(String name) throws IOException {
        Path folder = resource(name);
        try (TextEncoder encoder = TextEncoder.open(source(folder), 64)) {
            for (JsonNode text : JSON.readTree(folder.resolve("ids.json").toFile())) {
                assertThat(encoder.encode(text.get("text").asText()).ids())
                        .as(text.get("text").asText())
                        .containsExactly(
                                text.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray());
            }
        }
    }

    /** benchmarks/peft wrote the ids with transformers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-roberta",
                "tiny-xlm-roberta",
                "tiny-distilbert",
                "tiny-mpnet",
                "tiny-deberta-v3",
                "tiny-modernbert"
            })
    void encodesPairsAsTransformersEncodesThem(String model) throws IOException {
        Path folder = resource("/models/" + model);
        try (TextEncoder encoder = TextEncoder.open(source(folder), 64)) {
            for (JsonNode pair : JSON.readTree(folder.resolve("pairs.json").toFile())) {
                String text = pair.get("text").asText();
                Tokens tokens = encoder.encode(text, pair.get("pair").asText());
                int[] expected = pair.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
                assertThat(tokens.ids()).as("%s, %s", text, pair.get("pair")).isEqualTo(expected);
                assertThat(tokens.second()).isEqualTo(expected.length);
            }
        }
    }

    /** As {@code [CLS] A [SEP] B [SEP]}, cut at the end of the longer text first. */
    @ParameterizedTest
    @CsvSource({
        "3, 3, 3, 3",
        "6, 7, 6, 7",
        "7, 6, 7, 6",
        "3, 30, 3, 10",
        "30, 4, 9, 4",
        "30, 30, 6, 7",
        "31, 30, 7, 6",
        "30, 31, 6, 7",
        "7, 7, 6, 7",
        "8, 7, 7, 6",
        "0, 30, 0, 13",
        "30, 0, 13, 0"
    })
    void cutsTheLongerTextOfAPairFirst(int first, int second, int keptFirst, int keptSecond)
            throws IOException {
        try (TextEncoder encoder = TextEncoder.open(new ModelSource.Embedded(), 16)) {
            Tokens tokens = encoder.encode("a ".repeat(first), "b ".repeat(second));

            assertThat(tokens.second()).isEqualTo(keptFirst + 2);
            assertThat(tokens.ids()).hasSize(keptFirst + keptSecond + 3);
            assertThat(tokens.truncated()).isEqualTo(first + second > 13);
        }
    }

    @Test
    void readsOfAPairOfEndlessTextsOnlyWhatItNeeds() throws IOException {
        try (TextEncoder encoder = TextEncoder.open(new ModelSource.Embedded(), 16)) {
            Tokens tokens = encoder.encode("a ".repeat(3_000_000), "b ".repeat(3_000_000));

            assertThat(tokens.ids()).hasSize(16);
            assertThat(tokens.truncated()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    truncation_side      | "left"  | says truncation_side 'left', expected 'right'
                    split_special_tokens | true    | says split_special_tokens true, expected false
                    cls_token            | "<cls>" | takes '<cls>' for a special token, but
                    added_tokens_decoder | {"7": {"content": "free"}} | adds the token 'free' as id 7, but in
                    model_max_length     | 32      | says model_max_length 32, expected no more than that
                    """)
    void isRefusedWhereItCannotBeFollowed(String field, String value, String sentence)
            throws IOException {
        TinyBert.small().writeTo(directory);
        write(settings -> settings.set(field, json(value)));

        assertRefused(sentence);
    }

    @ParameterizedTest
    @CsvSource({"normalizer", "pre_tokenizer"})
    void isRefusedWhereTheTokenizerIsOfAnotherKind(String part) throws IOException {
        TinyBert.small().writeTo(directory);
        ObjectNode tokenizer =
                (ObjectNode) JSON.readTree(directory.resolve("tokenizer.json").toFile());
        tokenizer.putObject(part).put("type", "Sequence");
        JSON.writeValue(directory.resolve("tokenizer.json").toFile(), tokenizer);
        write(settings -> {});

        assertRefused("has the " + part + " Sequence, but for the class that");
    }

    private static Stream<Arguments> readFields() {
        Map<String, List<String>> flags = new LinkedHashMap<>();
        flags.put("tiny-roberta", List.of("add_prefix_space", "trim_offsets"));
        flags.put("tiny-xlm-roberta", List.of("add_prefix_space"));
        flags.put(
                "tiny-mpnet", List.of("do_lower_case", "tokenize_chinese_chars", "strip_accents"));
        flags.put("BERT", List.of("do_lower_case", "tokenize_chinese_chars", "strip_accents"));
        List<String> texts = List.of("tokenizer_class", "truncation_side");
        List<String> tokens =
                List.of("unk_token", "cls_token", "sep_token", "pad_token", "mask_token");
        String odd = "{\"0\": {\"content\": \"<s>\", \"special\": \"yes\"}}";
        return flags.keySet().stream()
                .flatMap(
                        model ->
                                Stream.of(
                                                cases(
                                                        model,
                                                        flags.get(model),
                                                        "\"yes\"",
                                                        "\"true\"",
                                                        "1",
                                                        "[]",
                                                        "{}"),
                                                cases(
                                                        model,
                                                        List.of("split_special_tokens"),
                                                        "\"no\"",
                                                        "0",
                                                        "null"),
                                                cases(model, texts, "5", "true", "[]", "{}"),
                                                cases(
                                                        model,
                                                        tokens,
                                                        "5",
                                                        "true",
                                                        "[]",
                                                        "{}",
                                                        "{\"content\": 5}",
                                                        "{\"content\": null}"),
                                                cases(
                                                        model,
                                                        List.of("model_max_length"),
                                                        "\"64\"",
                                                        "true",
                                                        "[64]"),
                                                cases(
                                                        model,
                                                        List.of("added_tokens_decoder"),
                                                        "5",
                                                        "[]",
                                                        "\"x\"",
                                                        "{\"0\": \"<s>\"}",
                                                        "{\"0\": {\"content\": 5}}",
                                                        odd))
                                        .flatMap(cases -> cases));
    }

    private static Stream<Arguments> cases(String model, List<String> fields, String... values) {
        return fields.stream()
                .flatMap(
                        field -> Stream.of(values).map(value -> Arguments.of(model, field, value)));
    }

    /** A value of another type than transformers writes is not read as if it were one. */
    @ParameterizedTest
    @MethodSource("readFields")
    void isRefusedWithAFieldOfAnotherType(String model, String field, String value)
            throws IOException {
        ObjectNode settings = JSON.createObjectNode();
        if (model.equals("BERT")) {
            TinyBert.small().writeTo(directory);
        } else {
            for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
                Files.copy(resource("/models/" + model).resolve(file), directory.resolve(file));
            }
            settings =
                    (ObjectNode) JSON.readTree(directory.resolve("tokenizer_config.json").toFile());
        }
        TextEncoder.open(source(directory), 64).close();
        settings.set(field, json(value));
        JSON.writeValue(directory.resolve("tokenizer_config.json").toFile(), settings);

        assertThatThrownBy(() -> TextEncoder.open(source(directory), 64))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageStartingWith(directory.resolve("tokenizer_config.json") + " says ")
                .hasMessageContaining(", expected ");
    }

    @Test
    void mayHaveAnyLimitThatIsNotBelowTheOneInUse() throws IOException {
        TinyBert.small().writeTo(directory);
        for (String limit : new String[] {"64", "512", "1000000000000000019884624838656", "null"}) {
            write(settings -> settings.set("model_max_length", json(limit)));
            TextEncoder.open(source(directory), 64).close();
        }
    }

    @Test
    void isRefusedIfItIsNoJson() throws IOException {
        TinyBert.small().writeTo(directory);
        Files.writeString(directory.resolve("tokenizer_config.json"), "Entry not found");

        assertRefused("tokenizer_config.json holds a server's answer ('Entry not found')");
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> TextEncoder.open(source(directory), 64))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(sentence);
    }

    private void write(Consumer<ObjectNode> change) throws IOException {
        ObjectNode settings = JSON.createObjectNode();
        change.accept(settings);
        JSON.writeValue(directory.resolve("tokenizer_config.json").toFile(), settings);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ModelSource.Directory source(Path folder) {
        return new ModelSource.Directory(folder.toString());
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(TokenizerConfigTest.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
