package io.rankstream.job.config.settings;

import java.io.Serializable;

/**
 * The labeling loop.
 *
 * @param mode how much of it the job carries out
 */
public record LoopSettings(LoopMode mode) implements Serializable {

    /** A job whose examples come with their labels. */
    public static final LoopSettings NONE = new LoopSettings(LoopMode.NONE);
}
