package io.rankstream.job.config;

import static io.rankstream.job.config.ConfigTexts.MINIMAL;
import static io.rankstream.job.config.ConfigTexts.REQUIRED;
import static io.rankstream.job.config.ConfigTexts.errorsOf;
import static io.rankstream.job.config.ConfigTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.adalora.Counted;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.job.checkpoint.DigestedStorage;
import io.rankstream.job.checkpoint.RareCompaction;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.config.settings.KafkaSettings.StartingOffsets;
import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.RegistrySettings;
import io.rankstream.job.config.settings.Selections;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

    @Nested
    class OfAJobThatWasBegunUnderTheFirstDefaults {

        @Test
        void keepsThemWhereTheFileGivesNothing() throws ConfigException {
            JobConfig config = parse(MINIMAL).begunUnder(Defaults.FIRST);

            assertThat(config.batch().maxExamples()).isEqualTo(16);
            assertThat(config.publish()).isEqualTo(new PublishSettings("/adapters", 100));
            TrainingTemplate template = config.adapters().others().orElseThrow().template();
            assertThat(template.schedule()).isEqualTo(new StreamingBudgetSchedule(50, 200, 10, 8));
            assertThat(template.optimizer().learningRateSchedule())
                    .isEqualTo(new LearningRateSchedule(20, 0));
        }

        @Test
        void takesWhatTheFileGives() throws ConfigException {
            JobConfig config =
                    parse(
                                    MINIMAL
                                            + """
                                            batch.max-examples: 2
                                            publish.every-steps: 3
                                            training.budget.ramp-examples: 7
                                            adapters:
                                              list:
                                                optimizer.warmup-examples: 5
                                            """)
                            .begunUnder(Defaults.FIRST);

            assertThat(config.batch().maxExamples()).isEqualTo(2);
            assertThat(config.publish().everySteps()).isEqualTo(3);
            TrainingTemplate list = config.adapters().template("list").orElseThrow();
            assertThat(list.schedule())
                    .isEqualTo(new StreamingBudgetSchedule(Counted.EXAMPLES, 100, 7, 10, 8));
            assertThat(list.optimizer().learningRateSchedule())
                    .isEqualTo(new LearningRateSchedule(Counted.EXAMPLES, 5, 0));
        }
    }

    @Test
    void countsInStepsWhereTheFileGivesSteps() throws ConfigException {
        JobConfig config =
                parse(
                        MINIMAL
                                + """
                                training.budget.ramp-steps: 30
                                training.optimizer.decay-end-step: 1000
                                """);

        TrainingTemplate template = config.adapters().others().orElseThrow().template();
        assertThat(template.schedule()).isEqualTo(new StreamingBudgetSchedule(50, 30, 10, 8));
        assertThat(template.optimizer().learningRateSchedule())
                .isEqualTo(new LearningRateSchedule(20, 1000));
    }

    @Test
    void anAdapterMaySelectByABudgetOfItsOwn() throws ConfigException {
        Selections selections =
                parse(
                                MINIMAL
                                        + """
                                        loop.mode: train
                                        loop.budget-share: .1
                                        loop.utility: entropy
                                        adapters:
                                          acme:
                                            loop.labels-per-hour: 3
                                          busy:
                                            loop.uniform-share: 1
                                        """)
                        .loop()
                        .selections()
                        .orElseThrow();

        assertThat(selections.of("acme").budget()).isEqualTo(new LabelBudget.PerHour(3));
        assertThat(selections.of("acme").utility()).isEqualTo(LabelUtility.ENTROPY);
        assertThat(selections.of("busy").budget()).isEqualTo(new LabelBudget.Share(.1));
        assertThat(selections.of("busy").uniformShare()).isEqualTo(1);
        assertThat(selections.of("any").uniformShare()).isEqualTo(.5);
    }

    @Test
    void fillsEverythingThatTheFileLeavesOutWithDefaults() throws ConfigException {
        JobConfig config = parse(MINIMAL);

        assertThat(config.kafka())
                .isEqualTo(
                        new KafkaSettings(
                                "broker:9092",
                                Map.of(),
                                "rankstream",
                                StartingOffsets.EARLIEST,
                                false,
                                Duration.ofMinutes(10)));
        assertThat(config.topics())
                .isEqualTo(
                        new TopicNames(
                                Map.ofEntries(
                                        Map.entry(Topic.LABELED_EXAMPLES, "labeled-examples"),
                                        Map.entry(Topic.CONTROL_COMMANDS, "control-commands"),
                                        Map.entry(Topic.PREDICTIONS, "predictions"),
                                        Map.entry(Topic.TRAINING_REPORTS, "training-reports"),
                                        Map.entry(Topic.COMMAND_ANSWERS, "command-answers"),
                                        Map.entry(Topic.DRIFT_EVENTS, "drift-events"),
                                        Map.entry(Topic.ADAPTER_VERSIONS, "adapter-versions"),
                                        Map.entry(Topic.DEAD_LETTERS, "dead-letters"),
                                        Map.entry(Topic.UNLABELED_INPUTS, "unlabeled-inputs"),
                                        Map.entry(Topic.LABELS, "labels"),
                                        Map.entry(Topic.INPUT_PREDICTIONS, "input-predictions"),
                                        Map.entry(Topic.LABEL_REQUESTS, "label-requests"),
                                        Map.entry(Topic.LABEL_OUTCOMES, "label-outcomes"),
                                        Map.entry(Topic.ADAPTER_QUALITY, "adapter-quality"))));
        assertThat(config.registry())
                .isEqualTo(
                        new RegistrySettings(
                                "http://registry:8081",
                                Map.of(),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(2),
                                true));
        assertThat(config.model())
                .isEqualTo(
                        new ModelSettings(
                                new ModelSource.Embedded(),
                                128,
                                0,
                                DeviceSetting.parse("cpu"),
                                null));
        assertThat(config.batch())
                .isEqualTo(new BatchSettings(4, 4096, Duration.ofSeconds(10), 10_000));
        assertThat(config.train())
                .isEqualTo(new TrainSettings(512L << 20, 256, 0, Duration.ofMillis(20)));
        assertThat(config.publish()).isEqualTo(new PublishSettings("/adapters", 8, 400));
        assertThat(config.adapters())
                .isEqualTo(
                        ConfiguredAdapters.NONE.withOthers(
                                new AdapterSettings(
                                        TrainingTemplate.classification()
                                                .labels(List.of("ham", "spam"))
                                                .targetModules(List.of(".*"))
                                                .schedule(
                                                        new StreamingBudgetSchedule(
                                                                Counted.EXAMPLES, 100, 400, 10, 8))
                                                .orthogonality(
                                                        new OrthogonalityPenalty(
                                                                .1,
                                                                OrthogonalityPenalty.Form
                                                                        .MEAN_NORM))
                                                .optimizer(
                                                        new OptimizerSettings(
                                                                2e-3,
                                                                3e-2,
                                                                .9,
                                                                .999,
                                                                1e-8,
                                                                .01,
                                                                1,
                                                                new LearningRateSchedule(
                                                                        Counted.EXAMPLES, 32, 0)))
                                                .build())));
        assertThat(config.flink().toMap())
                .isEqualTo(
                        Map.ofEntries(
                                Map.entry("execution.checkpointing.interval", "10 s"),
                                Map.entry("execution.checkpointing.mode", "EXACTLY_ONCE"),
                                Map.entry(
                                        "execution.checkpointing.externalized-checkpoint-retention",
                                        "RETAIN_ON_CANCELLATION"),
                                Map.entry("execution.checkpointing.unaligned.enabled", "true"),
                                Map.entry(
                                        "execution.checkpointing.aligned-checkpoint-timeout",
                                        "30 s"),
                                Map.entry("execution.checkpointing.incremental", "true"),
                                Map.entry(
                                        "execution.checkpointing.storage",
                                        DigestedStorage.Factory.class.getName()),
                                Map.entry("execution.buffer-timeout.interval", "0 ms"),
                                Map.entry("state.backend.type", "rocksdb"),
                                Map.entry(
                                        "state.backend.rocksdb.options-factory",
                                        RareCompaction.class.getName()),
                                Map.entry("state.backend.rocksdb.use-bloom-filter", "true"),
                                Map.entry("pipeline.generic-types", "false"),
                                Map.entry("pipeline.max-parallelism", "128"),
                                Map.entry("parallelism.default", "1"),
                                Map.entry("restart-strategy.type", "exponential-delay"),
                                Map.entry(
                                        "restart-strategy.exponential-delay.initial-backoff",
                                        "1 s"),
                                Map.entry(
                                        "restart-strategy.exponential-delay.max-backoff", "1 min"),
                                Map.entry(
                                        "restart-strategy.exponential-delay.backoff-multiplier",
                                        "2.0"),
                                Map.entry(
                                        "restart-strategy.exponential-delay.reset-backoff-threshold",
                                        "10 min"),
                                Map.entry(
                                        "taskmanager.network.memory.buffer-debloat.period", "1 s"),
                                Map.entry("pipeline.auto-watermark-interval", "0 ms"),
                                Map.entry(
                                        "taskmanager.network.memory.buffer-debloat.enabled",
                                        "true")));
    }

    @Test
    void readsNestedAndDottedKeysAlike() throws ConfigException {
        JobConfig dotted = parse(MINIMAL + "kafka.group-id: x\ntraining.budget.target-rank: 4\n");
        JobConfig nested =
                parse(
                        """
                        kafka:
                          bootstrap-servers: broker:9092
                          group-id: x
                        registry: {url: "http://registry:8081"}
                        publish: {directory: /adapters}
                        training:
                          labels:
                            - ham
                            - spam
                          budget:
                            target-rank: 4
                        """);

        assertThat(nested).isEqualTo(dotted);
    }

    @Test
    void takesValuesAsTheyAreWrittenWhateverYamlWouldMakeOfThem() throws ConfigException {
        JobConfig config =
                parse(
                        REQUIRED
                                + """
                                training.labels: [yes, no, 1.10, null text, "null", 2001-01-01]
                                kafka.group-id: 007
                                """);

        assertThat(config.adapters().others().orElseThrow().template().labels())
                .containsExactly("yes", "no", "1.10", "null text", "null", "2001-01-01");
        assertThat(config.kafka().groupId()).isEqualTo("007");
    }

    @Test
    void mayNameTheModelAndItsLayersAndReadItsPooler() throws ConfigException {
        JobConfig config =
                parse(
                        MINIMAL
                                + """
                                model: {directory: /models/bge, name: BAAI/bge-small-en-v1.5}
                                training.pooling: pooler
                                training.target-modules:
                                - encoder.layer.3.attention.self.query
                                - ".*layer[.](0|1)[.].*value"
                                """);

        assertThat(config.model().source())
                .isEqualTo(new ModelSource.Directory("/models/bge", "BAAI/bge-small-en-v1.5"));
        assertThat(config.adapters().others().orElseThrow().template().pooling())
                .isEqualTo(Pooling.POOLER);
        assertThat(config.adapters().others().orElseThrow().template().targetModules())
                .containsExactly(
                        "encoder.layer.3.attention.self.query", ".*layer[.](0|1)[.].*value");
        assertThat(errorsOf(MINIMAL + "model.name: x"))
                .singleElement()
                .asString()
                .contains("model.name only means something where model.directory is set");
        assertThat(errorsOf(MINIMAL + "training.target-modules: [\"(query\"]"))
                .singleElement()
                .asString()
                .contains("training.target-modules is");
    }

    @Test
    void takesTheModelFromADirectory() throws ConfigException {
        assertThat(parse(MINIMAL + "model.directory: /models/bge").model().source())
                .isEqualTo(new ModelSource.Directory("/models/bge"));
    }

    @Test
    void turnsLingerOffWithZeroSeconds() throws ConfigException {
        assertThat(parse(MINIMAL + "batch.linger: 0 s").batch().linger()).isZero();
    }

    @Test
    void handsPropertiesOnAsTheyAre() throws ConfigException {
        JobConfig config =
                parse(
                        MINIMAL
                                + """
                                kafka.properties:
                                  security.protocol: SSL
                                  ssl:
                                    enabled.protocols: [TLSv1.2, TLSv1.3]
                                registry.properties.basic.auth.credentials.source: URL
                                """);

        assertThat(config.kafka().properties())
                .isEqualTo(
                        Map.of(
                                "security.protocol",
                                "SSL",
                                "ssl.enabled.protocols",
                                "TLSv1.2,TLSv1.3"));
        assertThat(config.registry().properties())
                .isEqualTo(Map.of("basic.auth.credentials.source", "URL"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu", "gpu:0", "gpu:3"})
    void readsDevices(String device) throws ConfigException {
        assertThat(parse(MINIMAL + "model.device: '" + device + "'").model().device())
                .hasToString(device);
    }

    @Test
    void readsTheFolderOfAnotherLibtorch() throws ConfigException {
        assertThat(parse(MINIMAL + "model.engine-directory: /opt/torch").model().engineDirectory())
                .isEqualTo("/opt/torch");
    }

    @Test
    void readsTheExampleFile() throws ConfigException {
        JobConfig config = ConfigFile.load(Documentation.folder().resolve("rankstream.yaml"));

        assertThat(config.adapters().named()).containsOnlyKeys("spam", "tickets.acme-eu");
    }

    /** A line of the example file that is there to be switched on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "topics.prefix",
                "loop.mode",
                "loop.budget-share",
                "loop.labels-per-hour",
                "loop.votes",
                "loop.horizon",
                "loop.window",
                "serve.host",
                "serve.port",
                "serve.token",
                "serve.tls.certificate",
                "serve.tls.key"
            })
    void theExampleFileNames(String option) throws Exception {
        List<String> path = List.of(option.split("\\."));
        List<String> lines =
                Files.readAllLines(Documentation.folder().resolve("rankstream.yaml")).stream()
                        .map(line -> line.replaceFirst("^ +# ?", "  "))
                        .map(String::stripTrailing)
                        .toList();
        List<String> section = lines.subList(lines.indexOf(path.get(0) + ":"), lines.size());

        assertThat(section.subList(0, section.indexOf("")))
                .anyMatch(line -> line.strip().startsWith(path.get(path.size() - 1) + ":"));
    }

    @Nested
    class LabeledExamples {

        @Test
        void areAvroUnlessTheFileSaysSo() throws ConfigException {
            assertThat(parse(MINIMAL).input().format()).isEqualTo(InputFormat.AVRO);
        }

        @Test
        void areFoundInJsonWhereTheMappingSays() throws ConfigException {
            JobConfig config =
                    parse(
                            MINIMAL
                                    + """
                                    input:
                                      format: json
                                      map:
                                        exampleId: ticket
                                        text: body.parts[0].text
                                        label: /a.b/c
                                        eventTimeUnit: millis
                                      defaults:
                                        exampleId: topic-partition-offset
                                        adapterId: acme
                                    """);

            assertThat(config.input())
                    .isEqualTo(
                            new InputSettings(
                                    InputFormat.JSON,
                                    JsonMapping.parse(
                                            "exampleId=ticket,text=body.parts[0].text,label=/a.b/c,"
                                                    + "eventTimeUnit=millis,"
                                                    + "defaults.exampleId=topic-partition-offset,"
                                                    + "defaults.adapterId=acme")));
        }

        @Test
        void haveAllErrorsAtOnce() {
            assertThat(
                            errorsOf(
                                    MINIMAL
                                            + """
                                            input:
                                              format: json
                                              map:
                                                example-id: ticket
                                                text: body..text
                                                eventTimeUnit: weeks
                                              defaults:
                                                exampleId: 7
                                                adapterId: ../etc
                                            """))
                    .satisfiesExactlyInAnyOrder(
                            error ->
                                    assertThat(error)
                                            .contains("input.map.example-id is no option")
                                            .contains("did you mean input.map.exampleId?"),
                            error ->
                                    assertThat(error)
                                            .contains("input.map.text is 'body..text', expected a")
                                            .contains("path such as body.text"),
                            error ->
                                    assertThat(error)
                                            .contains("input.map.eventTimeUnit is 'weeks'")
                                            .contains("one of iso, seconds, millis, micros, nanos"),
                            error ->
                                    assertThat(error)
                                            .contains("input.defaults.exampleId is '7', expected")
                                            .contains("topic-partition-offset"),
                            error ->
                                    assertThat(error)
                                            .contains("input.defaults.adapterId is '../etc'"));
        }

        @Test
        void haveNoMappingInAvro() {
            assertThat(errorsOf(MINIMAL + "input.map.text: body\n"))
                    .singleElement()
                    .asString()
                    .contains("input.map.text only means something where input.format is json");
        }
    }

    @Nested
    class EnvironmentVariables {

        @Test
        void standInAnyValue() throws ConfigException {
            JobConfig config =
                    parse(
                            REQUIRED
                                    + """
                                    training.labels: ["${env:A}", b]
                                    kafka.group-id: job-${env:A}-${env:B}
                                    kafka.properties.sasl.jaas.config: 'a.B required password="${env:PW}";'
                                    """,
                            Map.of("A", "a", "B", "$1\\", "PW", "${env:A}"));

            assertThat(config.kafka().groupId()).isEqualTo("job-a-$1\\");
            assertThat(config.adapters().others().orElseThrow().template().labels())
                    .containsExactly("a", "b");
            assertThat(config.kafka().properties())
                    .containsEntry("sasl.jaas.config", "a.B required password=\"${env:A}\";");
        }

        @Test
        void areMissedByName() {
            assertThat(errorsOf(MINIMAL + "kafka.properties.ssl.key.password: ${env:KEY_PW}"))
                    .containsExactly(
                            "job.yaml:5: kafka.properties.ssl.key.password refers to the environment"
                                    + " variable 'KEY_PW', which is not set; set it, or write the"
                                    + " value itself");
        }

        @Test
        void areMissedOnceInAValueThatHasARule() {
            assertThat(errorsOf(MINIMAL + "batch.linger: ${env:A}${env:A}"))
                    .singleElement()
                    .asString()
                    .contains("'A', which is not set");
        }

        @Test
        void areNotToldInAnError() {
            assertThatThrownBy(
                            () ->
                                    parse(
                                            MINIMAL + "batch.linger: ${env:LINGER}",
                                            Map.of("LINGER", "geheim")))
                    .hasMessageContaining("batch.linger is '${env:LINGER}'")
                    .message()
                    .doesNotContain("geheim");
        }
    }

    @Nested
    class FlinkOptions {

        @Test
        void goOverTheDefaults() throws ConfigException {
            var flink =
                    parse(
                                    MINIMAL
                                            + """
                                            flink:
                                              execution.checkpointing:
                                                interval: 1 min
                                                unaligned.enabled: false
                                              my.list: [a, "b;c"]
                                              my.map: {x: 1, y: 2}
                                            """)
                            .flink();

            assertThat(flink.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
                    .isEqualTo(Duration.ofMinutes(1));
            assertThat(flink.get(CheckpointingOptions.ENABLE_UNALIGNED)).isFalse();
            assertThat(flink.get(PipelineOptions.MAX_PARALLELISM)).isEqualTo(128);
            assertThat(
                            flink.get(
                                    ConfigOptions.key("my.list")
                                            .stringType()
                                            .asList()
                                            .noDefaultValue()))
                    .containsExactly("a", "b;c");
            assertThat(flink.get(ConfigOptions.key("my.map").mapType().noDefaultValue()))
                    .isEqualTo(Map.of("x", "1", "y", "2"));
        }

        @Test
        void goOverTheDefaultsUnderTheirOlderNamesToo() throws ConfigException {
            var flink =
                    parse(MINIMAL + "flink: {state.backend: hashmap, restart-strategy: none}")
                            .flink();

            assertThat(flink.get(StateBackendOptions.STATE_BACKEND)).isEqualTo("hashmap");
            assertThat(flink.get(RestartStrategyOptions.RESTART_STRATEGY)).isEqualTo("none");
        }
    }

    @Nested
    class Loading {

        @TempDir private Path folder;

        @Test
        void namesTheFileInErrors() throws IOException {
            Path file = folder.resolve("job.yaml");
            Files.writeString(file, MINIMAL + "x.y: 1\n");

            assertThatThrownBy(() -> ConfigFile.load(file))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith(file + ":5: x.y is no option");
        }

        @Test
        void refusesAFileThatDoesNotExist() {
            assertThatThrownBy(() -> ConfigFile.load(folder.resolve("none.yaml")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageEndingWith("none.yaml: there is no such file; check the path");
        }

        @Test
        void refusesAFolder() {
            assertThatThrownBy(() -> ConfigFile.load(folder))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("this is a folder");
        }

        @Test
        void refusesAFileThatIsNotUtf8() throws IOException {
            Path file = folder.resolve("latin1.yaml");
            Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xe4});

            assertThatThrownBy(() -> ConfigFile.load(file))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("not UTF-8");
        }
    }
}
