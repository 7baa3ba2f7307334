package io.rankstream.job.decode.avro;

import io.rankstream.job.decode.avro.DecodeResult.Refused;
import io.rankstream.schemas.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;

/** All that is wrong with one record. The first that was found is the reason of its refusal. */
public final class Problems {

    private final List<String> found = new ArrayList<>();
    private DeadLetterReason reason;

    /**
     * One thing more that is wrong.
     *
     * @param what what was found and what was expected
     */
    public void add(DeadLetterReason why, String what) {
        if (found.isEmpty()) {
            reason = why;
        }
        found.add(what);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * The record's refusal.
     *
     * @param adapterId adapter that the record is for; null where it is not known
     * @param undecodable beginning of the sentence where the record could not be read
     */
    public <T> Refused<T> refused(String adapterId, String undecodable) {
        String all = String.join("; ", found);
        return new Refused<>(
                adapterId,
                reason,
                reason == DeadLetterReason.UNDECODABLE ? undecodable + all : all);
    }
}
