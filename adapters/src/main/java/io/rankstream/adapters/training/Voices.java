package io.rankstream.adapters.training;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.DriftWatch;
import io.rankstream.adapters.mixture.Evidence;
import io.rankstream.adapters.mixture.Mixture;
import io.rankstream.adapters.mixture.Said;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What an adapter's mixture is given by passes, and what they get from it. */
final class Voices {

    private Voices() {}

    /**
     * What a mixture judges texts by.
     *
     * @param outputs of the head, (texts, labels)
     * @param read what its last layer read, (texts, features)
     */
    static List<Evidence> evidence(PtNDArray outputs, PtNDArray read, List<Tokens> texts) {
        float[][] logits = rows(outputs, texts.size());
        float[][] vectors = rows(read, texts.size());
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new Evidence(logits[i], vectors[i], texts.get(i).words()))
                .toList();
    }

    private static float[][] rows(PtNDArray matrix, int count) {
        float[] flat = matrix.toFloatArray();
        int width = flat.length / count;
        return IntStream.range(0, count)
                .mapToObj(i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width))
                .toArray(float[][]::new);
    }

    /**
     * Log-probabilities of the labels in use, a row a text; nothing changes. Where the head has a
     * logit that is not finite, its own logits, since nothing can be said of that text.
     */
    static float[][] logits(Mixture mixture, List<Evidence> texts, LabelSet labels) {
        int[] rows = labels.activeRows();
        return texts.stream()
                .map(evidence -> logits(mixture, evidence, rows))
                .toArray(float[][]::new);
    }

    private static float[] logits(Mixture mixture, Evidence evidence, int[] rows) {
        float[] ofHead = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            ofHead[i] = evidence.logits()[rows[i]];
        }
        for (float logit : ofHead) {
            if (!Float.isFinite(logit)) {
                return ofHead;
            }
        }
        return floats(mixture.say(evidence, rows).logProbabilities());
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /**
     * What was said of the examples of a step before it was learned.
     *
     * @param predictions by the adapter
     * @param byParts by parts of a mixture alone, a target an example, by the part's name
     * @param alarms that they raised
     */
    record Learned(
            List<Prediction> predictions,
            Map<String, List<Target>> byParts,
            List<StepAlarm> alarms) {}

    /** What the head said of the examples of a step, where it speaks alone. */
    static Learned told(Accumulation passes, boolean hasLabels, Optional<DriftWatch> watch) {
        List<StepAlarm> alarms = new ArrayList<>();
        for (int i = 0; i < passes.predictions().size(); i++) {
            int position = i;
            Prediction prediction = passes.predictions().get(i);
            watch.flatMap(
                            known ->
                                    hasLabels
                                            ? known.predicted(prediction.isRight())
                                            : known.predicted(prediction.loss()))
                    .ifPresent(alarm -> alarms.add(new StepAlarm(position, alarm)));
        }
        return new Learned(passes.predictions(), Map.of(), alarms);
    }

    /** What the mixture says of the examples of a step; it learns each before it sees the next. */
    static Learned learned(
            Mixture mixture, Accumulation passes, LabelSet labels, Optional<DriftWatch> watch) {
        int[] rows = labels.activeRows();
        List<Target> targets = labels.names().stream().map(Voices::label).toList();
        List<Evidence> texts = passes.evidence();
        List<Prediction> predictions = new ArrayList<>();
        List<Target> byHeads = new ArrayList<>();
        List<Target> byWords = new ArrayList<>();
        List<StepAlarm> alarms = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Target target = passes.predictions().get(i).target();
            int row = labels.indexOf(target.shown());
            Said said = mixture.say(texts.get(i), rows);
            mixture.learn(texts.get(i), said, row);
            if (watch.isPresent()) {
                Optional<DriftAlarm> alarm = watch.get().predicted(said.row() == row);
                watch.get().learned(mixture, texts.get(i).vector(), rows, row, alarm);
                if (alarm.isPresent()) {
                    alarms.add(new StepAlarm(i, alarm.get()));
                }
            }
            predictions.add(
                    new Prediction(
                            targets.get(said.row()),
                            target,
                            (float) said.probability(),
                            (float) said.loss(row)));
            byHeads.add(targets.get(said.rowOfHeads()));
            byWords.add(targets.get(said.rowOfWords()));
        }
        return new Learned(
                predictions,
                Map.of(PrequentialScore.EXPORTED, byHeads, PrequentialScore.WORDS, byWords),
                alarms);
    }

    private static Target label(String name) {
        return new Target.Label(name);
    }
}
