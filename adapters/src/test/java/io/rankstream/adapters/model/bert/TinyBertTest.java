package io.rankstream.adapters.model.bert;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.HostTensor;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.tokens.TextEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyBertTest {

    @TempDir Path directory;

    @Test
    void isAModelThatLoads() throws IOException {
        ModelSource.Directory source = TinyBert.small().writeTo(directory.resolve("tiny"));

        PretrainedModel model = PretrainedModel.load(source);

        assertThat(model.name()).isEqualTo("tiny");
        assertThat(model.architecture()).isEqualTo(TinyBert.small().bertConfig());
        assertThat(HostTensor.of(source)).hasSize(5 + 2 * 16);
    }

    @Test
    void readsWordsLettersAndNothingElse() throws IOException {
        ModelSource.Directory source = TinyBert.small().writeTo(directory);

        try (TextEncoder encoder = TextEncoder.open(source, TinyBert.POSITIONS)) {
            assertThat(encoder.encode("Hello é 中 buy").ids())
                    .hasSize(6)
                    .startsWith(2)
                    .endsWith(3)
                    .contains(1);
            assertThat(encoder.encode("hello").ids()).hasSize(3);
            assertThat(encoder.encode("zx").ids()).hasSize(4);
        }
    }

    @Test
    void isTheSameForTheSameSeed() throws IOException {
        new TinyBert(1, 8, 2, 1).writeTo(directory.resolve("a"));
        new TinyBert(1, 8, 2, 1).writeTo(directory.resolve("b"));
        new TinyBert(1, 8, 2, 2).writeTo(directory.resolve("c"));

        byte[] weights = Files.readAllBytes(directory.resolve("a/model.safetensors"));
        assertThat(directory.resolve("b/model.safetensors")).hasBinaryContent(weights);
        assertThat(Files.readAllBytes(directory.resolve("c/model.safetensors")))
                .isNotEqualTo(weights);
    }
}
