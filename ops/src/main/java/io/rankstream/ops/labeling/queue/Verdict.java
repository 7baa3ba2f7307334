package io.rankstream.ops.labeling.queue;

import io.rankstream.schemas.LabelVote;

/** What becomes of an answer before anything is written. */
public sealed interface Verdict {

    /** It is to be written, once. */
    record ToWrite(LabelVote vote) implements Verdict {}

    /** It was written by an earlier attempt. */
    record Written(LabelVote vote) implements Verdict {}

    /** It cannot be right; nothing is written. */
    record Wrong(String sentence) implements Verdict {}

    /** What it answers is not known any more; nothing is written. */
    record Gone(String sentence) implements Verdict {}
}
