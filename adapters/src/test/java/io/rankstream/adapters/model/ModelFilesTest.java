package io.rankstream.adapters.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFilesTest {

    @TempDir Path parent;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = parent.resolve("model");
        TinyBert.small().writeTo(model);
    }

    @Nested
    class Weights {

        @ParameterizedTest
        @CsvSource({
            "model-00001-of-00002.safetensors, 'are split into several files, but model.safetensors.index.json, which says what is where, is missing'",
            "pytorch_model.bin, 'pytorch_model.bin, which is never read'",
            "pytorch_model-00001-of-00002.bin, which is never read",
            "tf_model.h5, 'tf_model.h5, which is never read'",
            "flax_model.msgpack, 'flax_model.msgpack, which is never read'",
            "model.onnx, 'model.onnx, which is never read'",
            "model.Q4_K_M.gguf, 'model.Q4_K_M.gguf, which is never read'",
            "weights.safetensors, 'holds weights.safetensors, but no model.safetensors'"
        })
        void inAnotherFormAreNamedWithWhatToDo(String name, String sentence) throws IOException {
            Files.delete(model.resolve("model.safetensors"));
            Files.writeString(model.resolve(name), "x");

            assertRefused(sentence);
        }

        @Test
        void thatAreMissingLeaveTheRestToBeSeen() throws IOException {
            Files.delete(model.resolve("model.safetensors"));

            assertRefused(
                    "model.safetensors does not exist, expected config.json, model.safetensors and"
                            + " tokenizer.json in a model directory, but there are only config.json,"
                            + " tokenizer.json");
        }
    }

    @Nested
    class ATokenizer {

        @ParameterizedTest
        @ValueSource(strings = {"vocab.txt", "vocab.json", "spm.model", "sentencepiece.bpe.model"})
        void inAnotherFormIsNamedWithWhatToDo(String name) throws IOException {
            Files.move(model.resolve("tokenizer.json"), model.resolve(name));

            assertRefused(
                    "has its tokenizer as "
                            + name
                            + " alone, expected tokenizer.json: write it in Python");
        }
    }

    @Nested
    class AnyFile {

        @ParameterizedTest
        @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
        void mayBeWhatADownloadLeft(String name) throws IOException {
            Path file = model.resolve(name);
            for (String[] leftover :
                    new String[][] {
                        {
                            "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n",
                            " is a git-LFS pointer of "
                        },
                        {"", " is empty: "},
                        {"<!doctype html><html>", " is a web page or XML"},
                        {"\n  <?xml version=\"1.0\"?><Error/>", " is a web page or XML"},
                        {"Entry not found", " holds a server's answer ('Entry not found')"},
                        {
                            "Invalid username or password.",
                            " holds a server's answer ('Invalid username or password.')"
                        },
                        {"PK\u0003\u0004\u0014\u0000\u0000\b", " is a zip archive or a pickle"},
                        {"GGUF\u0003\u0000\u0000\u0000", " is a GGUF file"}
                    }) {
                Files.write(file, leftover[0].getBytes(StandardCharsets.ISO_8859_1));
                assertRefused(file + leftover[1]);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
        void mayBeALinkOfACacheThatWasCopiedAlone(String name) throws IOException {
            Path file = model.resolve(name);
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("../../blobs/00ff"));

            assertRefused(file + " is a link to ../../blobs/00ff, which is not there");
        }

        @ParameterizedTest
        @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
        void mayBeAFolder(String name) throws IOException {
            Files.delete(model.resolve(name));
            Files.createDirectory(model.resolve(name));

            assertRefused(model.resolve(name) + " is a folder, expected a file");
        }
    }

    @Nested
    class ADirectory {

        @Test
        void mayBeAnAdapter() throws IOException {
            Path adapter = Files.createDirectory(parent.resolve("adapter"));
            Files.writeString(adapter.resolve("adapter_config.json"), "{}");

            assertRefused(adapter, "is an adapter of PEFT, not a base model: name the model that");
        }

        @Test
        void mayBeAPublishedVersion() throws IOException {
            Path version = Files.createDirectory(parent.resolve("v00000001"));
            Files.writeString(version.resolve("training_state.safetensors"), "");

            assertRefused(version, "is a published version of an adapter, not a base model");
        }

        @Test
        void mayBeHuggingFacesCache() throws IOException {
            Path revision = parent.resolve("models--a--b/snapshots/00ff");
            TinyBert.small().writeTo(revision);

            assertRefused(
                    parent.resolve("models--a--b"),
                    "is a folder of Hugging Face's cache: name the revision in it, " + revision);
        }

        @Test
        void mayHoldTheModelInAFolder() throws IOException {
            TinyBert.small().writeTo(parent.resolve("st/0_Transformer"));

            assertRefused(
                    parent.resolve("st"),
                    "but its folder 0_Transformer does: name "
                            + parent.resolve("st/0_Transformer"));
        }

        @Test
        void mayBeEmptyOrAFile() throws IOException {
            assertRefused(Files.createDirectory(parent.resolve("empty")), "but it is empty");
            assertRefused(model.resolve("config.json"), "is a file, expected the folder");
        }
    }

    private void assertRefused(String sentence) {
        assertRefused(model, sentence);
    }

    /** As a job reads it: the tokenizer, then the weights. */
    private static void assertRefused(Path directory, String sentence) {
        ModelSource source = new ModelSource.Directory(directory.toString());
        assertThatThrownBy(
                        () -> {
                            TextEncoder.open(source, 64).close();
                            PretrainedModel.load(source);
                        })
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(sentence)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
