package io.rankstream.job.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.simulation.SimulationEvent.CommandArrives;
import io.rankstream.job.simulation.SimulationEvent.Entry;
import io.rankstream.job.simulation.SimulationEvent.ExampleArrives;
import io.rankstream.job.simulation.SimulationEvent.InputArrives;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What holds of the outputs of any run, whatever the log and whatever happened to the job. */
final class Invariants {

    private final SortedMap<Long, String> examples = new TreeMap<>();
    private final SortedMap<String, List<String>> answers = new TreeMap<>();

    /** Offset of the newest example that each adapter was trained on. */
    private final SortedMap<String, Long> newest = new TreeMap<>();

    /** Offset of the newest input that each adapter has predicted. */
    private final SortedMap<String, Long> newestInput = new TreeMap<>();

    private final SortedMap<String, Long> steps = new TreeMap<>();
    private final SortedMap<String, Long> versions = new TreeMap<>();

    private Invariants() {}

    /** Checks the outputs that survived; returns what they say. */
    static History check(List<Emission> outputs) {
        Invariants invariants = new Invariants();
        outputs.forEach(invariants::check);
        return invariants.history();
    }

    /** All examples, inputs and commands of a log that was read to its end had their answer. */
    static void checkComplete(History history, List<Entry> log) {
        List<Long> examples = new ArrayList<>();
        SortedMap<String, Integer> commands = new TreeMap<>();
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i) instanceof ExampleArrives || log.get(i) instanceof InputArrives) {
                examples.add((long) i);
            } else if (log.get(i) instanceof CommandArrives command) {
                commands.merge(command.adapterId(), 1, Integer::sum);
            }
        }
        SortedMap<String, Integer> answered = new TreeMap<>();
        history.answers().forEach((adapterId, answers) -> answered.put(adapterId, answers.size()));
        assertThat(history.examples().keySet())
                .as("examples and inputs that were trained on, predicted or refused")
                .containsExactlyElementsOf(examples);
        assertThat(answered).as("answers").isEqualTo(commands);
    }

    /** Nothing in the state is NaN or infinite. */
    static void checkFinite(AdapterState state) {
        for (float[] values :
                List.of(
                        state.triplets().values(),
                        state.moments().tripletFirst(),
                        state.moments().tripletSecond(),
                        state.moments().headFirst(),
                        state.moments().headSecond(),
                        state.importance().sensitivity(),
                        state.importance().uncertainty(),
                        state.head().weight(),
                        state.head().bias())) {
            for (float value : values) {
                assertThat(Float.isFinite(value))
                        .as("%s in adapter %s is finite", value, state.meta().adapterId())
                        .isTrue();
            }
        }
    }

    private void check(Emission emission) {
        emission.releases().forEach(this::nextVersion);
        emission.predictions().forEach(this::trainedOnce);
        emission.inputs().forEach(this::predictedOnce);
        emission.letters().forEach(this::refusedOnce);
        emission.reports().forEach(this::nextStep);
        emission.answers().forEach(this::answered);
    }

    private void trainedOnce(Prediction prediction) {
        became(prediction.getOffset(), History.trained(prediction.getStep()));
        Long before = newest.put(prediction.getAdapterId(), prediction.getOffset());
        assertThat(before == null || before < prediction.getOffset())
                .as(
                        "example at %d of %s is trained on after the one at %d, in their order",
                        prediction.getOffset(), prediction.getAdapterId(), before)
                .isTrue();
    }

    private void predictedOnce(PredictedInput predicted) {
        long offset = predicted.input().origin().offset();
        became(offset, History.predicted(predicted.step()));
        Long before = newestInput.put(predicted.adapterId(), offset);
        assertThat(before == null || before < offset)
                .as(
                        "input at %d of %s is predicted after the one at %d, in their order",
                        offset, predicted.adapterId(), before)
                .isTrue();
    }

    private void refusedOnce(DeadLetter letter) {
        became(letter.getOffset(), History.refused(letter.getReason()));
    }

    private void became(long offset, String what) {
        String before = examples.put(offset, what);
        assertThat(before).as("example at %d, which is %s now, was", offset, what).isNull();
    }

    private void nextVersion(AdapterRelease release) {
        String adapterId = release.state().meta().adapterId();
        long version = release.state().meta().version();
        assertThat(version)
                .as("version of %s", adapterId)
                .isEqualTo(versions.getOrDefault(adapterId, 0L) + 1);
        versions.put(adapterId, version);
        checkFinite(release.state());
    }

    private void nextStep(TrainingReport report) {
        String adapterId = report.getAdapterId();
        assertThat(report.getStep())
                .as("step of %s", adapterId)
                .isEqualTo(steps.getOrDefault(adapterId, 0L) + 1);
        steps.put(adapterId, report.getStep());
        if (report.getMasked()) {
            assertThat(report.getLiveRanks().stream().mapToInt(rank -> rank).sum())
                    .as(
                            "live triplets of %s after the mask at step %d",
                            adapterId, report.getStep())
                    .isEqualTo(report.getBudget());
        }
    }

    private void answered(CommandAnswer answer) {
        String adapterId = answer.getAdapterId();
        if (returnedToAnotherStep(answer)) {
            steps.put(adapterId, answer.getStep());
        }
        assertThat(answer.getStep())
                .as("step of %s in the answer to %s", adapterId, answer.getCommandId())
                .isEqualTo(steps.getOrDefault(adapterId, 0L));
        assertThat(answer.getVersion())
                .as("version of %s in the answer to %s", adapterId, answer.getCommandId())
                .isEqualTo(versions.getOrDefault(adapterId, 0L));
        answers.computeIfAbsent(adapterId, id -> new ArrayList<>())
                .add(
                        History.answer(
                                answer.getCommandId(),
                                answer.getOutcome(),
                                answer.getRevision(),
                                answer.getStep(),
                                answer.getVersion()));
    }

    private static boolean returnedToAnotherStep(CommandAnswer answer) {
        return answer.getOutcome() == CommandOutcome.DONE
                && List.of("ROLL_BACK", "RESET").contains(answer.getAction());
    }

    private History history() {
        SortedMap<String, String> adapters = new TreeMap<>();
        for (Map.Entry<String, Long> step : steps.entrySet()) {
            long version = versions.getOrDefault(step.getKey(), 0L);
            adapters.put(step.getKey(), History.progress(step.getValue(), version));
        }
        return new History(examples, answers, adapters);
    }
}
