package io.rankstream.job.encode;

import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.schemas.DeadLetterReason;

/** What became of a text. */
sealed interface ReadText {

    /** Token ids. */
    record Encoded(Tokens tokens) implements ReadText {}

    /**
     * No adapter could make anything of it.
     *
     * @param message what was found, what was expected and what to do
     */
    record Refused(DeadLetterReason reason, String message) implements ReadText {}
}
