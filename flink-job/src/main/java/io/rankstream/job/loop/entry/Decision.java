package io.rankstream.job.loop.entry;

import io.rankstream.adapters.task.Target;
import java.util.Optional;

/**
 * What was decided on an input.
 *
 * @param count decisions so far
 * @param label the label that holds now; empty before the first decision, and once its votes were
 *     taken back
 * @param trained label of the newest example that was written to be learned from
 */
public record Decision(long count, Optional<Target> label, Optional<Target> trained) {

    /** Nothing was decided. */
    public static final Decision NONE = new Decision(0, Optional.empty(), Optional.empty());

    /** The next decision. */
    public Decision next(Target label) {
        return new Decision(count + 1, Optional.of(label), Optional.of(label));
    }

    /** The same, whose votes were taken back. */
    public Decision retracted() {
        return new Decision(count, Optional.empty(), trained);
    }

    /** Whether a label would be learned from anew. */
    public boolean teaches(Target label) {
        return !trained.equals(Optional.of(label));
    }
}
