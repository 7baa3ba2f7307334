package io.rankstream.job.source;

import io.rankstream.job.source.DecodeResult.Refused;
import io.rankstream.schemas.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;

/** All that is wrong with one record. The first that was found is the reason of its refusal. */
final class Problems {

    private final List<String> found = new ArrayList<>();
    private DeadLetterReason reason;

    /**
     * @param what what was found and what was expected
     */
    void add(DeadLetterReason why, String what) {
        if (found.isEmpty()) {
            reason = why;
        }
        found.add(what);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * The record's refusal.
     *
     * @param adapterId adapter that the record is for; null where it is not known
     * @param undecodable beginning of the sentence where the record could not be read
     */
    <T> Refused<T> refused(String adapterId, String undecodable) {
        String all = String.join("; ", found);
        return new Refused<>(
                adapterId,
                reason,
                reason == DeadLetterReason.UNDECODABLE ? undecodable + all : all);
    }
}
