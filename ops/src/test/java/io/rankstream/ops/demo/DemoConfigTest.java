package io.rankstream.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.DeviceSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoConfigTest {

    @Test
    void theFileIsAConfigurationThatDoesWhatWasAsked(@TempDir Path folder) throws Exception {
        try (OutputFolder out = OutputFolder.claim(folder.resolve("it's here: #1"))) {
            DemoOptions options =
                    new DemoOptions(
                            100,
                            32,
                            8,
                            2,
                            DeviceSetting.parse("gpu:1"),
                            7,
                            Optional.empty(),
                            false);
            Map<String, List<String>> labels = MailStream.open().labels();

            String yaml =
                    DemoConfig.yaml(
                            options, out, "127.0.0.1:9092", "http://127.0.0.1:8081", labels);
            JobConfig config = ConfigFile.parse(yaml, "demo");

            assertThat(config.kafka().bounded()).isTrue();
            assertThat(config.model().maxLength()).isEqualTo(32);
            assertThat(config.model().threads()).isEqualTo(2);
            assertThat(config.model().device()).hasToString("gpu:1");
            assertThat(config.batch().maxExamples()).isEqualTo(8);
            assertThat(config.batch().linger()).isEqualTo(Duration.ZERO);
            assertThat(config.publish().directory()).isEqualTo(out.adapters().toString());
            assertThat(config.adapters().template("spam").orElseThrow().seed()).isEqualTo(7);
            assertThat(config.adapters().template("list").orElseThrow().labels())
                    .isEqualTo(labels.get("list"));
            assertThat(config.adapters().template("other")).isEmpty();
            assertThat(config.flink().toMap())
                    .containsEntry("execution.checkpointing.interval", "10 s")
                    .containsEntry(
                            "execution.checkpointing.dir", out.checkpoints().toUri().toString());
        }
    }
}
