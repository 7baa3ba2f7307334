package io.rankstream.adapters.training;

import static ai.djl.pytorch.jni.JniUtils.mean;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.model.BertEncoder;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.task.SequenceClassification;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Forward pass of a micro-batch: the loss that training descends, and the predictions that come
 * with it for free.
 *
 * @param batch token ids
 * @param meanLoss mean cross entropy, a scalar with a graph behind it
 * @param predictions one an example
 */
record ForwardPass(TokenBatch batch, PtNDArray meanLoss, List<Prediction> predictions) {

    static ForwardPass of(
            PtNDManager scope,
            BertEncoder encoder,
            LinearUpdate update,
            SequenceClassification task,
            PtNDArray headWeight,
            PtNDArray headBias,
            List<TrainingExample> examples) {
        TokenBatch batch =
                TokenBatch.of(scope, examples.stream().map(TrainingExample::tokenIds).toList());
        PtNDArray tokens = encoder.forward(batch, update);
        PtNDArray logProbabilities = task.logProbabilities(tokens, batch, headWeight, headBias);
        PtNDArray losses =
                SequenceClassification.losses(
                        logProbabilities,
                        examples.stream().mapToInt(TrainingExample::label).toArray());
        return new ForwardPass(
                batch,
                mean(losses),
                predictions(logProbabilities.toFloatArray(), losses.toFloatArray()));
    }

    private static List<Prediction> predictions(float[] logProbabilities, float[] losses) {
        int labels = logProbabilities.length / losses.length;
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            int best = 0;
            for (int label = 1; label < labels; label++) {
                if (logProbabilities[i * labels + label] > logProbabilities[i * labels + best]) {
                    best = label;
                }
            }
            float probability = (float) Math.exp(logProbabilities[i * labels + best]);
            predictions.add(new Prediction(best, probability, losses[i]));
        }
        return predictions;
    }

    /** Positions of the examples whose loss is not finite. */
    List<Integer> notFinite() {
        return IntStream.range(0, predictions.size())
                .filter(i -> !Float.isFinite(predictions.get(i).loss()))
                .boxed()
                .toList();
    }
}
