package io.rankstream.job.stream;

import io.rankstream.job.version.AdapterRelease;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * What comes of learning.
 *
 * @param reports one of every optimizer step
 * @param predictions what was said of every example before it was learned from
 * @param versions adapters as they were when a version was due, with their whole state: {@link
 *     io.rankstream.adapters.snapshot.AdapterSnapshot} makes a file of one, and {@link
 *     io.rankstream.adapters.version.AdapterFiles} PEFT's directory
 * @param answers what became of every command
 * @param drift alarms of adapters that err more often than they did, and what commands said of them
 * @param inputPredictions what was said of every text without a label
 * @param refused texts that were not learned from, with the reason
 * @param refusedInputs texts without a label that were not predicted, with the reason
 */
public record LearningStreams(
        DataStream<TrainingReport> reports,
        DataStream<Prediction> predictions,
        DataStream<AdapterRelease> versions,
        DataStream<CommandAnswer> answers,
        DataStream<DriftEvent> drift,
        DataStream<InputPrediction> inputPredictions,
        DataStream<RefusedText> refused,
        DataStream<RefusedInput> refusedInputs) {}
