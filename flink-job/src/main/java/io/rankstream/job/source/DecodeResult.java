package io.rankstream.job.source;

import io.rankstream.schemas.DeadLetterReason;

/** What became of a record. */
sealed interface DecodeResult {

    /**
     * It is an example.
     *
     * @param example the example
     */
    record Decoded(Example example) implements DecodeResult {}

    /**
     * It will never be one, however often it is read.
     *
     * @param reason why
     * @param message what was found and what was expected
     */
    record Refused(DeadLetterReason reason, String message) implements DecodeResult {}
}
