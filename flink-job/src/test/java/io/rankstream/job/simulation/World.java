package io.rankstream.job.simulation;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * What surrounds the job. A broken one shows that the checks can fail.
 *
 * @param replaysFrom where the source goes on after a restore, given the offset in the checkpoint
 * @param commits what the sinks commit of the outputs that a checkpoint covers
 * @param restores what a restore does to the job besides
 */
record World(
        LongUnaryOperator replaysFrom,
        UnaryOperator<List<Emission>> commits,
        Consumer<SimulatedJob> restores) {

    /** One that keeps its promises. */
    static final World SOUND = new World(offset -> offset, outputs -> outputs, job -> {});
}
