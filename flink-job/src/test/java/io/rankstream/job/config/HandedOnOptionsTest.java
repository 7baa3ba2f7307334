package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rankstream.job.config.option.ConfigError;
import io.rankstream.job.config.option.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that Flink, Kafka or the registry's client would refuse when a job starts. */
class HandedOnOptionsTest {

    private static final String FILE =
            """
            kafka.bootstrap-servers: nobody:9092
            kafka.group-id: tickets
            registry.url: http://nobody:8081
            publish.directory: /published
            adapters: {spam: {labels: [ham, spam]}}
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flink.rest.bind-port: 50-40",
                "flink.rest.bind-port: a-b",
                "flink.rest.bind-port: 8081-",
                "flink.taskmanager.rpc.port: 70000",
                "flink.blob.server.port: 70000",
                "flink.blob.server.port: a",
                "flink.queryable-state.proxy.ports: 1-0",
                "flink.pekko.framesize: 1b",
                "flink.pekko.framesize: -1b",
                "flink.pekko.framesize: large",
                "flink.heartbeat.interval: 0",
                "flink.heartbeat.timeout: 10",
                "flink.heartbeat.interval: 1 h",
                "flink.execution.checkpointing.max-concurrent-checkpoints: 0",
                "flink.execution.checkpointing.num-retained: 0",
                "flink.execution.checkpointing.timeout: 0 s",
                "flink.execution.checkpointing.timeout: 1 ms",
                "flink.execution.checkpointing.min-pause: -1 s",
                "flink.pekko.ask.timeout: 0 s",
                "flink.slot.request.timeout: 0 s",
                "flink.classloader.resolve-order: sideways",
                "flink.jobmanager.execution.failover-strategy: foo",
                "flink.state.changelog.storage: banana",
                "flink.pipeline.jars: not a url",
                "flink.pipeline.classpaths: not a url",
                "flink.pipeline.classpaths: [file:///fine.jar, relative.jar]",
                "flink.execution.target: banana",
                "flink.taskmanager.memory.process.size: 10 mb",
                "flink.jobmanager.memory.process.size: 10 mb",
                "flink.restart-strategy.type: com.example.OwnStrategy",
                "flink.restart-strategy.exponential-delay.initial-backoff: 10 min",
                "flink.restart-strategy.exponential-delay.max-backoff: 1 ms",
                "kafka.properties.retries: 0",
                "kafka.properties.max.in.flight.requests.per.connection: 6",
                "kafka.properties.delivery.timeout.ms: 1",
                "kafka.properties.heartbeat.interval.ms: 999999",
                "kafka.properties.request.timeout.ms: 0",
                "kafka.properties.default.api.timeout.ms: 0",
                "kafka.properties.max.block.ms: 0",
                "kafka.properties.buffer.memory: 0",
                "kafka.properties.max.request.size: 0",
                "kafka.properties.receive.buffer.bytes: 0",
                "kafka.properties.fetch.max.bytes: 0",
                "kafka.properties.max.partition.fetch.bytes: 0",
                "kafka.properties.security.protocol: TSL",
                "kafka.properties.ssl.protocol: TLSv9",
                "kafka.properties.ssl.enabled.protocols: TLSv1.2,TLSv9",
                "kafka.properties.ssl.cipher.suites: NONE_SUCH",
                "kafka.properties.ssl.keystore.type: BANANA",
                "kafka.properties.sasl.jaas.config: banana",
                "kafka.properties.sasl.jaas.config: a.B required;c.D required;",
                "kafka.properties.client.rack: \"\\n\"",
                "kafka.properties.client.id: \"two\\nlines\"",
                "kafka.properties.group.protocol: consumer",
                "kafka.properties.reconnect.backoff.ms: -1",
                "registry.properties.basic.auth.credentials.source: USER_INFO",
                "registry.properties.bearer.auth.credentials.source: STATIC_TOKEN",
                "registry.properties.bearer.auth.logical.cluster: \"a\\nb\"",
                "registry.properties.proxy.port: banana"
            })
    void areRefusedByTheirKeyAndLine(String line) {
        ConfigException refused = refused(FILE + line);

        assertThat(refused.errors())
                .singleElement()
                .satisfies(
                        error -> {
                            assertThat(error.line()).isEqualTo(6);
                            assertThat(error.message())
                                    .startsWith(line.substring(0, line.indexOf(": ")) + " is ")
                                    .doesNotContain("Exception");
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flink.rest.bind-port: 50100-50200",
                "flink.rest.bind-port: 8081,8090-8099",
                "flink.blob.server.port: 0",
                "flink.pekko.framesize: 20971520b",
                "flink.heartbeat.timeout: 60 s",
                "flink.task.cancellation.timeout: 0",
                "flink.execution.checkpointing.aligned-checkpoint-timeout: 0 s",
                "flink.execution.checkpointing.storage: filesystem",
                "flink.classloader.resolve-order: parent-first",
                "flink.jobmanager.execution.failover-strategy: full",
                "flink.pipeline.classpaths: file:///opt/own.jar",
                "flink.execution.target: remote",
                "flink.taskmanager.memory.process.size: 4 gb",
                "flink.restart-strategy.type: fixed-delay",
                "flink.env.java.opts.all: \"-Da=1\\n-Db=2\"",
                "kafka.properties.batch.size: 0",
                "kafka.properties.linger.ms: 0",
                "kafka.properties.security.protocol: SASL_SSL",
                "kafka.properties.security.protocol: ssl",
                "kafka.properties.ssl.keystore.location: /not/here.jks",
                "kafka.properties.ssl.keystore.type: PEM",
                "kafka.properties.ssl.keystore.key: \"-----BEGIN\\nKEY-----\"",
                "kafka.properties.ssl.protocol: TLSv1.3",
                "kafka.properties.sasl.jaas.config: a.B required user='x';",
                "kafka.properties.interceptor.classes: com.example.OnTheClusterAlone",
                "kafka.properties.metric.reporters: com.example.OnTheClusterAlone",
                "kafka.properties.client.rack: eu-1",
                "kafka.properties.of.an.own.plugin: anything"
            })
    void areTakenWhereTheLibraryTakesThem(String line) {
        assertThatCode(() -> ConfigFile.parse(FILE + line, "rankstream.yaml"))
                .doesNotThrowAnyException();
    }

    @Test
    void areToldAllAtOnceBesideOtherErrors() {
        ConfigException refused =
                refused(
                        FILE
                                + """
                                batch.max-examples: 0
                                kafka.properties.retries: 0
                                kafka.properties.delivery.timeout.ms: 1
                                flink.heartbeat.interval: 1 h
                                flink.restart-strategy.exponential-delay.max-backoff: 1 ms
                                """);

        assertThat(refused.errors())
                .extracting(ConfigError::line)
                .isEqualTo(List.of(6, 7, 8, 9, 10));
    }

    @Test
    void ofWhichTwoDoNotGoTogetherAreBothNamed() {
        ConfigException refused =
                refused(
                        FILE
                                + """
                                flink.heartbeat.interval: 20 s
                                flink.heartbeat.timeout: 15 s
                                """);

        assertThat(refused.errors())
                .singleElement()
                .extracting(ConfigError::message)
                .asString()
                .contains("flink.heartbeat.interval is '20 s'", "flink.heartbeat.timeout");
    }

    @Test
    void showNoSecret() {
        ConfigException refused =
                refused(FILE + "kafka.properties.sasl.jaas.config: a.B required password=hunter2");

        assertThat(refused).hasMessageNotContaining("hunter2");
    }

    private static ConfigException refused(String yaml) {
        return catchThrowableOfType(
                ConfigException.class, () -> ConfigFile.parse(yaml, "rankstream.yaml"));
    }
}
