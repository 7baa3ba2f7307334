package io.rankstream.ops.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.cli.option.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "--fresh"})
    void aRunThatIsAskedToEndBeforeItsJobIsSubmittedSaysHowToStartItAgain(String option)
            throws IOException {
        Path config = config();
        List<String> line = new ArrayList<>(List.of("run", "--config", config.toString()));
        if (!option.isEmpty()) {
            line.add(option);
        }

        CommandRun run =
                CommandRun.askedToEndAt("Starting without state", line.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(run.err()).isEmpty();
        String again = "rankstream run --config %s %s".formatted(config, option).strip();
        assertThat(run.out().lines())
                .last()
                .isEqualTo("There is no checkpoint of this run: start it again with: " + again);
    }

    private Path config() throws IOException {
        return Files.writeString(
                folder.resolve("rankstream.yaml"),
                """
                kafka.bootstrap-servers: localhost:9092
                kafka.group-id: %s
                registry.url: http://localhost:8081
                publish.directory: '%s'
                training.labels: [ham, spam]
                flink.execution.checkpointing.dir: '%s'
                """
                        .formatted(
                                folder.getFileName(),
                                folder.resolve("adapters"),
                                folder.resolve("checkpoints").toUri()));
    }
}
