package io.rankstream.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.recovery.StateChoice;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobArgumentsTest {

    private static final Map<String, String> NOTHING = Map.of();
    private static final Map<String, String> NAMED =
            Map.of(JobArguments.CONFIG_VARIABLE, "/etc/rankstream/rankstream.yaml");

    @Test
    void theEnvironmentNamesTheFileWhereTheArgumentsDoNot() {
        assertThat(JobArguments.parse(NAMED, "--resume-if-any"))
                .isEqualTo(
                        new JobArguments(
                                Path.of("/etc/rankstream/rankstream.yaml"),
                                new StateChoice.NewestIfAny()));
        assertThat(JobArguments.parse(NAMED, "--config", "mine.yaml"))
                .isEqualTo(new JobArguments(Path.of("mine.yaml"), new StateChoice.Unsaid()));
    }

    @Test
    void aFileMustBeNamed() {
        assertThatThrownBy(() -> JobArguments.parse(NOTHING, "--resume"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("--config FILE", JobArguments.CONFIG_VARIABLE);
        assertThatThrownBy(() -> JobArguments.parse(Map.of(JobArguments.CONFIG_VARIABLE, " ")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--config",
                "--config a --config b",
                "--config a --resume --fresh",
                "--config a --resume-if-any --resume",
                "--config a --from",
                "--config a --newest"
            })
    void whatIsNotUnderstoodIsRefused(String line) {
        assertThatThrownBy(() -> JobArguments.parse(NAMED, line.split(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected the arguments");
    }
}
