package io.rankstream.ops.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.dlq.Inspection.Count;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InspectionTextTest {

    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    @Test
    void tellsWhenWhyAndWhereAndCounts() {
        StoredLetter letter =
                Letters.stored(DeadLetterReason.UNKNOWN_LABEL, "spam", "no label eggs", NOON);

        assertThat(text(shown(letter, true)))
                .isEqualToNormalizingNewlines(
                        """
                        2026-05-04T12:00:00Z  UNKNOWN_LABEL  adapter spam  from labeled-examples/2/77  1,234 bytes  sent back
                            no label eggs
                            exampleId: 'mail-7'
                            text: 'buy now'
                        3 dead letters match, 1 shown.
                        reason                  letters  sent back
                        UNKNOWN_LABEL                 3          1
                        2 records of the topic are no dead letters.
                        """);
    }

    @Test
    void letsNoRecordPlayWithTheTerminal() {
        StoredLetter letter =
                Letters.stored(
                        DeadLetterReason.UNDECODABLE,
                        "\u001b]0;owned\u0007",
                        "a\nb\u202e" + "x".repeat(600),
                        NOON);

        assertThat(text(new ShownLetter(letter, Map.of(), false)))
                .contains("\\u{1b}]0;owned\\u{7}", "a\\u{a}b\\u{202e}xxx", "…")
                .doesNotContain("\u001b")
                .doesNotContain("\u202e")
                .doesNotContain("x".repeat(500))
                .doesNotContain("text:");
    }

    private static ShownLetter shown(StoredLetter letter, boolean sentBack) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("exampleId", "mail-7");
        fields.put("text", "buy now");
        return new ShownLetter(letter, fields, sentBack);
    }

    private static String text(ShownLetter letter) {
        return InspectionText.of(
                new Inspection(
                        List.of(letter),
                        new TreeMap<>(Map.of(DeadLetterReason.UNKNOWN_LABEL, new Count(3, 1))),
                        2));
    }
}
