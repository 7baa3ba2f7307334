package io.rankstream.adapters.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentencePieceFileTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path directory;

    @BeforeEach
    void copyTheModel() throws IOException {
        copy("spm.model", "spm.model");
    }

    /** benchmarks/peft wrote the ids with transformers' converter. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing-said",
                "as-published",
                "lower-case",
                "split-at-punctuation",
                "added-tokens",
                "other-mask-token"
            })
    void aloneGivesTheIdsThatTransformersConverterGives(String name) throws IOException {
        take(name);
        try (TextEncoder encoder = TextEncoder.open(source(), 64)) {
            for (JsonNode text : JSON.readTree(resource(name + "/ids.json").toFile())) {
                assertThat(encoder.encode(text.get("text").asText()).ids())
                        .as(text.get("text").asText())
                        .containsExactly(
                                text.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray());
            }
        }
    }

    @Test
    void isNotReadWhereThereIsATokenizerJson() throws IOException {
        take("nothing-said");
        Files.writeString(directory.resolve("tokenizer.json"), "[]");

        assertRefused("tokenizer.json is no JSON object");
    }

    @Test
    void isNotReadForAClassThatHasMoreInItsTokenizer() throws IOException {
        take("nothing-said");
        write("tokenizer_config.json", "{\"tokenizer_class\": \"XLMRobertaTokenizer\"}");

        assertRefused(
                "has its tokenizer as spm.model alone, expected tokenizer.json: write it in Python");
    }

    @Test
    void knowsItsUnknownToken() throws IOException {
        take("nothing-said");

        assertThat(TextEncoder.unknownToken(source())).hasValue(3);
    }

    @Test
    void isRefusedWhereTheModelHasNoPlaceForTheMask() throws IOException {
        take("nothing-said");
        String config = Files.readString(directory.resolve("config.json"));
        write("config.json", config.replace("410", "400"));

        assertRefused(
                "spm.model knows the token id 400, expected ids below the model's vocab_size");
    }

    @Test
    void isRefusedWithoutASpecialToken() throws IOException {
        take("nothing-said");
        write("tokenizer_config.json", "{\"sep_token\": \"<end>\"}");

        assertRefused("takes '<end>' for a special token, but " + directory.resolve("spm.model"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'[MASK]': 400, '<new>': 402}|gives '<new>' the id 402, expected 401, the one after the last",
                "{'[CLS]': 400}|gives '[CLS]' the id 400, expected 1, which spm.model gives it",
                "{'[MASK]': 'x'}|gives '[MASK]' the id \"x\", expected 400"
            },
            quoteCharacter = '`')
    void isRefusedWhereAddedTokensHaveOtherIds(String added, String sentence) throws IOException {
        take("nothing-said");
        write("added_tokens.json", added.replace('\'', '"'));

        assertRefused(sentence);
    }

    @Test
    void isRefusedWhereTheConfigurationLeavesIdsOut() throws IOException {
        take("nothing-said");
        write(
                "tokenizer_config.json",
                "{\"added_tokens_decoder\": {\"402\": {\"content\": \"<new>\"}}}");

        assertRefused("adds a token as id 402 after the 400 of");
    }

    @Nested
    class AFile {

        @ParameterizedTest
        @ValueSource(ints = {1, 7, 100, 200_000})
        void thatWasCutIsRefused(int length) throws IOException {
            take("nothing-said");
            byte[] whole = Files.readAllBytes(resource("spm.model"));
            Files.write(directory.resolve("spm.model"), Arrays.copyOf(whole, length));

            assertRefused("spm.model is not a model of SentencePiece: ");
        }

        /** Of such a message nothing but what is missing tells that it was cut. */
        @Test
        void thatWasCutBetweenTwoFieldsIsRefused() throws IOException {
            take("nothing-said");
            byte[] whole = Files.readAllBytes(resource("spm.model"));
            CodedInputStream in = CodedInputStream.newInstance(whole);
            for (int piece = 0; piece < 200; piece++) {
                in.skipField(in.readTag());
            }
            Files.write(
                    directory.resolve("spm.model"), Arrays.copyOf(whole, in.getTotalBytesRead()));

            assertRefused("ends before its trainer_spec and normalizer_spec, expected a file");
        }

        @Test
        void ofGitLfsIsTold() throws IOException {
            take("nothing-said");
            write(
                    "spm.model",
                    "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");

            assertRefused("git-LFS");
        }

        @Test
        void thatIsEmptyIsRefused() throws IOException {
            take("nothing-said");
            Files.write(directory.resolve("spm.model"), new byte[0]);

            assertRefused("spm.model ends before its trainer_spec");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "2|3|2|is of model_type 2, expected 1, the unigram model",
                    "2|24|1|says treat_whitespace_as_suffix true, expected false",
                    "2|35|1|says byte_fallback true, expected false",
                    "3|3|0|says add_dummy_prefix false, expected true",
                    "3|4|0|says remove_extra_whitespaces false, expected true",
                    "3|5|0|says escape_whitespaces false, expected true",
                    "1|3|1|has the piece 'x' twice, expected each piece once",
                    "1|3|2|has 401 pieces, 2 of them for unknown text",
                    "1|3|5|has the piece 'x' that is not used",
                    "1|3|6|has pieces for bytes (byte_fallback)",
                    "1|3|7|gives 'x' the type 7, expected 1 to 6"
                })
        void ofAnotherKindIsRefused(int message, int field, int value, String sentence)
                throws IOException {
            take("nothing-said");
            append(message, field, value);

            assertRefused(sentence);
        }

        /** Fields of a message that comes again are read as if they stood in the first. */
        private void append(int message, int field, int value) throws IOException {
            ByteArrayOutputStream inner = new ByteArrayOutputStream();
            CodedOutputStream fields = CodedOutputStream.newInstance(inner);
            fields.writeString(1, "x");
            fields.writeInt32(field, value);
            fields.flush();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(Files.readAllBytes(directory.resolve("spm.model")));
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeByteArray(message, inner.toByteArray());
            out.flush();
            Files.write(directory.resolve("spm.model"), bytes.toByteArray());
        }
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> TextEncoder.open(source(), 64).close())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(sentence)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    private ModelSource source() {
        return ModelSource.at(directory.toString());
    }

    private void take(String name) throws IOException {
        for (String file :
                new String[] {"config.json", "tokenizer_config.json", "added_tokens.json"}) {
            if (Files.exists(resource(name).resolve(file))) {
                copy(name + "/" + file, file);
            }
        }
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(directory.resolve(file), content);
    }

    private void copy(String resource, String file) throws IOException {
        Files.write(directory.resolve(file), Files.readAllBytes(resource(resource)));
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                            Objects.requireNonNull(
                                            SentencePieceFileTest.class.getResource(
                                                    "/sentencepiece/"),
                                            name)
                                    .toURI())
                    .resolve(name);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
