package io.rankstream.job.train;

import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.schemas.DeadLetterReason;

/** Whether work can be done for an adapter. */
sealed interface Admission {

    /** The adapter is on the device. */
    record Ready(ResidentAdapter adapter) implements Admission {}

    /**
     * Nothing can be done for the adapter, and nothing has changed.
     *
     * @param reason what its examples are refused for
     * @param message what was found, what was expected and what to do
     */
    record Refused(DeadLetterReason reason, String message) implements Admission {

        static Refused mismatch(String message) {
            return new Refused(DeadLetterReason.ADAPTER_MISMATCH, message);
        }

        static Refused unknown(String adapterId) {
            return new Refused(
                    DeadLetterReason.UNKNOWN_ADAPTER,
                    "the configuration does not name adapter '" + adapterId + "'");
        }

        /** Whether the adapter would be one too many as long as no other gives its place back. */
        boolean isForWantOfAPlace() {
            return reason == DeadLetterReason.ADAPTER_LIMIT;
        }
    }
}
