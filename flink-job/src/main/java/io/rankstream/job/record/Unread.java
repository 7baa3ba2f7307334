package io.rankstream.job.record;

import io.rankstream.schemas.Digest;

/**
 * What is not there of a record that is too large to be read whole.
 *
 * @param why what the record has and what it may have, as a sentence
 * @param key the key as it was, where the record holds its beginning alone; else null
 * @param value the value as it was, where the record holds its beginning alone; else null
 * @param headersLeftOut headers that the record does not hold
 */
public record Unread(String why, Digest key, Digest value, int headersLeftOut) {

    /** Nothing is there but the place of the record. */
    public static Unread wholly(String why) {
        return new Unread(why, null, null, 0);
    }
}
