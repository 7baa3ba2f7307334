package io.rankstream.job.simulation;

import io.rankstream.job.simulation.SimulationEvent.CommandArrives;
import io.rankstream.job.simulation.SimulationEvent.Entry;
import io.rankstream.job.simulation.SimulationEvent.ExampleArrives;
import io.rankstream.job.simulation.SimulationEvent.Flaw;
import io.rankstream.job.simulation.SimulationEvent.InputArrives;
import io.rankstream.job.simulation.SimulationEvent.StreamEnds;
import io.rankstream.job.simulation.SimulationEvent.TimePasses;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.DeadLetterReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a log must come to without a linger, told by counting alone: it knows no Flink, no
 * checkpoint and no number in an adapter. Of the world around the job it knows only which part of
 * the log was committed when an entry was read, since a roll back reads what is published.
 */
final class Oracle {

    private final SimulationSetup setup;
    private final SortedMap<String, Adapter> adapters = new TreeMap<>();
    private final SortedMap<Long, String> examples = new TreeMap<>();
    private final SortedMap<String, List<String>> answers = new TreeMap<>();

    /** Offset of the entry that is being read. */
    private long now;

    /** Entries whose outputs were committed by then. */
    private long committed;

    private record Example(long offset, Flaw flaw) {}

    private record Version(long step, long releasedAt) {}

    private static final class Adapter {
        final String id;
        final List<Example> open = new ArrayList<>();
        final List<Example> held = new ArrayList<>();
        final Set<Integer> commands = new HashSet<>();
        final List<Version> versions = new ArrayList<>();
        boolean paused;
        boolean isThere;
        boolean hasHadABatch;
        boolean hasLearned;
        boolean newLabelIsListed;
        boolean newLabelIsInUse;
        boolean labelsPublished;
        long revision;
        long step;
        long publishedStep;

        Adapter(String id) {
            this.id = id;
        }
    }

    private Oracle(SimulationSetup setup) {
        this.setup = setup;
    }

    /**
     * What {@code log} must come to.
     *
     * @param committed for each entry, how many entries' outputs were committed when it was read
     */
    static History expect(SimulationSetup setup, List<Entry> log, List<Long> committed) {
        Oracle oracle = new Oracle(setup);
        for (int i = 0; i < log.size(); i++) {
            oracle.now = i;
            oracle.committed = committed.get(i);
            oracle.read(log.get(i));
        }
        return oracle.history();
    }

    private void read(Entry entry) {
        if (entry instanceof ExampleArrives arrived) {
            read(adapter(arrived.adapterId()), new Example(now, arrived.flaw()));
        } else if (entry instanceof CommandArrives arrived) {
            Adapter adapter = adapter(arrived.adapterId());
            CommandOutcome outcome = judge(adapter, arrived);
            answers.computeIfAbsent(adapter.id, id -> new ArrayList<>())
                    .add(
                            History.answer(
                                    Inputs.id(arrived),
                                    outcome,
                                    adapter.revision,
                                    adapter.step,
                                    adapter.versions.size()));
        } else if (entry instanceof InputArrives arrived) {
            predict(adapter(arrived.adapterId()), arrived.flaw());
        } else if (entry instanceof TimePasses) {
            adapters.values().stream().filter(a -> !a.paused).forEach(this::gatherHeld);
        } else if (entry instanceof StreamEnds) {
            adapters.values().forEach(this::end);
            adapters.values().stream()
                    .filter(adapter -> adapter.step > adapter.publishedStep)
                    .forEach(this::release);
        }
    }

    private void predict(Adapter adapter, Flaw flaw) {
        if (!setup.knows(adapter.id)) {
            examples.put(now, History.refused(DeadLetterReason.UNKNOWN_ADAPTER));
        } else if (flaw == Flaw.NOT_FINITE) {
            examples.put(now, History.refused(DeadLetterReason.NOT_FINITE));
        } else {
            examples.put(now, History.predicted(adapter.step));
        }
    }

    private void read(Adapter adapter, Example example) {
        if (adapter.paused && adapter.held.size() >= SimulationSetup.MAX_HELD) {
            refuse(example, DeadLetterReason.ADAPTER_PAUSED);
        } else if (adapter.paused || !adapter.held.isEmpty()) {
            adapter.held.add(example);
        } else {
            gather(adapter, example);
        }
    }

    private void gather(Adapter adapter, Example example) {
        if (setup.knows(adapter.id)
                && example.flaw() == Flaw.UNKNOWN_LABEL
                && !adapter.newLabelIsListed) {
            refuse(example, DeadLetterReason.UNKNOWN_LABEL);
            return;
        }
        adapter.isThere = true;
        adapter.open.add(example);
        if (adapter.open.size() == setup.maxExamples()) {
            close(adapter);
        }
    }

    private void gatherHeld(Adapter adapter) {
        adapter.held.forEach(example -> gather(adapter, example));
        adapter.held.clear();
    }

    private void end(Adapter adapter) {
        if (adapter.paused) {
            adapter.held.forEach(example -> refuse(example, DeadLetterReason.ADAPTER_PAUSED));
            adapter.held.clear();
        }
        gatherHeld(adapter);
        close(adapter);
    }

    private void close(Adapter adapter) {
        adapter.hasHadABatch |= !adapter.open.isEmpty();
        if (!setup.knows(adapter.id)) {
            adapter.open.forEach(example -> refuse(example, DeadLetterReason.UNKNOWN_ADAPTER));
        } else if (!adapter.hasLearned && isBeyondLimit(adapter)) {
            for (Example example : adapter.open) {
                refuse(
                        example,
                        isLabeled(adapter, example)
                                ? DeadLetterReason.ADAPTER_LIMIT
                                : DeadLetterReason.UNKNOWN_LABEL);
            }
        } else {
            train(adapter);
        }
        adapter.open.clear();
    }

