package io.rankstream.ops.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LetterFilterTest {

    private static final Set<DeadLetterReason> ANY = Set.of(DeadLetterReason.values());
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private final StoredLetter letter =
            Letters.stored(DeadLetterReason.UNKNOWN_LABEL, "spam", NOON);

    @Test
    void takesAnyLetterIfNothingIsAskedFor() {
        assertThat(new LetterFilter(null, null, ANY, null).accepts(letter)).isTrue();
    }

    @Test
    void takesLettersOfOneOfTheReasons() {
        assertThat(accepts(Set.of(DeadLetterReason.UNKNOWN_LABEL, DeadLetterReason.BAD_MAGIC)))
                .isTrue();
        assertThat(accepts(Set.of(DeadLetterReason.BAD_MAGIC))).isFalse();
    }

    @Test
    void takesLettersOfTheAdapterAlone() {
        StoredLetter unread = Letters.stored(DeadLetterReason.BAD_MAGIC, null, NOON);

        assertThat(new LetterFilter(null, "spam", ANY, null).accepts(letter)).isTrue();
        assertThat(new LetterFilter(null, "list", ANY, null).accepts(letter)).isFalse();
        assertThat(new LetterFilter(null, "spam", ANY, null).accepts(unread)).isFalse();
    }

    @Test
    void takesLettersOfTheTopicAlone() {
        assertThat(new LetterFilter("labeled-examples", null, ANY, null).accepts(letter)).isTrue();
        assertThat(new LetterFilter("labels", null, ANY, null).accepts(letter)).isFalse();
    }

    @Test
    void takesLettersFromTheVeryMomentOn() {
        assertThat(new LetterFilter(null, null, ANY, NOON).accepts(letter)).isTrue();
        assertThat(new LetterFilter(null, null, ANY, NOON.plusMillis(1)).accepts(letter)).isFalse();
    }

    private boolean accepts(Set<DeadLetterReason> reasons) {
        return new LetterFilter(null, null, reasons, null).accepts(letter);
    }
}
