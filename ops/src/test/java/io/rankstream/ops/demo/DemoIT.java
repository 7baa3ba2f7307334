package io.rankstream.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.ops.console.Console;
import io.rankstream.ops.console.ConsoleSubject;
import io.rankstream.ops.console.ServedConsole;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo within this process; {@code DistributionIT} runs it as a user does, every time. */
@Tag("nightly")
class DemoIT {

    @TempDir Path folder;

    private CompletableFuture<HttpResponse<String>> events;

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
                            new DemoStage(
                                    output,
                                    new PrintWriter(out),
                                    OptionalInt.empty(),
                                    this::watched))
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
        JsonNode shown = shown();
        assertThat(shown.get("phase").asText()).isEqualTo("ENDED");
        assertThat(shown.get("examples").asLong()).isEqualTo(96);
        assertThat(shown.get("total").asLong()).isEqualTo(96);
        assertThat(shown.get("checkpoints").asLong()).isPositive();
    }

    /** The console of the demo, on which somebody looks from its start to its end. */
    private Console watched(JobConfig job, ConsoleSubject subject, Consumer<String> say)
            throws InterruptedException {
        try {
            ServedConsole console = ServedConsole.open(job, 0, subject, InstantSource.system());
            events =
                    HttpClient.newHttpClient()
                            .sendAsync(
                                    HttpRequest.newBuilder(console.address().resolve("/events"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());
            return console;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the page was told last. */
    private JsonNode shown() throws Exception {
        List<String> told =
                events.get(10, TimeUnit.SECONDS)
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("data: {"))
                        .toList();
        return new ObjectMapper().readTree(told.get(told.size() - 1).substring("data: ".length()));
    }
}
