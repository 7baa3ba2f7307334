package io.rankstream.job.config;

import static io.rankstream.job.config.ConfigTexts.MINIMAL;
import static io.rankstream.job.config.ConfigTexts.errorsOf;
import static io.rankstream.job.config.ConfigTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.JoinSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How people are asked, and how what they say is joined. */
class LoopOptionsTest {

    private static final String WITHOUT_MODEL =
            """
            kafka.bootstrap-servers: broker:9092
            registry.url: http://registry:8081
            loop.mode: only
            loop.budget-share: .1
            """;

    @Test
    void anInputWaitsAWeekForOneVoteUnlessSaid() throws Exception {
        JobConfig config = parse(MINIMAL + "loop.mode: train\nloop.budget-share: .1\n");

        assertThat(config.loop().join())
                .contains(
                        new JoinSettings(
                                Duration.ofDays(7),
                                Duration.ofDays(7),
                                1,
                                0,
                                false,
                                Duration.ofDays(14),
                                Duration.ofDays(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loop.horizon: 1 d",
                "loop.corrections: 1 d",
                "loop.votes: 2",
                "loop.double-share: .1",
                "loop.suggest: true",
                "loop.window: 1 d",
                "loop.max-jump: 1 h"
            })
    void meansNothingWhereNobodyIsAsked(String line) {
        assertThat(errorsOf(MINIMAL + line + "\n"))
                .singleElement()
                .asString()
                .contains("only means something where loop.mode is train or only");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loop.horizon: 20 d | 20 d | 14 d",
                "loop.horizon: 14 d | 14 d | 14 d",
                "loop.window: 7 d | 7 d | 7 d",
                "loop.window: 36 h | 7 d | 36 h",
                "'loop.horizon: 90 d\nloop.window: 90 d' | 90 d | 90 d"
            })
    void anInputIsDoneWithBeforeItLeavesTheWindow(String lines, String horizon, String window) {
        for (String mode : List.of(MINIMAL + "loop.mode: train\n", WITHOUT_MODEL)) {
            String budget = mode.contains("budget") ? "" : "loop.budget-share: .1\n";

            assertThat(errorsOf(mode + budget + lines + "\n"))
                    .singleElement()
                    .asString()
                    .contains(
                            "loop.horizon is %s, expected less than loop.window, which is %s"
                                    .formatted(horizon, window),
                            "; lower it, or raise the other")
                    .doesNotStartWith("job.yaml: ");
        }
    }

    @Test
    void anInputMayWaitNearlyAsLongAsTheWindowIs() throws Exception {
        assertThat(parse(WITHOUT_MODEL + "loop.horizon: 13 d\n").loop().join()).isPresent();
    }

    @Test
    void aLoopAloneNeedsNeitherLabelsNorAFolderForVersions() throws Exception {
        assertThat(parse(WITHOUT_MODEL).adapters()).isEqualTo(ConfiguredAdapters.NONE);
        assertThat(parse(WITHOUT_MODEL + "training.labels: [ham, spam]\n").adapters().template("a"))
                .hasValueSatisfying(
                        template -> assertThat(template.labels()).containsExactly("ham", "spam"));
        assertThat(parse(WITHOUT_MODEL + "adapters:\n  a:\n    loop.budget-share: .2\n"))
                .satisfies(
                        config -> {
                            assertThat(config.adapters().of("a")).isPresent();
                            assertThat(config.adapters().of("b")).isEmpty();
                        });
    }

    @Test
    void nothingIsSharedWhereNothingIsLearned() {
        assertThat(errorsOf(WITHOUT_MODEL + "fleet.triplets: 100\ntraining.labels: [a, b]\n"))
                .singleElement()
                .asString()
                .contains("fleet.triplets only means something where adapters learn");
    }
}
