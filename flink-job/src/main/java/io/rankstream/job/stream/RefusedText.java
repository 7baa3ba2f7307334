package io.rankstream.job.stream;

import io.rankstream.schemas.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A text that was not learned from. It has changed no adapter.
 *
 * @param id id of the text
 * @param adapterId the adapter that it was for
 * @param text the text
 * @param reason the kind of refusal, a name of {@link io.rankstream.schemas.DeadLetterReason}
 * @param message what was found, what was expected and what to do
 */
public record RefusedText(String id, String adapterId, String text, String reason, String message) {

    static RefusedText of(DeadLetter letter) {
        return new RefusedText(
                text(letter.getKey()),
                letter.getAdapterId(),
                text(letter.getValue()),
                letter.getReason().name(),
                letter.getMessage());
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
