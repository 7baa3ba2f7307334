package io.rankstream.job.simulation;

import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.input.Input;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.simulation.SimulationEvent.CommandArrives;
import io.rankstream.job.simulation.SimulationEvent.ExampleArrives;
import io.rankstream.job.simulation.SimulationEvent.Flaw;
import io.rankstream.job.simulation.SimulationEvent.InputArrives;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Entries of the log as the operators get them. */
final class Inputs {

    private static final int FIRST_TOKEN = PoisonedBert.POISON + 1;
    private static final int TOKENS = 50;

    /** Label that the configuration lacks, and that commands add and retire. */
    private static final String NEW_LABEL = "eggs";

    private static final Set<ControlAction> LABELING =
            Set.of(ControlAction.ADD_LABEL, ControlAction.RETIRE_LABEL);

    private Inputs() {}

    /** The example; where it came from is its offset in the log. */
    static EncodedExample example(ExampleArrives arrived, long offset) {
        SplittableRandom random = new SplittableRandom(arrived.text());
        int[] ids = tokens(random, arrived.flaw());
        String label = Examples.LABELS.get(random.nextInt(Examples.LABELS.size()));
        return new EncodedExample(
                "example-" + offset,
                arrived.adapterId(),
                new Target.Label(arrived.flaw() == Flaw.UNKNOWN_LABEL ? NEW_LABEL : label),
                0,
                new Tokens(ids, false),
                new RawRecord("labeled-examples", 0, offset, null, new byte[] {1}));
    }

    /** The input; where it came from is its offset in the log. */
    static EncodedInput input(InputArrives arrived, long offset) {
        return new EncodedInput(
                new Input(
                        "input-" + offset,
                        arrived.adapterId(),
                        "text " + arrived.text(),
                        Optional.empty(),
                        Map.of(),
                        0,
                        Optional.empty(),
                        new RawRecord("unlabeled-inputs", 0, offset, null, new byte[] {2})),
                new Tokens(tokens(new SplittableRandom(arrived.text()), arrived.flaw()), false));
    }

    private static int[] tokens(SplittableRandom random, Flaw flaw) {
        int[] ids = random.ints(2 + random.nextInt(4), FIRST_TOKEN, FIRST_TOKEN + TOKENS).toArray();
        if (flaw == Flaw.NOT_FINITE) {
            ids[0] = PoisonedBert.POISON;
        }
        return ids;
    }

    static ControlCommand command(CommandArrives arrived) {
        ControlCommand command =
                ControlCommand.newBuilder()
                        .setCommandId(id(arrived))
                        .setAdapterId(arrived.adapterId())
                        .setAction(arrived.action())
                        .setExpectedRevision(arrived.expectedRevision())
                        .setIssuedAt(Instant.EPOCH)
                        .build();
        if (arrived.action() == ControlAction.ROLL_BACK && arrived.argument() != null) {
            command.setVersion((long) arrived.argument());
        } else if (arrived.action() == ControlAction.SET_BUDGET) {
            command.setBudget(arrived.argument());
        } else if (LABELING.contains(arrived.action())) {
            command.setLabels(List.of(NEW_LABEL));
        }
        return command;
    }

    static String id(CommandArrives arrived) {
        return "command " + arrived.id();
    }
}
