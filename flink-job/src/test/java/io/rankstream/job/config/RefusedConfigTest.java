package io.rankstream.job.config;

import static io.rankstream.job.config.ConfigTexts.MINIMAL;
import static io.rankstream.job.config.ConfigTexts.errorsOf;
import static io.rankstream.job.config.ConfigTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.option.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file may not say, and how it is told. */
class RefusedConfigTest {

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
                                + " blank, without control characters, such as [ham, spam], or tags such as [O, B-PER, I-PER];"
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
    @CsvSource(
            delimiter = '|',
            value = {
                "fleet.interval-examples: 10 | only means something where fleet.triplets is set",
                "fleet.triplets: 0 | expected",
                "'fleet.triplets: 9\nkafka.bounded: true' | none is heard that comes after the start",
                "'fleet.triplets: 9\ntraining.budget.schedule: constant' | and there is none",
                "'fleet.triplets: 9\ntraining.method: lora' | and there is none",
                "'fleet.triplets: 1\nadapters:\n  a: {}\n  b: {}' | for each of the 2 adapters"
            })
    void aFleetThatCouldNotMoveAnything(String lines, String problem) {
        assertThatThrownBy(() -> parse(MINIMAL + lines + "\n"))
                .isInstanceOf(ConfigException.class)
                .message()
                .hasLineCount(1)
                .contains("fleet.", problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loop.budget-share: .1 | only means something where loop.mode is train or only",
                "'loop.mode: predict\nloop.utility: entropy' | where loop.mode is train or only",
                "loop.mode: train | expected loop.budget-share or loop.labels-per-hour",
                "'loop.mode: train\nloop.budget-share: .1\nloop.labels-per-hour: 3' | one budget",
                "'loop.mode: train\nloop.budget-share: 0' | expected a number from 1e-4 to 1",
                "'loop.mode: train\nloop.budget-share: .1\nloop.uniform-share: 0' | from 0.05 to 1",
                "'adapters:\n  a:\n    loop.budget-share: .1' | adapters.a.loop.budget-share only means",
                "'loop.mode: train\nloop.budget-share: .1\nadapters:\n  a:\n    loop.budget-share: .2\n    loop.labels-per-hour: 3' | one budget",
                "'loop.mode: train\nloop.budget-share: .1\nadapters:\n  a:\n    loop.seed: 2' | adapters.a.loop.seed is no option"
            })
    void aLoopWithoutOneBudget(String lines, String problem) {
        assertThatThrownBy(() -> parse(MINIMAL + lines + "\n"))
                .isInstanceOf(ConfigException.class)
                .message()
                .hasLineCount(1)
                .contains("loop.", problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serve.host: 0.0.0.0 | serve.host is '0.0.0.0', which other machines can reach, expected serve.token",
                "serve.host: 0.0.0.0 | expected serve.tls.certificate beside it",
                "serve.host: box.example | which other machines can reach",
                "serve.host: '127.0.0.1:80' | expected a host name or an address without a port",
                "serve.tls.key: /key.pem | only means something together with serve.tls.certificate",
                "serve.token: short-geheim | serve.token is '******', expected a secret of at least 16"
            })
    void aServerThatWouldAnswerAnybody(String line, String problem) {
        assertThatThrownBy(() -> parse(MINIMAL + line + "\n"))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains(problem)
                .doesNotContain("geheim");
    }

    @Test
    void aServerThatOthersReachHasATokenAndTls() throws ConfigException {
        assertThat(
                        parse(
                                        MINIMAL
                                                + """
                                                serve.host: 0.0.0.0
                                                serve.token: geheim-0123456789
                                                serve.tls: {certificate: /c.pem, key: /k.pem}
                                                """)
                                .serve())
                .satisfies(serve -> assertThat(serve.token()).contains("geheim-0123456789"))
                .asString()
                .doesNotContain("geheim")
                .contains("certificate=/c.pem");
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
                "topics.prefix: a/b",
                "topics.prefix: 'acme '",
                "topics.prefix: \u00e4",
                "topics.prefix: [a]",
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
    void aTargetModuleThatNoFamilyHas() {
        assertThat(errorsOf(MINIMAL + "training.target-modules: [query, q_proj]"))
                .singleElement()
                .asString()
                .startsWith("job.yaml:5: training.target-modules is [query, q_proj], expected")
                .contains("known are attention.self.query, attention.self.key")
                .contains("in a BERT or RoBERTa; attention.q_lin");
    }

    @Test
    void noTargetModuleAtAll() {
        assertThat(
                        errorsOf(
                                MINIMAL
                                        + """
                                        training.target-modules: []
                                        adapters:
                                          acme: {target-modules: []}
                                        """))
                .satisfiesExactly(
                        error ->
                                assertThat(error)
                                        .startsWith(
                                                "job.yaml:5: training.target-modules is [], expected"),
                        error ->
                                assertThat(error)
                                        .startsWith(
                                                "job.yaml:7: adapters.acme.target-modules is [], expected"));
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
