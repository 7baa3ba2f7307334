package io.rankstream.job.decode.avro;

import io.rankstream.schemas.DeadLetterReason;

/**
 * What became of a record.
 *
 * @param <T> what it should be
 */
public sealed interface DecodeResult<T> {

    /**
     * It is what it should be.
     *
     * @param value the example or command
     */
    record Decoded<T>(T value) implements DecodeResult<T> {}

    /**
     * It will never be, however often it is read.
     *
     * @param adapterId adapter that it is for; null where that is not known
     * @param reason why
     * @param message what was found and what was expected
     */
    record Refused<T>(String adapterId, DeadLetterReason reason, String message)
            implements DecodeResult<T> {

        public Refused(DeadLetterReason reason, String message) {
            this(null, reason, message);
        }
    }
}
