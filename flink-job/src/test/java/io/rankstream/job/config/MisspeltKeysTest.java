package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.option.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MisspeltKeysTest {

    private static final String YAML =
            """
            kafka.bootstrap-servers: b:1
            registry.url: http://registry
            publish.directory: /adapters
            training.labels: [a, b]
            """;

    @ParameterizedTest
    @CsvSource({
        "kafka.properties.security.protocl, kafka.properties.security.protocol",
        "kafka.properties.sasl.mechanisms, kafka.properties.sasl.mechanism",
        "kafka.properties.sasl.jaas.confg, kafka.properties.sasl.jaas.config",
        "kafka.properties.ssl.trustore.location, kafka.properties.ssl.truststore.location",
        "kafka.properties.max.poll.record, kafka.properties.max.poll.records",
        "kafka.properties.session.timeout, kafka.properties.session.timeout.ms",
        "kafka.properties.isolation.levle, kafka.properties.isolation.level",
        "kafka.properties.max_request_size, kafka.properties.max.request.size",
        "kafka.properties.retry.backof.ms, kafka.properties.retry.backoff.ms",
        "kafka.properties.partition.discovery.intervall.ms, kafka.properties.partition.discovery.interval.ms",
        "registry.properties.basic.auth.user.inf, registry.properties.basic.auth.user.info",
        "registry.properties.bearer.auth.tokn, registry.properties.bearer.auth.token",
        "registry.properties.ssl.truststore.pasword, registry.properties.ssl.truststore.password",
        "flink.execution.checkpointing.intervall, flink.execution.checkpointing.interval",
        "flink.execution.checkpoint.interval, flink.execution.checkpointing.interval",
        "flink.checkpointing.interval, flink.execution.checkpointing.interval",
        "flink.paralelism.default, flink.parallelism.default",
        "flink.taskmanager.numberOfTaskSlot, flink.taskmanager.numberOfTaskSlots",
        "flink.state.backend.rocksdb.thread.nums, flink.state.backend.rocksdb.thread.num",
    })
    void areToldWithWhatWasMeant(String key, String meant) throws ConfigException {
        assertThat(ConfigFile.warnings(YAML + key + ": 1", "job.yaml"))
                .singleElement()
                .asString()
                .startsWith("job.yaml:5: " + key + " is no option that ")
                .contains("did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.properties.security.protocol",
                "kafka.properties.sasl.login.callback.handler.class",
                "kafka.properties.ssl.keystore.key",
                "kafka.properties.commit.offsets.on.checkpoint",
                "kafka.properties.interceptor.endpoint",
                "kafka.properties.config.providers.file.class",
                "registry.properties.basic.auth.credentials.source",
                "registry.properties.ssl.truststore.location",
                "registry.properties.schema.registry.ssl.truststore.location",
                "flink.state.checkpoints.dir",
                "flink.state.backend.incremental",
                "flink.state.backend.rocksdb.memory.managed",
                "flink.metrics.reporter.prom.port",
                "flink.s3.access-key",
                "flink.s3.path.style.access",
                "flink.fs.azure.account.key",
                "flink.env.java.opts.taskmanager",
                "flink.rest.port",
                "flink.my.list",
            })
    void areNotSuspectedOfOthers(String key) throws ConfigException {
        assertThat(ConfigFile.warnings(YAML + key + ": 1", "job.yaml")).isEmpty();
    }
}
