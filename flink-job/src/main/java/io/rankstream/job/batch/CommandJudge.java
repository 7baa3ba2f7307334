package io.rankstream.job.batch;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.record.RecordId;
import io.rankstream.schemas.CommandIssuer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.util.Optional;

/**
 * Decides whether a command is accepted, which raises the adapter's revision unless it is the
 * fleet's, so that what a user knows of the adapter is no staler by it. Such a command sets a
 * budget and nothing else, and is not remembered: a repetition does no harm. What an adapter alone
 * can refuse, such as a version that it does not have, has been accepted by then: the next command
 * is judged, and takes effect on the examples behind it, before the trainer comes to this one.
 */
final class CommandJudge {

    private final ConfiguredAdapters adapters;

    CommandJudge(ConfiguredAdapters adapters) {
        this.adapters = adapters;
    }

    /**
     * The command with the reason why it is not accepted, or as an accepted one.
     *
     * @param isThere whether the adapter is, or may be, there
     * @param mayHaveLearned whether it may have taken a step
     */
    JudgedCommand judge(
            ControlCommand command, AdapterControl now, boolean isThere, boolean mayHaveLearned) {
        if (!RecordId.isValid(command.getCommandId())) {
            return answered(
                    command,
                    now,
                    CommandOutcome.REFUSED,
                    "the command's id has %,d characters, expected %s"
                            .formatted(command.getCommandId().length(), RecordId.RULE));
        }
        Optional<TrainingTemplate> template = adapters.template(command.getAdapterId());
        if (template.isEmpty()) {
            return answered(
                    command,
                    now,
                    CommandOutcome.REFUSED,
                    "the configuration does not name adapter %s%s; send the command to one that it names, or name this one in it and start the job again"
                            .formatted(
                                    Excerpt.of(command.getAdapterId()),
                                    MeantAdapter.among(
                                            adapters.named().keySet(), command.getAdapterId())));
        }
        if (isOfUser(command) && now.knows(command.getCommandId())) {
            return answered(
                    command,
                    now,
                    CommandOutcome.REPEATED,
                    "a command with this id was accepted before");
        }
        if (command.getAction() == ControlAction.UNKNOWN) {
            return answered(
                    command,
                    now,
                    CommandOutcome.REFUSED,
                    "this release does not know the action; send it to a release that does");
        }
        if (!isOfUser(command) && command.getAction() != ControlAction.SET_BUDGET) {
            return answered(
                    command,
                    now,
                    CommandOutcome.REFUSED,
                    "the issuer is FLEET, which commands SET_BUDGET alone, and the action is %s; send it with USER as its issuer"
                            .formatted(command.getAction()));
        }
        Optional<String> fault = CommandFault.of(command, template.get());
        if (fault.isPresent()) {
            return answered(command, now, CommandOutcome.REFUSED, fault.get());
        }
        if (!isThere) {
            return answered(
                    command,
                    now,
                    CommandOutcome.REFUSED,
                    "adapter %s is not there yet: it was given no example that it can learn from; %s"
                            .formatted(
                                    Excerpt.of(command.getAdapterId()),
                                    adviceWithoutExample(command.getAdapterId())));
        }
        if (!mayHaveLearned && concernsTheAdapterItself(command.getAction())) {
            return answered(
                    command,
                    now,
                    CommandOutcome.REFUSED,
                    "adapter %s has taken no step yet: its examples wait until their batch is closed; send the command after its first step"
                            .formatted(Excerpt.of(command.getAdapterId())));
        }
        Long expected = command.getExpectedRevision();
        if (expected != null && expected != now.revision()) {
            return answered(
                    command,
                    now,
                    CommandOutcome.STALE,
                    "the adapter is at revision %d, expected %d: see what the commands since have done, and send it with the new revision"
                            .formatted(now.revision(), expected));
        }
        return new JudgedCommand.Accepted(
                command, isOfUser(command) ? now.revision() + 1 : now.revision());
    }

    /** Whether somebody outside of the job gave it. */
    static boolean isOfUser(ControlCommand command) {
        return command.getIssuer() != CommandIssuer.FLEET;
    }

    /** One that is named is no slip. */
    private String adviceWithoutExample(String adapterId) {
        return MeantAdapter.by(adapterId, adapters.named().keySet())
                .map(
                        meant ->
                                "send the command to %s if that was meant, or after the first example of this one"
                                        .formatted(Excerpt.of(meant)))
                .orElse("send the command after its first one");
    }

    private static JudgedCommand answered(
            ControlCommand command, AdapterControl now, CommandOutcome outcome, String message) {
        return new JudgedCommand.Answered(command, now.revision(), outcome, message);
    }

    /** Pause and resume concern the stream of its examples alone. */
    private static boolean concernsTheAdapterItself(ControlAction action) {
        return action != ControlAction.PAUSE && action != ControlAction.RESUME;
    }
}
