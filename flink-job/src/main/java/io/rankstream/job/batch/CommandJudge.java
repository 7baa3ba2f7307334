package io.rankstream.job.batch;

import io.rankstream.job.config.AdapterTemplates;
import io.rankstream.job.source.Excerpt;
import io.rankstream.job.source.RecordId;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.util.Optional;

/** Decides whether a command is accepted. */
final class CommandJudge {

    private final AdapterTemplates templates;

    CommandJudge(AdapterTemplates templates) {
        this.templates = templates;
    }

    /** The command with the reason why it is not accepted, or for the trainer if it is. */
    JudgedCommand judge(ControlCommand command, AdapterControl now) {
        JudgedCommand known = new JudgedCommand(command, now.revision(), null, null);
        if (!RecordId.isValid(command.getCommandId())) {
            return known.with(
                    CommandOutcome.REFUSED,
                    "the command's id has %,d characters, expected %s"
                            .formatted(command.getCommandId().length(), RecordId.RULE));
        }
        if (templates.of(command.getAdapterId()).isEmpty()) {
            return known.with(
                    CommandOutcome.REFUSED,
                    "the configuration does not name adapter "
                            + Excerpt.of(command.getAdapterId()));
        }
        if (now.knows(command.getCommandId())) {
            return known.with(
                    CommandOutcome.REPEATED, "a command with this id was accepted before");
        }
        if (command.getAction() == ControlAction.UNKNOWN) {
            return known.with(
                    CommandOutcome.REFUSED,
                    "this release does not know the action; send it to a release that does");
        }
        Optional<String> fault = CommandLabels.fault(command);
        if (fault.isPresent()) {
            return known.with(CommandOutcome.REFUSED, fault.get());
        }
        Long expected = command.getExpectedRevision();
        if (expected != null && expected != now.revision()) {
            return known.with(
                    CommandOutcome.STALE,
                    "the adapter is at revision %d, expected %d: see what the commands since have done, and send it with the new revision"
                            .formatted(now.revision(), expected));
        }
        return JudgedCommand.forTrainer(command, now.revision() + 1);
    }
}
