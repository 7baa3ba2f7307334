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

    /** Rows of a matrix. */
    static float[][] rows(PtNDArray matrix, int count) {
        float[] flat = matrix.toFloatArray();
        int width = flat.length / count;
        return IntStream.range(0, count)
                .mapToObj(i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width))
                .toArray(float[][]::new);
    }

    /** Euclidean norm of each vector. */
    static float[] norms(float[][] vectors) {
        float[] norms = new float[vectors.length];
        for (int i = 0; i < norms.length; i++) {
            double sum = 0;
            for (float value : vectors[i]) {
                sum += (double) value * value;
            }
            norms[i] = (float) Math.sqrt(sum);
        }
        return norms;
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
        return isFinite(ofHead) ? floats(mixture.say(evidence, rows).logProbabilities()) : ofHead;
    }

    static boolean isFinite(float[] logits) {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                return false;
            }
        }
        return true;
    }

    /** The largest of the probabilities that logits are of. */
    static double largestShare(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - largest);
        }
        return 1 / sum;
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
     * @param inputAlarms the same of what could be seen before the label was looked at
     */
    record Learned(
            List<Prediction> predictions,
            Map<String, List<Target>> byParts,
            List<StepAlarm> alarms,
            List<StepInputAlarm> inputAlarms) {}

    /**
     * What the head said of the first examples of a step, where it speaks alone.
     *
     * @param fresh these examples
     */
    static Learned told(
            Accumulation passes,
            List<TrainingExample> fresh,
            boolean saysOneLabel,
            Optional<DriftWatch> drift) {
        List<Prediction> predictions = passes.predictions().subList(0, fresh.size());
        List<StepAlarm> alarms = new ArrayList<>();
        List<StepInputAlarm> inputAlarms = new ArrayList<>();
        for (int i = 0; i < fresh.size(); i++) {
            int position = i;
            Prediction prediction = predictions.get(i);
            Optional<DriftWatch> watch = watchOver(fresh.get(i), drift);
            if (watchesInputs(watch)) {
                float[] vector = passes.evidence().get(i).vector();
                inputAlarms.addAll(saw(watch, i, prediction.probability(), vector));
            }
            watch.flatMap(
                            known ->
                                    saysOneLabel
                                            ? known.predicted(prediction.isRight())
                                            : known.predicted(prediction.loss()))
                    .ifPresent(alarm -> alarms.add(new StepAlarm(position, alarm)));
        }
        return new Learned(predictions, Map.of(), alarms, inputAlarms);
    }

    /** What watches for drift, where the example tells of all inputs alike. */
    private static Optional<DriftWatch> watchOver(
            TrainingExample example, Optional<DriftWatch> drift) {
        return drift.filter(known -> example.uniform());
    }

    static boolean watchesInputs(Optional<DriftWatch> watch) {
        return watch.filter(DriftWatch::watchesInputs).isPresent();
    }

    /** What a watch over inputs makes of one. */
    static List<StepInputAlarm> saw(
            Optional<DriftWatch> watch, int position, double probability, float[] vector) {
        return watch.orElseThrow().saw(probability, vector).stream()
                .map(alarm -> new StepInputAlarm(position, alarm))
                .toList();
    }

    /**
     * What the mixture says of the first examples of a step; it learns each before it sees the
     * next.
     *
     * @param fresh these examples
     */
    static Learned learned(
            Mixture mixture,
            Accumulation passes,
            List<TrainingExample> fresh,
            LabelSet labels,
            Optional<DriftWatch> drift) {
        int[] rows = labels.activeRows();
        List<Target> targets = labels.names().stream().map(Voices::label).toList();
        List<Evidence> texts = passes.evidence().subList(0, fresh.size());
        List<Prediction> predictions = new ArrayList<>();
        List<Target> byHeads = new ArrayList<>();
        List<Target> byWords = new ArrayList<>();
        List<StepAlarm> alarms = new ArrayList<>();
        List<StepInputAlarm> inputAlarms = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Target target = passes.predictions().get(i).target();
            int row = labels.indexOf(target.shown());
            Said said = mixture.say(texts.get(i), rows);
            Optional<DriftWatch> watch = watchOver(fresh.get(i), drift);
            if (watchesInputs(watch)) {
                inputAlarms.addAll(saw(watch, i, said.probability(), texts.get(i).vector()));
            }
            mixture.learn(texts.get(i), said, row);
            boolean right = said.row() == row;
            Optional<DriftAlarm> alarm = watch.flatMap(known -> known.predicted(right));
            float[] vector = texts.get(i).vector();
            drift.ifPresent(known -> known.learned(mixture, vector, rows, row, alarm));
            if (alarm.isPresent()) {
                alarms.add(new StepAlarm(i, alarm.get()));
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
                alarms,
                inputAlarms);
    }

    private static Target label(String name) {
        return new Target.Label(name);
    }
}
