package io.rankstream.adapters.training;

import io.rankstream.adapters.probe.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Passes over examples that are not learned from, before the steps of a bundle and after them. */
final class ProbePass {

    /** Most probes of an adapter that are asked at once. */
    private static final int TOGETHER = 32;

    private ProbePass() {}

    /** Each step's adapter says something of the examples that it withholds, and keeps them. */
    static void withhold(EngineRuntime.LoadedModel model, List<PendingStep> steps) {
        List<PendingStep> withholding =
                steps.stream().filter(step -> !step.probes().isEmpty()).toList();
        if (withholding.isEmpty()) {
            return;
        }
        List<ForwardPass.Part<DeviceAdapter>> parts =
                withholding.stream()
                        .map(
                                step ->
                                        new ForwardPass.Part<>(
                                                step.adapter(),
                                                step.probes().stream()
                                                        .map(TrainingExample::tokens)
                                                        .toList()))
                        .toList();
        List<float[][]> outputs = model.whole(() -> ForwardPass.logits(model, parts));
        for (int i = 0; i < withholding.size(); i++) {
            withholding.get(i).withhold(outputs.get(i));
        }
    }

    /** Asks all probes of each adapter whose period of probes is over. */
    static void ask(EngineRuntime.LoadedModel model, List<PendingStep> steps) {
        for (PendingStep step : steps) {
            if (step.isTaken()) {
                step.told(step.adapter().endProbePeriod(probes -> ask(model, step, probes)));
            }
        }
    }

    private static List<OptionalDouble> ask(
            EngineRuntime.LoadedModel model, PendingStep step, List<Probe> probes) {
        List<OptionalDouble> answers = new ArrayList<>();
        for (int from = 0; from < probes.size(); from += TOGETHER) {
            List<Probe> some = probes.subList(from, Math.min(from + TOGETHER, probes.size()));
            List<ForwardPass.Part<DeviceAdapter>> part =
                    List.of(
                            new ForwardPass.Part<>(
                                    step.adapter(), some.stream().map(Probe::tokens).toList()));
            float[][] outputs = model.whole(() -> ForwardPass.logits(model, part)).get(0);
            for (int i = 0; i < outputs.length; i++) {
                answers.add(step.adapter().answer(outputs[i], some.get(i)));
            }
        }
        return answers;
    }
}
