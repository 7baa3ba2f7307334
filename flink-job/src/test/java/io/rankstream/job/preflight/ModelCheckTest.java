package io.rankstream.job.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.model.ModelDirectory;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void tellsWhatTheModelsOwnHeadReads() throws Exception {
        JobConfig config =
                config(
                        """
                        training: {labels: [ham, spam], head: own}
                        adapters:
                          mail: {pooling: mean}
                        """);
        makeModernBert("mean");

        assertThatThrownBy(() -> new ModelCheck(config.model(), config.adapters()).run())
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining(
                        "training.head is own, and that of the base model tiny reads the mean of the"
                                + " token vectors, but training.pooling is cls: choose mean")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("adapters.mail"));
    }

    @ParameterizedTest
    @CsvSource({
        "question-answering, ''",
        "token-classification, 'labels: [O, B-PER, I-PER]'",
    })
    void tellsWhetherTheModelsOwnHeadReadsTokens(String task, String labels) throws Exception {
        JobConfig config =
                config(
                        """
                        training:
                          task: %s
                          %s
                        adapters:
                          mail: {head: own}
                        """
                                .formatted(task, labels));

        assertThatThrownBy(() -> new ModelCheck(config.model(), config.adapters()).run())
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining(
                        "adapters.mail.head is own, but that of the base model tiny, a BERT, has one"
                                + " layer, on every token: choose the head linear");
        makeModernBert("mean");
        new ModelCheck(config.model(), config.adapters()).run();
    }

    /** Puts a ModernBERT of zeros where the tiny BERT is, whose tokenizer it takes. */
    private void makeModernBert(String pooling) throws IOException {
        Path directory = temp.resolve("tiny");
        Files.writeString(
                directory.resolve("config.json"),
                """
                {"model_type": "modernbert", "vocab_size": 500, "hidden_size": 8,
                 "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8,
                 "max_position_embeddings": 64, "classifier_pooling": "%s"}
                """
                        .formatted(pooling));
        ModelSource.Directory source = new ModelSource.Directory(directory.toString());
        SafetensorsWriter weights = new SafetensorsWriter();
        ModelDirectory.of(source)
                .architecture()
                .tensors()
                .forEach(
                        (name, shape) ->
                                weights.put(
                                        name,
                                        shape,
                                        new float
                                                [Arrays.stream(shape).reduce(1, (x, y) -> x * y)]));
        Files.write(directory.resolve("model.safetensors"), weights.toBytes());
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
