package io.rankstream.job.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCheckTest {

    @TempDir Path temp;

    @Test
    void tellsAtOnceWhatTheModelLacks() throws Exception {
        JobConfig config =
                config(
                        """
                        training: {labels: [ham, spam], pooling: pooler}
                        adapters:
                          deep:
                            pooling: mean
                            target-modules: [query, encoder.layer.2.output.dense]
                        """);

        assertThatThrownBy(() -> new ModelCheck(config.model(), config.adapters()).run())
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining(
                        "training.pooling is pooler, but the base model tiny has no pooler, expected")
                .hasMessageContaining(
                        "adapters.deep.target-modules has 'encoder.layer.2.output.dense', but none"
                                + " of the 2 layers of the base model tiny has such a linear layer")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("'query'"));
    }

    @Test
    void acceptsWhatTheModelHas() throws Exception {
        JobConfig config =
                config(
                        """
                        training:
                          labels: [ham, spam]
                          target-modules: [encoder.layer.1.output.dense]
                        """);

        new ModelCheck(config.model(), config.adapters()).run();
    }

    private JobConfig config(String adapters) throws Exception {
        TinyBert.small().writeTo(temp.resolve("tiny"));
        Path file =
                Files.writeString(
                        temp.resolve("job.yaml"),
                        """
                        kafka.bootstrap-servers: broker:9092
                        registry.url: http://registry:8081
                        publish.directory: /adapters
                        model: {directory: %s, max-length: 64}
                        %s"""
                                .formatted(temp.resolve("tiny"), adapters));
        return ConfigFile.load(file);
    }
}
