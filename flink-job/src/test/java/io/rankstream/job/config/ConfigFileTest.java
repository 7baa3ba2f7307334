package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rankstream.adapters.adalora.Counted;
import io.rankstream.adapters.adalora.FiniteBudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.job.checkpoint.DigestedStorage;
import io.rankstream.job.checkpoint.RareCompaction;
import io.rankstream.job.config.option.ConfigError;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.option.Environment;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.AdapterStart;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.config.settings.KafkaSettings.StartingOffsets;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.RegistrySettings;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

    private static final String REQUIRED =
            """
            kafka.bootstrap-servers: broker:9092
            registry.url: http://registry:8081
            publish.directory: /adapters
            """;

    private static final String MINIMAL = REQUIRED + "training.labels: [ham, spam]\n";

    private static JobConfig parse(String yaml) throws ConfigException {
        return parse(yaml, Map.of());
    }

    private static JobConfig parse(String yaml, Map<String, String> variables)
            throws ConfigException {
        return ConfigFile.parse(yaml, "job.yaml", new Environment(variables::get));
    }

    private static List<String> errorsOf(String yaml) {
        return catchThrowableOfType(ConfigException.class, () -> parse(yaml)).errors().stream()
                .map(ConfigError::toString)
                .toList();
    }

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
                                Map.of(
                                        Topic.LABELED_EXAMPLES, "labeled-examples",
                                        Topic.CONTROL_COMMANDS, "control-commands",
                                        Topic.PREDICTIONS, "predictions",
                                        Topic.TRAINING_REPORTS, "training-reports",
                                        Topic.COMMAND_ANSWERS, "command-answers",
                                        Topic.ADAPTER_VERSIONS, "adapter-versions",
                                        Topic.DEAD_LETTERS, "dead-letters")));
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
                                                .targetModules(
                                                        List.of(
                                                                "query",
                                                                "key",
                                                                "value",
                                                                "attention.output.dense",
                                                                "intermediate.dense",
                                                                "output.dense"))
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
    class Adapters {

        @Test
        void inheritTheTemplateAndOverrideAnyKeyOfIt() throws ConfigException {
            ConfiguredAdapters adapters =
                    parse(
                                    MINIMAL
                                            + """
                                            training.alpha: 16
                                            adapters:
                                              list:
                                                labels: [exmh, fork, ilug]
                                                init-rank: 16
                                                budget: {target-rank: 10}
                                                optimizer.beta2: 0.99
                                            """)
                            .adapters();

            TrainingTemplate list = adapters.template("list").orElseThrow();
            assertThat(list.labels()).containsExactly("exmh", "fork", "ilug");
            assertThat(list.initRank()).isEqualTo(16);
            assertThat(list.schedule())
                    .isEqualTo(new StreamingBudgetSchedule(Counted.EXAMPLES, 100, 400, 10, 10));
            assertThat(list.optimizer().beta2()).isEqualTo(.99);
            assertThat(list.alpha()).isEqualTo(16);
            assertThat(adapters.template("other").orElseThrow().initRank()).isEqualTo(12);
        }

        @Test
        void mayStartFromSnapshots() throws ConfigException {
            ConfiguredAdapters adapters =
                    parse(
                                    MINIMAL
                                            + """
                                            training.start-from: /snapshots/common.safetensors
                                            adapters:
                                              list: {start-from: "s3://bucket/list.safetensors"}
                                              spam: {alpha: 16}
                                            """)
                            .adapters();

            AdapterStart common = new AdapterStart.Snapshot("/snapshots/common.safetensors");
            assertThat(start(adapters, "list"))
                    .isEqualTo(new AdapterStart.Snapshot("s3://bucket/list.safetensors"));
            assertThat(start(adapters, "spam")).isEqualTo(common);
            assertThat(start(adapters, "other")).isEqualTo(common);
            assertThat(start(parse(MINIMAL).adapters(), "other"))
                    .isEqualTo(new AdapterStart.Template());
        }

        private static AdapterStart start(ConfiguredAdapters adapters, String adapterId) {
            return adapters.of(adapterId).orElseThrow().start();
        }

        @Test
        void mayHaveDotsInTheirIds() throws ConfigException {
            assertThat(
                            parse(MINIMAL + "adapters: {acme.eu: {init-rank: 9}, acme: {seed: 7}}")
                                    .adapters()
                                    .named())
                    .containsOnlyKeys("acme.eu", "acme");
        }

        @Test
        void areAdmittedByTheirIdAlone() throws ConfigException {
            assertThat(parse(MINIMAL + "adapters: {spam: , list: {}}").adapters().named())
                    .containsOnlyKeys("spam", "list");
        }

        @Test
        void areTheOnlyOnesWithoutCommonLabels() throws ConfigException {
            ConfiguredAdapters adapters =
                    parse(REQUIRED + "adapters: {spam: {labels: [ham, spam]}}").adapters();

            assertThat(adapters.of("spam")).isPresent();
            assertThat(adapters.of("other")).isEmpty();
            assertThat(adapters.others()).isEmpty();
        }

        @Test
        void mayHaveAnotherScheduleThanTheTemplate() throws ConfigException {
            ConfiguredAdapters adapters =
                    parse(
                                    MINIMAL
                                            + """
                                            training.budget.ramp-steps: 300
                                            adapters:
                                              paper:
                                                budget:
                                                  schedule: finite
                                                  total-steps: 1000
                                                  final-steps: 400
                                            """)
                            .adapters();

            assertThat(adapters.template("paper").orElseThrow().schedule())
                    .isEqualTo(new FiniteBudgetSchedule(1000, 50, 400, 10, 8));
        }

        @Test
        void needLabelsFromSomewhere() {
            assertThat(errorsOf(REQUIRED + "adapters: {spam: {init-rank: 9}}"))
                    .containsExactly(
                            "job.yaml: adapters.spam.labels is missing, expected a list of at least"
                                    + " two labels; add it, or training.labels");
            assertThat(errorsOf(REQUIRED))
                    .containsExactly(
                            "job.yaml: no adapter can learn, expected labels; give training.labels,"
                                    + " or adapters with labels of their own under adapters");
        }

        @Test
        void areRefusedUnderAnIdThatIsNoFileName() {
            assertThat(errorsOf(MINIMAL + "adapters: {../x: {init-rank: 9}}"))
                    .singleElement()
                    .asString()
                    .startsWith("job.yaml:5: adapters has the id '../x', expected 1 to 64 letters");
        }

        @Test
        void areRefusedWithTheIdInADottedKey() {
            assertThat(errorsOf(MINIMAL + "adapters.spam.init-rank: 9"))
                    .singleElement()
                    .asString()
                    .contains("adapters.spam.init-rank has an adapter id within a dotted key");
        }

        @Test
        void areRefusedWithoutAMapping() {
            assertThat(errorsOf(MINIMAL + "adapters: [spam]"))
                    .singleElement()
                    .asString()
                    .contains("adapters is [spam], expected adapter ids");
            assertThat(errorsOf(MINIMAL + "adapters: {spam: on}"))
                    .singleElement()
                    .asString()
                    .contains("adapters.spam is a section");
        }

        @Test
        void doNotRepeatAnErrorOfTheTemplate() {
            assertThat(errorsOf(MINIMAL + "training.init-rank: 4\nadapters: {a: , b: }"))
                    .containsExactly(
                            "job.yaml:5: training.budget.target-rank is 8, expected at most"
                                    + " training.init-rank, which is 4; lower it or raise the"
                                    + " other");
        }
    }

    @Nested
    class Refuses {

        @Test
        void everythingThatIsWrongAtOnce() {
            assertThat(
                            errorsOf(
                                    """
                                    kafka:
                                      bootstrap-servers: broker
                                      bounded: maybe
                                    registry.url: ftp://registry
                                    batch.linger: 10
                                    train.cache-size: 0 mb
                                    training:
                                      labels: [ham]
                                      dropout: 1
                                      init-rank: 4
                                      budget.target-rank: 8
                                    topics.predictions: dead.letters
                                    topics.dead-letters: dead_letters
                                    nonsense: true
                                    """))
                    .containsExactly(
                            "job.yaml:2: kafka.bootstrap-servers is 'broker', expected host:port"
                                    + " pairs separated by commas, such as"
                                    + " broker1:9092,broker2:9092; correct it",
                            "job.yaml:3: kafka.bounded is 'maybe', expected true or false; correct"
                                    + " it or remove it for the default, false",
                            "job.yaml:4: registry.url is 'ftp://registry', expected an http or https"
                                    + " URL, such as http://registry:8081; correct it",
                            "job.yaml:5: batch.linger is '10', expected a duration from 0 ms to 24 d"
                                    + " with its unit, such as 500 ms, 10 s or 2 min; correct it or"
                                    + " remove it for the default, 10 s",
                            "job.yaml:6: train.cache-size is '0 mb', expected a size above 0 with"
                                    + " its unit, such as 512 mb or 2 gb; correct it or remove it"
                                    + " for the default, 512 mb",
                            "job.yaml:8: training.labels is [ham], expected a list of at least two"
                                    + " labels, all different, each of 1 to 256 characters, not all"
                                    + " blank, without control characters, such as [ham, spam];"
                                    + " correct it",
                            "job.yaml:9: training.dropout is '1', expected a number from 0 to below"
                                    + " 1; correct it or remove it for the default, 0",
                            "job.yaml:11: training.budget.target-rank is 8, expected at most"
                                    + " training.init-rank, which is 4; lower it or raise the other",
                            "job.yaml:13: topics.dead-letters is 'dead_letters', expected another"
                                    + " topic than topics.predictions ('dead.letters'; Kafka takes"
                                    + " '.' and '_' for equal); rename one",
                            "job.yaml:14: nonsense is no option; remove it, or find the right one in"
                                    + " docs/configuration.md",
                            "job.yaml: publish.directory is missing, expected a folder, or the URI"
                                    + " of one, without a password, such as s3://bucket/adapters;"
                                    + " add it");
        }

        @Test
        void withOneErrorPerLineOfTheMessage() {
            assertThatThrownBy(() -> parse(MINIMAL + "a.b: 1\nc.d: 2\n"))
                    .isInstanceOf(ConfigException.class)
                    .message()
                    .hasLineCount(2);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "training.alpha: .nan",
                    "training.alpha: NaN",
                    "training.alpha: .inf",
                    "training.alpha: 1e39",
                    "training.alpha: 1e-60",
                    "training.alpha: 0",
                    "training.optimizer.learning-rate: -0.1",
                    "training.optimizer.beta1: 1",
                    "training.importance.sensitivity-decay: -.1",
                    "training.init-rank: 0",
                    "training.init-rank: 1.5",
                    "training.init-rank: 99999999999",
                    "training.budget.mask-interval: 0",
                    "training.budget.warmup-steps: -1",
                    "training.pooling: max",
                    "training.labels: ham",
                    "training.labels: [ham, ham]",
                    "training.labels: [ham, spam, ~]",
                    "kafka.group-id: ' '",
                    "kafka.group-id:",
                    "kafka.group-id: [a]",
                    "kafka.bootstrap-servers: a:1,,b:2",
                    "kafka.bootstrap-servers: a:99999",
                    "topics.predictions: a/b",
                    "topics.predictions: ..",
                    "registry.url: 'http:'",
                    "registry.request-timeout: 0 s",
                    "registry.request-timeout: 99999999999999 d",
                    "registry.request-timeout: 1 ns",
                    "train.cache-size: 512",
                    "train.cache-size: -1 mb",
                    "model.max-length: 7",
                    "model.max-length: 513",
                    "batch.max-tokens: 127",
                    "publish.directory: ''",
                    "publish.every-steps: 0",
                    "kafka.transaction-timeout: 10 s",
                    "training.budget.total-steps: 100",
                    "training.optimizer.decay-end-step: 20",
                    "flink.execution.checkpointing.interval: soon",
                    "flink.execution.checkpointing.interval: 0 s",
                    "flink.execution.checkpointing.mode: exactly-once",
                    "kafka.properties.bootstrap.servers: b:1",
                    "kafka.properties.acks:",
                    "kafka: broker",
                })
        void aValueThatMakesNoSense(String line) {
            String key = line.substring(0, line.indexOf(':'));
            String others =
                    MINIMAL.lines()
                            .filter(each -> !each.startsWith(key + ":"))
                            .reduce("", (text, each) -> text + each + "\n");

            assertThat(errorsOf(others + line)).singleElement().asString().contains(key + " ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"cuda", "GPU", "gpu:", "gpu:-1", "gpu:99999999999", "cpu:0"})
        void aDeviceOfAnotherName(String device) {
            assertThat(errorsOf(MINIMAL + "model.device: '" + device + "'"))
                    .containsExactly(
                            "job.yaml:5: model.device is '"
                                    + device
                                    + "', expected cpu, gpu, or gpu: with an index, such as gpu:0;"
                                    + " correct it or remove it for the default, cpu");
        }

        @Test
        void aFiniteScheduleWithoutItsLength() {
            assertThat(errorsOf(MINIMAL + "training.budget.schedule: finite"))
                    .containsExactly(
                            "job.yaml:5: training.budget.total-steps is missing, expected a number of"
                                    + " steps because training.budget.schedule is finite; add it",
                            "job.yaml:5: training.budget.final-steps is missing, expected a number of"
                                    + " steps because training.budget.schedule is finite; add it");
        }

        @Test
        void aFiniteScheduleWithARamp() {
            assertThat(
                            errorsOf(
                                    MINIMAL
                                            + """
                                            training.budget:
                                              schedule: finite
                                              total-steps: 100
                                              final-steps: 50
                                              ramp-steps: 10
                                            """))
                    .containsExactly(
                            "job.yaml:7: training.budget.total-steps is 100, expected more than"
                                    + " training.budget.warmup-steps and"
                                    + " training.budget.final-steps together, which are 100; raise"
                                    + " it or lower them",
                            "job.yaml:9: training.budget.ramp-steps only means something where"
                                    + " training.budget.schedule is streaming; remove it, or set"
                                    + " that so");
        }

        @Test
        void twoUnitsOfOneWarmUp() {
            assertThat(
                            errorsOf(
                                    MINIMAL
                                            + """
                                            training.budget.warmup-examples: 100
                                            training.optimizer.warmup-examples: 10
                                            adapters:
                                              list:
                                                budget.ramp-steps: 30
                                                optimizer.decay-end-step: 1000
                                            """))
                    .containsExactly(
                            "job.yaml:9: adapters.list.budget.ramp-steps counts in steps, but"
                                    + " training.budget.warmup-examples in examples; keep one of"
                                    + " the two",
                            "job.yaml:10: adapters.list.optimizer.decay-end-step counts in steps,"
                                    + " but training.optimizer.warmup-examples in examples; keep"
                                    + " one of the two");
        }

        @Test
        void aBudgetForPlainLora() {
            assertThat(
                            errorsOf(
                                    MINIMAL
                                            + """
                                            training.method: lora
                                            training.budget.target-rank: 4
                                            """))
                    .containsExactly(
                            "job.yaml:6: training.budget.target-rank only means something where"
                                    + " training.method is adalora; remove it, or set that so");
        }

        @Test
        void ranksOfAHeadAlone() {
            assertThat(
                            errorsOf(
                                    MINIMAL
                                            + """
                                            training.method: head
                                            training.init-rank: 4
                                            """))
                    .containsExactly(
                            "job.yaml:6: training.init-rank only means something where"
                                    + " training.method is adalora or lora; remove it, or set that"
                                    + " so");
        }

        @Test
        void aScheduleOfAConstantBudget() {
            assertThat(
                            errorsOf(
                                    MINIMAL
                                            + """
                                            training.budget.schedule: constant
                                            training.budget.warmup-steps: 4
                                            """))
                    .containsExactly(
                            "job.yaml:6: training.budget.warmup-steps only means something where"
                                    + " training.budget.schedule is streaming or finite; remove it,"
                                    + " or set that so");
        }

        @Test
        void aTargetModuleThatBertHasNot() {
            assertThat(errorsOf(MINIMAL + "training.target-modules: [query, q_proj]"))
                    .singleElement()
                    .asString()
                    .startsWith("job.yaml:5: training.target-modules is [query, q_proj], expected")
                    .contains("known are query, key, value");
        }

        @Test
        void checkpointsThatTrainTwice() {
            assertThat(errorsOf(MINIMAL + "flink.execution.checkpointing.mode: AT_LEAST_ONCE"))
                    .containsExactly(
                            "job.yaml:5: flink.execution.checkpointing.mode is 'AT_LEAST_ONCE',"
                                    + " expected EXACTLY_ONCE because an example is trained on"
                                    + " once; remove it");
        }

        @Test
        void aLearningRateThatLeavesNothingOfAnAdapter() {
            assertThat(errorsOf(MINIMAL + "training.optimizer.learning-rate: 10"))
                    .singleElement()
                    .asString()
                    .contains("expected a number above 0 and at most 1");
        }

        @Test
        void optionsOfKafkaThatTheJobSets() {
            assertThat(errorsOf(MINIMAL + "kafka.properties.group.id: x"))
                    .containsExactly(
                            "job.yaml:5: kafka.properties.group.id is set by the job; set"
                                    + " kafka.group-id instead");
        }

        @ParameterizedTest
        @CsvSource({
            "kafka.grup-id, kafka.group-id",
            "kafak.group-id, kafka.group-id",
            "group-id, kafka.group-id",
            "kafka.groupId, kafka.group-id",
            "batch.max_examples, batch.max-examples",
            "linger, batch.linger",
            "training.target-rank, training.budget.target-rank",
            "training.optimizer.lerning-rate, training.optimizer.learning-rate",
            "execution.checkpointing.interval, flink.execution.checkpointing.interval",
            "flnk.state.backend.type, flink.state.backend.type",
            "kafka.propertis.security.protocol, kafka.properties.security.protocol",
            "adapter.spam.alpha, adapters.spam.alpha",
        })
        void anUnknownKeyWithASuggestion(String key, String meant) {
            assertThat(errorsOf(MINIMAL + key + ": 1"))
                    .containsExactly(
                            "job.yaml:5: " + key + " is no option; did you mean " + meant + "?");
        }

        @Test
        void anUnknownKeyOfAnAdapterWithASuggestion() {
            assertThat(errorsOf(MINIMAL + "adapters:\n  a.b:\n    init-rnk: 3"))
                    .containsExactly(
                            "job.yaml:7: adapters.a.b.init-rnk is no option; did you mean"
                                    + " adapters.a.b.init-rank?");
        }
    }

    @Nested
    class Yaml {

        @Test
        void mayNotGiveAKeyTwiceInOneMapping() {
            assertThat(errorsOf(MINIMAL + "kafka.group-id: a\nkafka.group-id: b\n"))
                    .containsExactly(
                            "job.yaml:6: kafka.group-id is given twice in one mapping; keep one of"
                                    + " the two");
        }

        @Test
        void mayNotGiveAKeyTwiceInDifferentForms() {
            assertThat(
                            errorsOf(
                                    MINIMAL
                                            + """
                                            kafka: {group-id: a, properties: {acks: all}}
                                            kafka.group-id: b
                                            kafka.properties.acks: all
                                            """))
                    .containsExactly(
                            "job.yaml:6: kafka.group-id is given twice, first in line 5; keep one of"
                                    + " the two",
                            "job.yaml:7: kafka.properties.acks is given twice, first in line 5; keep"
                                    + " one of the two");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "a: b: geheim|line 1, column 5: a colon stands where no key can be",
                    "a: 'geheim|line 1, column 11: a quote is opened and never closed",
                    "a: [geheim|line 1, column 11: a list in brackets goes on without ',' or ']'",
                    "a: @geheim|line 1, column 4: a value begins with a character of YAML's own",
                })
        void withASyntaxErrorIsRefusedInOneSentenceWithThePlace(String yaml, String message) {
            assertThat(errorsOf(yaml).get(0))
                    .startsWith("job.yaml:1: not YAML at " + message)
                    .doesNotContain("geheim")
                    .doesNotContain("\n");
        }

        @Test
        void withACharacterThatYamlForbidsIsRefused() {
            assertThat(errorsOf("a: \u0001").get(0)).contains("it has a control character");
        }

        @Test
        void mayBeEmptyButThenLacksWhatIsRequired() {
            assertThat(errorsOf("# nothing\n")).hasSize(4);
        }

        @Test
        void mustBeAMapping() {
            assertThat(errorsOf("- a\n- b\n").get(0))
                    .isEqualTo(
                            "job.yaml:1: the file is no mapping, expected lines such as"
                                    + " 'kafka.group-id: rankstream'");
        }

        @Test
        void mayNotHaveASecondDocument() {
            assertThat(errorsOf(MINIMAL + "---\nkafka.group-id: x\n"))
                    .singleElement()
                    .asString()
                    .contains("a second document begins here");
        }

        @Test
        void mayNotHaveAliases() {
            assertThat(errorsOf(MINIMAL + "kafka.group-id: &id x\ntopics.predictions: *id\n"))
                    .singleElement()
                    .asString()
                    .contains("topics.predictions is an alias");
        }

        @Test
        void mayNotHaveListsInLists() {
            assertThat(errorsOf(REQUIRED + "training.labels: [a, b, [c]]\n"))
                    .singleElement()
                    .asString()
                    .contains("expected plain values");
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