    private boolean isBeyondLimit(Adapter adapter) {
        long created =
                adapters.values().stream()
                        .filter(other -> other.hasLearned)
                        .filter(other -> !SimulationSetup.NAMED.contains(other.id))
                        .count();
        return !SimulationSetup.NAMED.contains(adapter.id) && created >= setup.others().limit;
    }

    private void train(Adapter adapter) {
        boolean takesStep =
                adapter.open.stream()
                        .anyMatch(e -> e.flaw() != Flaw.NOT_FINITE && isLabeled(adapter, e));
        adapter.hasLearned |= takesStep;
        adapter.step += takesStep ? 1 : 0;
        for (Example example : adapter.open) {
            if (!isLabeled(adapter, example)) {
                refuse(example, DeadLetterReason.UNKNOWN_LABEL);
            } else if (example.flaw() == Flaw.NOT_FINITE) {
                refuse(example, DeadLetterReason.NOT_FINITE);
            } else {
                examples.put(example.offset(), History.trained(adapter.step));
            }
        }
        if (takesStep && adapter.step - adapter.publishedStep >= setup.publishEverySteps()) {
            release(adapter);
        }
    }

    /** The label that the configuration lacks is known once a command has added it. */
    private static boolean isLabeled(Adapter adapter, Example example) {
        return example.flaw() != Flaw.UNKNOWN_LABEL || adapter.newLabelIsInUse;
    }

    private void release(Adapter adapter) {
        adapter.labelsPublished = true;
        adapter.versions.add(new Version(adapter.step, now));
        adapter.publishedStep = adapter.step;
    }

    private void refuse(Example example, DeadLetterReason reason) {
        examples.put(example.offset(), History.refused(reason));
    }

    private CommandOutcome judge(Adapter adapter, CommandArrives command) {
        if (!setup.knows(adapter.id)) {
            return CommandOutcome.REFUSED;
        }
        if (adapter.commands.contains(command.id())) {
            return CommandOutcome.REPEATED;
        }
        if (command.action() == ControlAction.UNKNOWN) {
            return CommandOutcome.REFUSED;
        }
        boolean lacksItsNumber =
                switch (command.action()) {
                    case ROLL_BACK -> command.argument() == null || command.argument() < 1;
                    case SET_BUDGET -> command.argument() == null;
                    default -> false;
                };
        if (lacksItsNumber) {
            return CommandOutcome.REFUSED;
        }
        boolean isOfTheStream =
                command.action() == ControlAction.PAUSE || command.action() == ControlAction.RESUME;
        if (!adapter.isThere || !(isOfTheStream || adapter.hasHadABatch)) {
            return CommandOutcome.REFUSED;
        }
        if (command.expectedRevision() != null && command.expectedRevision() != adapter.revision) {
            return CommandOutcome.STALE;
        }
        adapter.commands.add(command.id());
        adapter.revision++;
        return carryOut(adapter, command) ? CommandOutcome.DONE : CommandOutcome.REFUSED;
    }

    private boolean carryOut(Adapter adapter, CommandArrives command) {
        return switch (command.action()) {
            case PAUSE -> {
                adapter.paused = true;
                adapter.held.addAll(0, adapter.open);
                adapter.open.clear();
                yield true;
            }
            case RESUME -> {
                adapter.paused = false;
                yield true;
            }
            case PUBLISH -> adapter.hasLearned && publish(adapter);
            case ROLL_BACK -> adapter.hasLearned && rollBack(adapter, command.argument());
            case RESET -> adapter.hasLearned && reset(adapter);
            case SET_BUDGET -> adapter.hasLearned && command.argument() <= SimulatedModel.TRIPLETS;
            case ADD_LABEL -> {
                adapter.newLabelIsListed = true;
                yield adapter.hasLearned && !adapter.newLabelIsInUse && relabel(adapter, true);
            }
            case RETIRE_LABEL ->
                    adapter.hasLearned && adapter.newLabelIsInUse && relabel(adapter, false);
            case EXPECT_DRIFT -> adapter.hasLearned;
            // Logs are too short for an alarm that they could be about.
            case CONFIRM_DRIFT, DISMISS_DRIFT, UNKNOWN -> false;
        };
    }

    private static boolean relabel(Adapter adapter, boolean newLabelIsInUse) {
        adapter.newLabelIsInUse = newLabelIsInUse;
        adapter.labelsPublished = false;
        return true;
    }

    private boolean publish(Adapter adapter) {
        if (adapter.versions.isEmpty()
                || adapter.step != adapter.publishedStep
                || !adapter.labelsPublished) {
            release(adapter);
        }
        return true;
    }

    private boolean rollBack(Adapter adapter, Integer version) {
        if (version > adapter.versions.size()) {
            return false;
        }
        Version chosen = adapter.versions.get(version - 1);
        if (chosen.releasedAt() >= committed) {
            return false;
        }
        adapter.step = chosen.step();
        release(adapter);
        return true;
    }

    private static boolean reset(Adapter adapter) {
        adapter.step = 0;
        adapter.publishedStep = 0;
        return true;
    }

    private Adapter adapter(String adapterId) {
        return adapters.computeIfAbsent(adapterId, Adapter::new);
    }

    private History history() {
        SortedMap<String, String> progress = new TreeMap<>();
        for (Adapter adapter : adapters.values()) {
            if (adapter.hasLearned) {
                progress.put(adapter.id, History.progress(adapter.step, adapter.versions.size()));
            }
        }
        return new History(examples, answers, progress);
    }
}
