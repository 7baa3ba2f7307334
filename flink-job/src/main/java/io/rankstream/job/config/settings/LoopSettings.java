package io.rankstream.job.config.settings;

import java.util.Optional;

/**
 * The labeling loop.
 *
 * @param mode how much of it the job carries out
 * @param selections which inputs a label is asked for; empty where the mode asks nobody
 * @param join how people are asked and labels are joined; empty as that
 */
public record LoopSettings(
        LoopMode mode, Optional<Selections> selections, Optional<JoinSettings> join) {

    /** A job whose examples come with their labels. */
    public static final LoopSettings NONE =
            new LoopSettings(LoopMode.NONE, Optional.empty(), Optional.empty());
}
