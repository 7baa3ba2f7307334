package io.rankstream.adapters.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelJarTest {

    private static final String WEIGHTS = "all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";

    @TempDir Path directory;

    @Test
    void isTheSameModelAsThatOnTheClassPath() throws IOException {
        Path jar = jar(WEIGHTS, TOKENIZER);
        ModelSource source = ModelSource.at(jar.toString());

        assertThat(PretrainedModel.load(source))
                .isEqualTo(PretrainedModel.load(new ModelSource.Embedded()));
        assertThat(ids(source)).isEqualTo(ids(new ModelSource.Embedded()));
    }

    @Test
    void isCalledAsItsUserSays() throws IOException {
        Path jar = jar(WEIGHTS, TOKENIZER);

        assertThat(PretrainedModel.load(ModelSource.at(jar.toString(), "mine")).name())
                .isEqualTo("mine");
    }

    @Test
    void tellsTheBuildByTheWeightsInIt() throws IOException {
        for (String weights : List.of("bge-small-en-v1.5.onnx", "e5-small-v2.onnx")) {
            Path jar = jar(weights);

            Architecture architecture =
                    PretrainedModel.architecture(ModelSource.at(jar.toString()));

            assertThat(architecture.layers()).isEqualTo(12);
            assertThat(architecture.hiddenSize()).isEqualTo(384);
        }
    }

    @Test
    void isRefusedWhereThereIsNone() throws IOException {
        assertRefused(directory.resolve("absent.jar"), "does not exist, expected one of Maven's");
        assertRefused(Files.createDirectory(directory.resolve("folder.jar")), "is no file");
        assertRefused(
                Files.writeString(directory.resolve("text.jar"), "text of some length here"),
                "is not a jar");
        assertRefused(Files.writeString(directory.resolve("empty.jar"), ""), "is empty");
        assertRefused(
                Files.writeString(
                        directory.resolve("lfs.jar"),
                        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
                "git-LFS");
    }

    @Test
    void isRefusedOfAModelThatIsNotKnown() throws IOException {
        assertRefused(
                jar("bge-small-en-v1.5-q.onnx"),
                "holds no model that is known, expected one of Maven's jars"
                        + " dev.langchain4j:langchain4j-embeddings- followed by all-minilm-l6-v2,"
                        + " bge-small-en-v15, e5-small-v2");
    }

    @Test
    void isRefusedWithoutItsTokenizer() throws IOException {
        assertRefused(jar(WEIGHTS), "holds no " + TOKENIZER + ": download it again");
    }

    private static void assertRefused(Path jar, String sentence) {
        assertThatThrownBy(() -> TextEncoder.open(ModelSource.at(jar.toString()), 16).close())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContainingAll(jar.toString(), sentence);
    }

    private static int[] ids(ModelSource source) throws ModelLoadException {
        try (TextEncoder encoder = TextEncoder.open(source, 16)) {
            return encoder.encode("Your order has been shipped.").ids();
        }
    }

    /** With the embedded model's entries, or empty ones. */
    private Path jar(String... entries) throws IOException {
        Path jar = directory.resolve("model.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.setLevel(0);
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                try (InputStream content = ModelJarTest.class.getResourceAsStream("/" + entry)) {
                    if (content != null) {
                        content.transferTo(zip);
                    }
                }
            }
        }
        return jar;
    }
}
