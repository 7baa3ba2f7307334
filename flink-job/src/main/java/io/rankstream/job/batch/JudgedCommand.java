package io.rankstream.job.batch;

import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlCommand;

/** A command on its way through the operators of its adapter. */
public sealed interface JudgedCommand extends AdapterWork {

    /** The command; nobody modifies it. */
    ControlCommand command();

    /** Commands that the adapter has accepted, this one included if it was. */
    long revision();

    @Override
    default String adapterId() {
        return command().getAdapterId();
    }

    /** An accepted command that is still to be carried out. */
    record Accepted(ControlCommand command, long revision) implements JudgedCommand {

        /** The command, carried out. */
        public Answered done(String message) {
            return new Answered(command, revision, CommandOutcome.DONE, message);
        }

        /** The command, which cannot be carried out and has changed nothing. */
        public Answered refused(String message) {
            return new Answered(command, revision, CommandOutcome.REFUSED, message);
        }
    }

    /**
     * A command that nothing is left to do for.
     *
     * @param outcome what became of it
     * @param message what was done or found
     */
    record Answered(ControlCommand command, long revision, CommandOutcome outcome, String message)
            implements JudgedCommand {}
}
