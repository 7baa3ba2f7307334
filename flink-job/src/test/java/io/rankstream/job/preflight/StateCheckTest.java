package io.rankstream.job.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.training.Learner;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.train.AdaptersOfSettings;
import io.rankstream.job.train.AdaptersOfSettingsSerializer;
import io.rankstream.job.train.NotedSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is noted of adapters against the configuration that a job is to go on under. */
class StateCheckTest {

    private static final String CREATED =
            "{labels: [a, b, c], init-rank: 12, alpha: 5, pooling: mean, method: adalora}";

    @TempDir static Path folder;

    private static ModelSource source;

    @BeforeAll
    static void writeModel() throws IOException {
        source = TinyBert.small().writeTo(folder.resolve("model"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {labels: [a, b, c], init-rank: 13, alpha: 5} | init-rank: 12
                    {labels: [a, b, c], init-rank: 12, alpha: 6} | alpha: 5.0
                    {labels: [a, b, c], init-rank: 12, alpha: 5, pooling: cls} | pooling: mean
                    {labels: [a, b, c], init-rank: 12, alpha: 5, target-modules: [query]} | target-modules:
                    {labels: [a, b, c], init-rank: 12, alpha: 5, method: lora} | method: adalora
                    {labels: [a, b, c], method: head} | method: adalora
                    """)
    void refusesWhatAnAdapterKeepsForItsLifeWithTheSettingToCopy(String changed, String setting)
            throws Exception {
        NotedSettings noted = noted(CREATED, adapter(CREATED));

        assertThatThrownBy(() -> requireFit(changed, noted))
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining("1 adapter in state does not fit")
                .hasMessageContaining("      " + setting);
        assertThatCode(() -> requireFit(CREATED, noted)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void refusesEveryChangeOfTheMethod(Method now) throws Exception {
        for (Method before : Method.values()) {
            String created = "{labels: [a, b, c], method: %s}".formatted(name(before));
            NotedSettings noted = noted(created, adapter(created));
            String changed = "{labels: [a, b, c], method: %s}".formatted(name(now));

            if (now == before) {
                requireFit(changed, noted);
            } else {
                assertThatThrownBy(() -> requireFit(changed, noted))
                        .hasMessageContaining("method " + before)
                        .hasMessageContaining("      method: " + name(before));
            }
        }
    }

    @Test
    void acceptsAMethodThatWasNotNoted() throws Exception {
        NotedSettings noted = NotedSettings.of(adapter(CREATED), Optional.empty());

        requireFit(CREATED.replace("adalora", "lora"), noted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[b, c]", "[c, a]", "[b, c, B]"})
    void refusesLabelsOfWhichCommandsAndConfigurationLeaveTooFew(String labels) throws Exception {
        AdapterState adapter = adapter(CREATED);
        LabelSet retired = adapter.head().labels().without(List.of("c"));
        NotedSettings noted = noted(CREATED, adapter.withLabels(retired));
        String changed = CREATED.replace("[a, b, c]", labels);

        if (labels.equals("[b, c, B]")) {
            requireFit(changed, noted);
            return;
        }
        assertThatThrownBy(() -> requireFit(changed, noted))
                .hasMessageContaining("labels [a, b] in use and [c] retired by commands")
                .hasMessageContaining("would leave fewer than two")
                .hasMessageContaining("      labels: [a, b, c]");
        requireFit(CREATED, noted);
    }

    @Test
    void tellsAllDifferencesOfAllAdaptersAtOnce() throws Exception {
        AdapterState adapter = adapter(CREATED);
        LabelSet retired = adapter.head().labels().without(List.of("c"));
        NotedSettings one = noted(CREATED, adapter.withLabels(retired));
        NotedSettings other = noted(CREATED, adapter);

        assertThat(
                        check("{labels: [b, c], init-rank: 13, alpha: 5, method: lora}")
                                .misfits("state", new TreeMap<>(Map.of("one", one, "two", other))))
                .singleElement()
                .asString()
                .contains("2 adapters in state")
                .contains("initial rank 12")
                .contains("method ADALORA")
                .contains("fewer than two");
    }

    @Test
    void theNoteOfAnEarlierFormatHasNeitherMethodNorLabels() throws Exception {
        NotedSettings noted = noted(CREATED, adapter(CREATED));
        DataOutputSerializer written = new DataOutputSerializer(1_000);
        AdaptersOfSettingsSerializer.INSTANCE.serialize(
                new AdaptersOfSettings(
                        new NotedSettings(noted.fixed(), Optional.empty(), Optional.empty()),
                        List.of("x")),
                written);
        byte[] second = written.getCopyOfBuffer();
        byte[] first = Arrays.copyOf(second, second.length - 3);
        first[0] = 1;

        AdaptersOfSettings read =
                AdaptersOfSettingsSerializer.INSTANCE.deserialize(new DataInputDeserializer(first));

        assertThat(read)
                .isEqualTo(
                        new AdaptersOfSettings(
                                new NotedSettings(
                                        noted.fixed(), Optional.empty(), Optional.empty()),
                                List.of("x")));
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void theNoteIsReadAsItWasWritten(Method method) throws Exception {
        AdaptersOfSettings noted =
                new AdaptersOfSettings(
                        NotedSettings.of(adapter(CREATED), Optional.of(method)), List.of("x", "y"));
        DataOutputSerializer written = new DataOutputSerializer(1_000);

        AdaptersOfSettingsSerializer.INSTANCE.serialize(noted, written);

        assertThat(
                        AdaptersOfSettingsSerializer.INSTANCE.deserialize(
                                new DataInputDeserializer(written.getCopyOfBuffer())))
                .isEqualTo(noted);
    }

    private static void requireFit(String training, NotedSettings noted) throws Exception {
        PreflightException.throwIfAny(
                check(training).misfits("state", new TreeMap<>(Map.of("x", noted))));
    }

    private static StateCheck check(String training) throws Exception {
        return new StateCheck(config(training), PretrainedModel.load(source));
    }

    private static NotedSettings noted(String training, AdapterState adapter) throws Exception {
        return NotedSettings.of(adapter, Optional.of(template(training).method()));
    }

    private static AdapterState adapter(String training) throws Exception {
        try (Learner learner = Learner.open(source, 1)) {
            return learner.create("x", template(training));
        }
    }

    private static TrainingTemplate template(String training) throws ConfigException {
        return config(training).adapters().template("x").orElseThrow();
    }

    private static JobConfig config(String training) throws ConfigException {
        return ConfigFile.parse(
                """
                kafka.bootstrap-servers: localhost:9092
                registry.url: http://localhost:8081
                publish.directory: /tmp/adapters
                model.directory: %s
                model.max-length: 32
                training: %s
                """
                        .formatted(folder.resolve("model"), training),
                "job.yaml");
    }

    private static String name(Method method) {
        return method.name().toLowerCase(Locale.ROOT);
    }
}
