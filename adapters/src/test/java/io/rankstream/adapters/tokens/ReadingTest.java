package io.rankstream.adapters.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t", "\u00a0", "\u200b", "\u3164"})
    void eitherTextIsEnoughUnlessAnAnswerIsLookedForInThePassage(String blank) {
        for (Reading reading : Reading.values()) {
            boolean isPassageNeeded = reading == Reading.WINDOWS;

            assertThat(reading.sees(blank, Optional.empty())).isFalse();
            assertThat(reading.sees(blank, Optional.of(blank))).isFalse();
            assertThat(reading.sees("a", Optional.of("b"))).isTrue();
            assertThat(reading.sees(blank, Optional.of("b"))).isTrue();
            assertThat(reading.sees("a", Optional.of(blank))).isEqualTo(!isPassageNeeded);
            assertThat(reading.sees("a", Optional.empty())).isEqualTo(!isPassageNeeded);
        }
    }

    @Test
    void aPassageThatIsMissingIsAskedFor() {
        assertThat(Reading.WINDOWS.missingIn("a", Optional.empty()))
                .startsWith("there is no passage");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSeenIsMissingForWantOfATokenAlone(Reading reading) {
        assertThat(List.of(reading.missingIn("a", Optional.of("b"))))
                .allMatch(sentence -> sentence.contains("no character that the base model has"));
    }
}
