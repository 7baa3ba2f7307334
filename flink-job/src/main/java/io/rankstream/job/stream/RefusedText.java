package io.rankstream.job.stream;

import io.rankstream.schemas.DeadLetter;
import java.io.IOException;

/**
 * A text that was not learned from. It has changed no adapter.
 *
 * @param text the text as it came
 * @param reason the kind of refusal, a name of {@link io.rankstream.schemas.DeadLetterReason}
 * @param message what was found, what was expected and what to do
 */
public record RefusedText(LabeledText text, String reason, String message) {

    static RefusedText of(DeadLetter letter) throws IOException {
        return new RefusedText(
                LabeledTextSerializer.of(Origins.bytes(letter)),
                letter.getReason().name(),
                letter.getMessage());
    }
}
