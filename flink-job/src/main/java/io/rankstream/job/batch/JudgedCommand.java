package io.rankstream.job.batch;

import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlCommand;

/**
 * A command on its way through the operators of its adapter.
 *
 * @param command the command; nobody modifies it
 * @param revision commands that the adapter has accepted, this one included if it was
 * @param outcome what became of it; null as long as the trainer is to carry it out
 * @param message what was done or found; null with the outcome
 */
public record JudgedCommand(
        ControlCommand command, long revision, CommandOutcome outcome, String message)
        implements AdapterWork {

    /** An accepted command that the trainer is to carry out. */
    public static JudgedCommand forTrainer(ControlCommand command, long revision) {
        return new JudgedCommand(command, revision, null, null);
    }

    @Override
    public String adapterId() {
        return command.getAdapterId();
    }

    /** Whether the trainer is to carry it out. */
    public boolean isForTrainer() {
        return outcome == null;
    }

    /** The same with what became of it. */
    public JudgedCommand with(CommandOutcome reached, String said) {
        return new JudgedCommand(command, revision, reached, said);
    }
}
