package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rankstream.job.config.option.ConfigError;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.Entry;
import io.rankstream.job.config.option.Setting;
import io.rankstream.job.config.passthrough.FixedKafkaOptions;
import io.rankstream.job.config.passthrough.FlinkDefaults;
import io.rankstream.job.config.passthrough.FlinkOptions;
import io.rankstream.job.config.passthrough.FlinkValues;
import io.rankstream.job.config.passthrough.KafkaValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each value of the file is looked at by its kind, before anything uses it. */
class ValuesByKindTest {

    private static final Map<String, String> VALID =
            new TreeMap<>(
                    Map.of(
                            "kafka.bootstrap-servers", "broker:9092",
                            "registry.url", "http://registry:8081",
                            "publish.directory", "/adapters",
                            "training.labels", "[ham, spam]"));

    /** Words of parsers, which no user knows. */
    private static final List<String> INTERNALS =
            List.of("Exception", "Nul", "URISyntax", "java.", "Could not parse", "index ");

    private static List<String> errorsOf(String key, String value) {
        Map<String, String> file = new TreeMap<>(VALID);
        file.put(key, value);
        StringBuilder yaml = new StringBuilder();
        file.forEach((name, text) -> yaml.append(name).append(": ").append(text).append('\n'));
        ConfigException e =
                catchThrowableOfType(
                        ConfigException.class, () -> ConfigFile.parse(yaml.toString(), "job.yaml"));
        return e == null ? List.of() : e.errors().stream().map(ConfigError::toString).toList();
    }

    private static void assertRefused(String key, String value) {
        assertThat(errorsOf(key, value))
                .as("%s: %s", key, value)
                .anySatisfy(
                        error ->
                                assertThat(error)
                                        .contains(key + " is ", ", expected ")
                                        .doesNotContain(INTERNALS)
                                        .doesNotContainPattern("\\p{Cntrl}"));
    }

