package io.rankstream.job.config;

import static io.rankstream.job.config.ConfigTexts.MINIMAL;
import static io.rankstream.job.config.ConfigTexts.errorsOf;
import static io.rankstream.job.config.ConfigTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.JoinSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
