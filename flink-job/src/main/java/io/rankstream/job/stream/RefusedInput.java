package io.rankstream.job.stream;

import io.rankstream.schemas.DeadLetter;
import java.io.IOException;

/**
 * A text without a label that was not predicted.
 *
 * @param text the text as it came
 * @param reason the kind of refusal, a name of {@link io.rankstream.schemas.DeadLetterReason}
 * @param message what was found, what was expected and what to do
 */
public record RefusedInput(UnlabeledText text, String reason, String message) {

    static RefusedInput of(DeadLetter letter) throws IOException {
        return new RefusedInput(
                UnlabeledTextSerializer.of(Origins.bytes(letter)),
                letter.getReason().name(),
                letter.getMessage());
    }
}
