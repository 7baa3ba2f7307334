package io.rankstream.job.batch;

import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.schemas.ControlCommand;
import java.util.Optional;

/** What no adapter of a template could carry out, whatever it has learned. */
final class CommandFault {

    private CommandFault() {}

    /** What is wrong with {@code command}; empty if that is for its adapter to say. */
    static Optional<String> of(ControlCommand command, TrainingTemplate template) {
        return switch (command.getAction()) {
            case ROLL_BACK -> ofVersion(command.getVersion());
            case SET_BUDGET -> ofBudget(command.getBudget(), template);
            case ADD_LABEL, RETIRE_LABEL -> CommandLabels.fault(command.getLabels());
            case EXPECT_DRIFT, CONFIRM_DRIFT, DISMISS_DRIFT -> ofWatch(template.drift());
            case PAUSE, RESUME, PUBLISH, RESET, UNKNOWN -> Optional.empty();
        };
    }

    private static Optional<String> ofWatch(DriftSettings drift) {
        return drift.watches()
                ? Optional.empty()
                : Optional.of(
                        "nobody watches the adapter's stream, since training.drift is off; set it to watch or answer and start the job again");
    }

    private static Optional<String> ofVersion(Long version) {
        return version != null && version >= 1
                ? Optional.empty()
                : Optional.of(
                        "version is %s, expected one of the adapter's versions, from 1 on"
                                .formatted(version));
    }

    private static Optional<String> ofBudget(Integer budget, TrainingTemplate template) {
        if (!template.schedule().takesTarget()) {
            return Optional.of(
                    "the adapter's schedule is not the streaming one, the only one whose budget can be set");
        }
        return budget != null && budget >= 0
                ? Optional.empty()
                : Optional.of(
                        "budget is %s, expected triplets over all modules, or 0 for the schedule's own"
                                .formatted(budget));
    }
}
