package io.rankstream.job.simulation;

import io.rankstream.schemas.ControlAction;
import java.util.ArrayList;
import java.util.List;

/** What happens to the simulated job. */
sealed interface SimulationEvent {

    /** What lies in the log that the job reads, and is read again after a crash. */
    sealed interface Entry extends SimulationEvent {}

    /** What is wrong with an example or an input. */
    enum Flaw {
        NONE,
        UNKNOWN_LABEL,
        NOT_FINITE
    }

    /**
     * An example.
     *
     * @param text which one: the same number gives the same tokens and the same label
     */
    record ExampleArrives(String adapterId, Flaw flaw, int text) implements Entry {
        @Override
        public String toString() {
            return "%s: example %d%s"
                    .formatted(adapterId, text, flaw == Flaw.NONE ? "" : " " + flaw);
        }
    }

    /**
     * An input without a label.
     *
     * @param flaw none, or one of its tokens
     * @param text which one: the same number gives the same tokens
     */
    record InputArrives(String adapterId, Flaw flaw, int text) implements Entry {
        @Override
        public String toString() {
            return "%s: input %d%s".formatted(adapterId, text, flaw == Flaw.NONE ? "" : " " + flaw);
        }
    }

    /**
     * A command.
     *
     * @param id which one: the same number again is a repetition
     * @param argument version of a roll back, budget of a set budget; null for none
     * @param expectedRevision null for whatever it is
     */
    record CommandArrives(
            String adapterId, ControlAction action, int id, Integer argument, Long expectedRevision)
            implements Entry {
        @Override
        public String toString() {
            List<String> parts = new ArrayList<>(List.of("%s: %s".formatted(adapterId, action)));
            if (action == ControlAction.ROLL_BACK || action == ControlAction.SET_BUDGET) {
                parts.add("to " + argument);
            }
            parts.add("as command " + id);
            if (expectedRevision != null) {
                parts.add("at revision " + expectedRevision);
            }
            return String.join(" ", parts);
        }
    }

    /** Processing time goes on, and timers that are due fire. */
    record TimePasses(int millis) implements Entry {
        @Override
        public String toString() {
            return millis + " ms pass";
        }
    }

    /** There is nothing more to read. */
    record StreamEnds() implements Entry {
        @Override
        public String toString() {
            return "the stream ends";
        }
    }

    /** Every subtask takes a snapshot, and the checkpoint is complete at once. */
    record Checkpoint() implements SimulationEvent {
        @Override
        public String toString() {
            return "checkpoint";
        }
    }

    /** Every subtask takes a snapshot; one that is still on its way is given up. */
    record Snapshot() implements SimulationEvent {
        @Override
        public String toString() {
            return "snapshot";
        }
    }

    /** The checkpoint of the snapshot on its way is complete; without one, nothing happens. */
    record SnapshotCompletes() implements SimulationEvent {
        @Override
        public String toString() {
            return "the snapshot completes its checkpoint";
        }
    }

    /** The job fails and is restored from its last complete checkpoint. */
    record Crash() implements SimulationEvent {
        @Override
        public String toString() {
            return "crash";
        }
    }

    /** As {@link Crash}, after a checkpoint is complete and before its outputs are committed. */
    record CrashBeforeCommit() implements SimulationEvent {
        @Override
        public String toString() {
            return "checkpoint, and crash before its outputs are committed";
        }
    }

    /** The job is stopped with a savepoint and goes on with so many subtasks. */
    record Rescale(int parallelism) implements SimulationEvent {
        @Override
        public String toString() {
            return "rescale to " + parallelism;
        }
    }
}
