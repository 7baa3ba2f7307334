package io.rankstream.job;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.decode.DecodeFunction;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.LoopOperator;
import io.rankstream.job.loop.LoopOutputs;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.loop.vote.VoteSerializer;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.sink.KafkaSinks;
import io.rankstream.job.source.RecordSources;
import io.rankstream.job.topic.Topic;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.InputPrediction;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The way of a label: inputs with what was predicted of them meet votes, and what comes of that are
 * predictions, requests, outcomes and labeled examples.
 */
final class Labeling {

    private Labeling() {}

    /**
     * Builds it.
     *
     * @param inputs with what was predicted of them, or nothing
     * @return what it refuses
     */
    static DataStream<DeadLetter> build(
            StreamExecutionEnvironment env,
            JobConfig config,
            DataStream<PredictedInput> inputs,
            KafkaSinks sinks) {
        SingleOutputStreamOperator<Vote> votes =
                env.fromSource(
                                RecordSources.ofLoop(
                                        config.kafka(),
                                        config.topics().of(Topic.LABELS),
                                        env.getConfiguration()),
                                WatermarkStrategy.noWatermarks(),
                                "labels")
                        .uid(Topic.LABELS.role())
                        .process(DecodeFunction.votes(config.registry()), VoteSerializer.TYPE)
                        .name("decode labels")
                        .uid(Uids.DECODE_LABELS);
        SingleOutputStreamOperator<InputPrediction> predictions =
                inputs.keyBy(PredictedInput::adapterId, Types.STRING)
                        .connect(votes.keyBy(Vote::adapterId, Types.STRING))
                        .transform(
                                "loop",
                                new AvroTypeInfo<>(InputPrediction.class),
                                new LoopOperator(
                                        config.loop().join().orElseThrow(),
                                        config.loop().selections().orElseThrow(),
                                        config.adapters(),
                                        config.metrics().maxAdapters()))
                        .uid(Uids.LOOP);
        write(predictions, sinks, Topic.INPUT_PREDICTIONS, Topic.INPUT_PREDICTIONS.role());
        write(
                predictions.getSideOutput(LoopOutputs.REQUESTS),
                sinks,
                Topic.LABEL_REQUESTS,
                Topic.LABEL_REQUESTS.role());
        write(
                predictions.getSideOutput(LoopOutputs.OUTCOMES),
                sinks,
                Topic.LABEL_OUTCOMES,
                Topic.LABEL_OUTCOMES.role());
        write(
                predictions.getSideOutput(LoopOutputs.EXAMPLES),
                sinks,
                Topic.LABELED_EXAMPLES,
                Uids.JOINED_EXAMPLES);
        write(
                predictions.getSideOutput(LoopOutputs.QUALITY),
                sinks,
                Topic.ADAPTER_QUALITY,
                Topic.ADAPTER_QUALITY.role());
        return votes.getSideOutput(DeadLetters.TAG)
                .union(predictions.getSideOutput(DeadLetters.TAG));
    }

    private static <T extends SpecificRecordBase> void write(
            DataStream<T> values, KafkaSinks sinks, Topic<T> topic, String uid) {
        values.sinkTo(sinks.of(topic)).name(uid.replace('-', ' ')).uid(uid);
    }
}
