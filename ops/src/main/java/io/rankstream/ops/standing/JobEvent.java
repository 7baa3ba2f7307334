package io.rankstream.ops.standing;

import java.time.Instant;

/**
 * Something that happened to a whole job.
 *
 * @param text one sentence
 */
public record JobEvent(Instant time, Kind kind, String text) {

    /** What it was. */
    public enum Kind {
        /** What was trained until then is committed. */
        CHECKPOINT,
        /** The job went on from an earlier place. */
        RESTART,
        /** Something that an operator should know. */
        NEWS
    }
}
