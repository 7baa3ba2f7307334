package io.rankstream.ops.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.text.Program;
import io.rankstream.ops.standing.Refusal;
import io.rankstream.schemas.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeekCommandTest {

    @Test
    void namesTheLetterByAdapterReasonAndTime() {
        assertThat(PeekCommand.of("tickets.yaml", refusal(Optional.of("acme"))))
                .isEqualTo(
                        "rankstream dlq peek --config tickets.yaml --adapter acme --reason"
                                + " EMPTY_TEXT --from 2026-05-04T10:00:00Z");
        assertThat(PeekCommand.of("my tickets.yaml", refusal(Optional.empty())))
                .isEqualTo(
                        "rankstream dlq peek --config 'my tickets.yaml' --reason EMPTY_TEXT --from"
                                + " 2026-05-04T10:00:00Z");
    }

    /** Whoever sends to the topic chooses the id, and somebody else pastes the command. */
    @ParameterizedTest
    @ValueSource(
            strings = {"$(id)", "a b", "`id`", "a'b", "';id;'", "-rf", "", "a\nb", "ümlaut", "a\\"})
    void whateverAnIdHoldsIsOneWordToAShell(String id) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "printf %s " + Program.quoted(id)).start();

        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(id);
    }

    private static Refusal refusal(Optional<String> adapter) {
        return new Refusal(
                Instant.parse("2026-05-04T10:00:00Z"),
                adapter,
                DeadLetterReason.EMPTY_TEXT,
                "the text is empty",
                "labeled-examples",
                0,
                7,
                Optional.of(new Refusal.Place("dead-letters", 0, 3)));
    }
}
