package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.cli.option.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorCommandTest {

    @TempDir private Path folder;

    @Test
    void aMachineThatRunsTheseTestsRunsAJobOnItsCpu() {
        CommandRun run = CommandRun.of("doctor");

        assertThat(run.out())
                .contains("ok       Java", "ok       libtorch", "ok       device")
                .endsWith("A job can run on cpu." + System.lineSeparator());
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aGpuThatIsNotThereIsMissing() {
        CommandRun run = CommandRun.of("doctor", "--device", "gpu:1000");

        assertThat(run.out())
                .contains("missing  device")
                .contains("A job cannot run on gpu:1000: mend what is missing (", "device).");
        assertThat(run.exitCode()).isEqualTo(ExitCode.ENVIRONMENT);
    }

    @ParameterizedTest
    @CsvSource({"'kafka: [', configuration", "'training.labels: one', configuration"})
    void aConfigurationThatCannotBeUsedIsMissingAndTheRestIsLookedAt(String text, String subject)
            throws IOException {
        Path config = Files.writeString(folder.resolve("wrong.yaml"), text);

        CommandRun run = CommandRun.of("doctor", "--config", config.toString());

        assertThat(run.out())
                .contains("missing  " + subject, "ok       libtorch")
                .endsWith("A job cannot run: mend what is missing (%s).%n".formatted(subject));
        assertThat(run.exitCode()).isEqualTo(ExitCode.ENVIRONMENT);
    }
}
