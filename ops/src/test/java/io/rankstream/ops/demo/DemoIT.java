package io.rankstream.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.config.DeviceSetting;
import io.rankstream.ops.console.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {

    @TempDir Path folder;

    @Test
    void theDemoLearnsAndTellsWhatCameOfIt() throws Exception {
        Path json = folder.resolve("summary.json");
        StringWriter out = new StringWriter();
        DemoOptions options =
                new DemoOptions(
                        96, 32, 16, 0, DeviceSetting.parse("cpu"), 42, Optional.of(json), false);

        try (OutputFolder output = OutputFolder.claim(folder.resolve("out"))) {
            new Demo(
                            options,
                            output,
                            new PrintWriter(out),
                            OptionalInt.empty(),
                            (job, subject, say) -> Console.none())
                    .run();
        }

        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        JsonNode spam = summary.at("/adapters/spam");
        long examples = 0;
        for (JsonNode adapter : summary.get("adapters")) {
            examples += adapter.get("examples").asLong();
        }
        assertThat(examples).isEqualTo(96);
        assertThat(summary.get("deadLetters").asInt()).isZero();
        assertThat(spam.get("steps").asLong()).isEqualTo((spam.get("examples").asLong() + 15) / 16);
        assertThat(spam.get("prequentialAccuracy").asDouble()).isBetween(0.0, 1.0);
        assertThat(spam.get("liveRanks").asInt()).isEqualTo(spam.get("budget").asInt());
        assertThat(spam.get("version").asLong()).isPositive();
        assertThat(Path.of(spam.get("path").asText()).resolve("manifest.json")).isRegularFile();
        assertThat(summary.get("secondsToFirstStep").asDouble())
                .isBetween(0.0, summary.get("seconds").asDouble());
        assertThat(out.toString()).contains("dead letters: none").doesNotContain("\tat ");
    }
}
