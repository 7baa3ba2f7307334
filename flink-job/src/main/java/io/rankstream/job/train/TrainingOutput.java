package io.rankstream.job.train;

import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.fleet.FleetNews;
import io.rankstream.job.input.Input;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Sends what comes of training to the output it belongs to. */
final class TrainingOutput {

    private final Output<StreamRecord<TrainingReport>> output;

    TrainingOutput(Output<StreamRecord<TrainingReport>> output) {
        this.output = output;
    }

    void emit(TrainingReport report) {
        output.collect(new StreamRecord<>(report));
    }

    void emit(Prediction prediction) {
        emit(TrainOutputs.PREDICTIONS, prediction);
    }

    void emit(CommandAnswer answer) {
        emit(TrainOutputs.ANSWERS, answer);
    }

    void emit(DriftEvent event) {
        emit(TrainOutputs.DRIFT_EVENTS, event);
    }

    void emit(FleetNews news) {
        emit(TrainOutputs.FLEET_NEWS, news);
    }

    void emit(AdapterRelease release) {
        emit(TrainOutputs.RELEASES, release);
    }

    void emit(PredictedInput predicted) {
        emit(TrainOutputs.PREDICTED_INPUTS, predicted);
    }

    /** Makes a dead letter of an input. */
    void refuse(Input input, DeadLetterReason reason, String message) {
        emit(DeadLetters.TAG, DeadLetters.of(input.origin(), input.adapterId(), reason, message));
    }

    /** Makes a dead letter of an example. */
    void refuse(EncodedExample example, DeadLetterReason reason, String message) {
        emit(
                DeadLetters.TAG,
                DeadLetters.of(example.origin(), example.adapterId(), reason, message));
    }

    private <T> void emit(OutputTag<T> tag, T value) {
        output.collect(tag, new StreamRecord<>(value));
    }
}
