package io.rankstream.ops.standing;

import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.Optional;

/**
 * A record that was refused.
 *
 * @param written when its dead letter was
 * @param adapterId adapter that it was for, where that is known
 * @param reason why it was refused
 * @param message what was found and expected, cut
 * @param topic topic that it was read from
 * @param partition its partition
 * @param offset its offset there
 * @param letter place of its dead letter, where that was looked at
 */
public record Refusal(
        Instant written,
        Optional<String> adapterId,
        DeadLetterReason reason,
        String message,
        String topic,
        int partition,
        long offset,
        Optional<Place> letter) {

    private static final int MOST_CHARACTERS = 400;

    /** Where a record lies. */
    public record Place(String topic, int partition, long offset) {}

    static Refusal of(DeadLetter letter, Instant written, Optional<Place> place) {
        return new Refusal(
                written,
                Optional.ofNullable(letter.getAdapterId()),
                letter.getReason(),
                cut(letter.getMessage()),
                letter.getTopic(),
                letter.getPartition(),
                letter.getOffset(),
                place);
    }

    private static String cut(String message) {
        if (message.length() <= MOST_CHARACTERS) {
            return message;
        }
        int end = message.offsetByCodePoints(0, message.codePointCount(0, MOST_CHARACTERS - 1));
        return message.substring(0, end) + "…";
    }
}