    static Stream<Setting<?>> settings() {
        return Stream.concat(RankstreamOptions.JOB.stream(), RankstreamOptions.ADAPTER.stream());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void noneTakesAControlCharacter(Setting<?> setting) {
        for (String hostile : List.of("\\0", "a\\0", "a\\nb", "\\e[2J", "\\x7f", "a\\u2028")) {
            String text = '"' + hostile + '"';
            assertRefused(setting.key(), text);
            assertRefused(setting.key(), "[" + text + ", b]");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "publish.directory",
                "model.directory",
                "model.engine-directory",
                "training.start-from",
                "registry.url",
                "kafka.bootstrap-servers",
                "flink.execution.checkpointing.dir",
                "flink.execution.checkpointing.savepoint-dir",
                "flink.execution.state-recovery.path",
                "flink.state.checkpoints.dir",
                "flink.state.savepoints.dir",
                "flink.high-availability.storageDir",
                "flink.jobmanager.archive.fs.dir",
                "registry.properties.bearer.auth.issuer.endpoint.url"
            })
    void aPlaceIsAPathOrAnUri(String key) {
        for (String malformed : List.of("'ht!tp:// bad'", "'ht!tp://x'", "''", "' '", "'a://'")) {
            assertThat(errorsOf(key, malformed)).as("%s: %s", key, malformed).isNotEmpty();
        }
        assertRefused(key, "'ht!tp://bad/x'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h:99999",
                "http://h:abc",
                "http://h:0",
                "http://",
                "http:///x",
                "http://h:",
                "ftp://h",
                "http://h h",
                "http://[::1",
                "h:8081"
            })
    void aRegistryIsAnUrl(String url) {
        assertRefused("registry.url", "'" + url + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h",
                "https://h:443/x",
                "http://[::1]:8081",
                "http://h_1:65535",
                "http://u:p%40@h:80"
            })
    void aRegistryMayBeAnywhere(String url) {
        assertThat(errorsOf("registry.url", "'" + url + "'")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/~2", "/a~", "/~", "/a/~x", "/~01/~3"})
    void aPointerEscapesAsJsonPointersDo(String pointer) {
        assertRefused("input.map.label", "'" + pointer + "'");
    }

    static Stream<String> optionsOfFlink() {
        return FlinkOptions.byKey().keySet().stream().sorted();
    }

    @Test
    void theOptionsOfFlinkAreKnown() {
        assertThat(FlinkOptions.byKey())
                .hasSizeGreaterThan(400)
                .containsKeys("parallelism.default", "state.backend.rocksdb.thread.num");
    }

    @ParameterizedTest
    @MethodSource("optionsOfFlink")
    void aValueOfFlinkIsOfItsOptionsType(String key) {
        ConfigOption<?> option = FlinkOptions.byKey().get(key);
        Object usual = option.hasDefaultValue() ? option.defaultValue() : null;
        if (FlinkDefaults.FIXED.containsKey(key) || usual == null) {
            return;
        }
        if (usual instanceof Boolean
                || usual instanceof Number
                || usual instanceof Duration
                || usual instanceof MemorySize
                || usual instanceof Enum) {
            assertRefused("flink." + key, "hunter6");
            assertRefused("flink." + key, "[1, 2]");
        }
        if (usual instanceof Duration || usual instanceof MemorySize) {
            assertRefused("flink." + key, "-1");
        }
        if (usual instanceof Number number && number.doubleValue() >= 0) {
            assertRefused("flink." + key, "-7");
        }
    }

    @ParameterizedTest
    @MethodSource("optionsOfFlink")
    void theDefaultOfFlinkIsRight(String key) {
        ConfigOption<?> option = FlinkOptions.byKey().get(key);
        String usual = option.hasDefaultValue() ? written(option) : "";
        if (!usual.isBlank() && !FlinkDefaults.FIXED.containsKey(key)) {
            assertThat(new FlinkValues().broken(key, entry(usual))).as(usual).isEmpty();
        }
    }

    private static <T> String written(ConfigOption<T> option) {
        return new Configuration()
                .set(option, option.defaultValue())
                .toMap()
                .getOrDefault(option.key(), "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    flink.state.backend.type                             | hunter6
                    flink.state.backend                                  | hunter6
                    flink.execution.checkpointing.storage                | hunter6
                    flink.restart-strategy.type                          | never
                    flink.restart-strategy                               | never
                    flink.high-availability.type                         | some
                    flink.state.backend.rocksdb.predefined-options       | FAST
                    flink.execution.checkpointing.externalized-checkpoint-retention | KEEP
                    flink.restart-strategy.exponential-delay.backoff-multiplier | 0.5
                    flink.restart-strategy.exponential-delay.jitter-factor | 7
                    flink.taskmanager.memory.managed.fraction            | 1.5
                    flink.taskmanager.memory.process.size                | -1 gb
                    flink.taskmanager.numberOfTaskSlots                  | 0
                    flink.parallelism.default                            | 0
                    flink.parallelism.default                            | 99999999999
                    flink.pipeline.max-parallelism                       | 32769
                    flink.rest.port                                      | 65536
                    flink.execution.checkpointing.timeout                | soon
                    flink.execution.checkpointing.dir                    | [a, b]
                    kafka.properties.sasl.mechanism                      | [PLAIN]
                    kafka.properties.security.protocol                   | hunter6
                    kafka.properties.max.poll.records                    | 0
                    kafka.properties.max.request.size                    | -1
                    kafka.properties.compression.type                    | best
                    kafka.properties.send.buffer.bytes                   | -2
                    kafka.properties.partition.discovery.interval.ms     | soon
                    kafka.properties.commit.offsets.on.checkpoint        | perhaps
                    kafka.properties.client.id                           | "a\\0"
                    registry.properties.ssl.protocol                     | [TLS]
                    registry.properties.basic.auth.credentials.source    | FILE
                    registry.properties.bearer.auth.credentials.source   | FILE
                    registry.properties.proxy.port                       | 0
                    registry.properties.proxy.host                       | "\\0"
                    train.cache-size                                     | -1 mb
                    """)
    void aValueThatTheLibraryWouldRefuseIsRefused(String key, String value) {
        assertRefused(key, value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    flink.state.backend.type                 | org.example.MyFactory
                    flink.state.backend.type                 | HashMap
                    flink.restart-strategy.type              | none
                    flink.execution.checkpointing.dir        | s3://bucket/a b
                    flink.io.tmp.dirs                        | /a:/b,/c
                    flink.state.backend.rocksdb.localdir     | /a,/b
                    flink.pipeline.max-parallelism           | 32768
                    flink.rest.bind-port                     | 50100-50200
                    flink.my.own                             | "a\\nb"
                    flink.pipeline.jars                      | ["file:///a.jar", "file:///b.jar"]
                    kafka.properties.ssl.enabled.protocols   | [TLSv1.3]
                    kafka.properties.interceptor.classes     | org.example.OnTheClusterAlone
                    kafka.properties.sasl.login.callback.handler.class | org.example.OnTheClusterAlone
                    kafka.properties.ssl.keystore.key        | "-----BEGIN\\nMII\\n-----END"
                    kafka.properties.my.own                  | [a, b]
                    registry.properties.bearer.auth.issuer.endpoint.url | https://issuer/token
                    """)
    void aValueThatTheLibraryTakesIsTaken(String key, String value) {
        assertThat(errorsOf(key, value)).isEmpty();
    }

    private static final Map<String, ConfigDef.ConfigKey> OF_KAFKA = ofKafka();

    private static Map<String, ConfigDef.ConfigKey> ofKafka() {
        Map<String, ConfigDef.ConfigKey> keys = new TreeMap<>();
        Stream.of(
                        AdminClientConfig.configDef(),
                        ProducerConfig.configDef(),
                        ConsumerConfig.configDef())
                .forEach(client -> keys.putAll(client.configKeys()));
        keys.keySet().removeAll(FixedKafkaOptions.ALL.keySet());
        keys.keySet()
                .removeAll(
                        Set.of(
                                "bootstrap.servers",
                                "group.id",
                                "transactional.id",
                                "transaction.timeout.ms",
                                "auto.offset.reset"));
        return keys;
    }

    static Set<String> optionsOfKafka() {
        return OF_KAFKA.keySet();
    }

    @ParameterizedTest
    @MethodSource("optionsOfKafka")
    void aValueOfKafkaIsOfItsOptionsType(String key) {
        switch (OF_KAFKA.get(key).type) {
            case BOOLEAN, SHORT, INT, LONG, DOUBLE -> {
                assertRefused("kafka.properties." + key, "hunter6");
                assertRefused("kafka.properties." + key, "[1, 2]");
            }
            case STRING, PASSWORD, CLASS -> assertRefused("kafka.properties." + key, "[a, b]");
            case LIST -> {}
        }
    }

    @ParameterizedTest
    @MethodSource("optionsOfKafka")
    void theDefaultOfKafkaIsRight(String key) {
        ConfigDef.ConfigKey option = OF_KAFKA.get(key);
        if (option.hasDefault() && option.defaultValue != null) {
            String usual = ConfigDef.convertToString(option.defaultValue, option.type);
            assertThat(new KafkaValues().broken(key, entry(usual))).as(usual).isEmpty();
        }
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(
                        errorsOf(
                                "flink",
                                """

                                  state.backend.type: hunter6
                                  execution.checkpointing.dir: 'ht!tp:// bad'
                                  parallelism.default: -5
                                kafka.group-id: "a\\0"
                                kafka.properties.sasl.mechanism: [PLAIN]
                                input.format: json
                                input.map.label: '/~2'"""))
                .hasSize(6)
                .allSatisfy(error -> assertThat(error).contains(" is ", ", expected "));
    }

    @Test
    void aSecretThatIsWrongIsNotShown() {
        assertThat(errorsOf("kafka.properties.ssl.key.password", "[hunter6, hunter7]"))
                .singleElement()
                .asString()
                .doesNotContain("hunter");
    }

    private static Entry entry(String text) {
        return new Entry(List.of("key"), List.of(text), false, 1);
    }
}
