package io.rankstream.job;

import io.rankstream.job.batch.AdapterRequest;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.decode.DecodeFunction;
import io.rankstream.job.decode.Example;
import io.rankstream.job.decode.ExampleSerializer;
import io.rankstream.job.decode.InputAudience;
import io.rankstream.job.encode.EncodeFunction;
import io.rankstream.job.encode.EncodeInputFunction;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedExampleSerializer;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.encode.EncodedInputSerializer;
import io.rankstream.job.fleet.FleetFunction;
import io.rankstream.job.input.Input;
import io.rankstream.job.input.InputPredictions;
import io.rankstream.job.input.InputSerializer;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.input.PredictedInputSerializer;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.SchemaIds;
import io.rankstream.job.sink.KafkaSinks;
import io.rankstream.job.source.RecordSources;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.train.TrainOutputs;
import io.rankstream.job.version.AdapterVersionSink;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.TrainingReport;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The way of an example: source, decode, encode, micro-batch, train; and what comes of it: training
 * reports, predictions, answers to commands, drift events, adapter versions, dead letters. Commands
 * join it at the micro-batches, with the adapter as their key, and so do inputs without a label, of
 * which the adapters say what they are; {@link Labeling} has what becomes of these where people are
 * asked. Where the adapters share one budget, the job commands them itself, by the same topic.
 */
final class Pipeline {
    private Pipeline() {}

    /**
     * Builds the job graph.
     *
     * @param defaults what the job was begun under
     * @param claim that no other start of the job has followed
     */
    static void build(
            StreamExecutionEnvironment env,
            JobConfig config,
            Defaults defaults,
            SchemaIds schemas,
            JobClaim claim) {
        KafkaSinks sinks =
                new KafkaSinks(claim, config.topics(), schemas, config.metrics().maxAdapters());
        DataStream<DeadLetter> letters =
                config.loop().mode().learns()
                        ? learn(env, config, defaults, schemas, claim, sinks)
                        : join(env, config, sinks);
        letters.sinkTo(sinks.deadLetters()).name("dead letters").uid(Topic.DEAD_LETTERS.role());
    }

    /** Joins labels for those who predict and learn elsewhere. */
    private static DataStream<DeadLetter> join(
            StreamExecutionEnvironment env, JobConfig config, KafkaSinks sinks) {
        SingleOutputStreamOperator<Input> inputs = decodedInputs(env, config);
        DataStream<PredictedInput> given =
                inputs.map(PredictedInput::given, PredictedInputSerializer.TYPE)
                        .name("given predictions")
                        .uid(Uids.GIVEN_PREDICTIONS);
        return inputs.getSideOutput(DeadLetters.TAG)
                .union(Labeling.build(env, config, given, sinks));
    }

    private static DataStream<DeadLetter> learn(
            StreamExecutionEnvironment env,
            JobConfig config,
            Defaults defaults,
            SchemaIds schemas,
            JobClaim claim,
            KafkaSinks sinks) {
        DataStream<RawRecord> records =
                env.fromSource(
                                RecordSources.examples(
                                        config.kafka(), config.topics().of(Topic.LABELED_EXAMPLES)),
                                WatermarkStrategy.noWatermarks(),
                                "labeled examples")
                        .uid(Topic.LABELED_EXAMPLES.role());

        SingleOutputStreamOperator<Example> examples =
                records.process(
                                DecodeFunction.examples(config.input(), config.registry()),
                                ExampleSerializer.TYPE)
                        .name("decode")
                        .uid(Uids.DECODE);

        SingleOutputStreamOperator<EncodedExample> encoded =
                examples.process(
                                new EncodeFunction(config.model(), config.adapters()),
                                EncodedExampleSerializer.TYPE)
                        .name("encode")
                        .uid(Uids.ENCODE);

        SingleOutputStreamOperator<ControlCommand> commands =
                env.fromSource(
                                RecordSources.commands(
                                        config.kafka(), config.topics().of(Topic.CONTROL_COMMANDS)),
                                WatermarkStrategy.noWatermarks(),
                                "commands")
                        .uid(Topic.CONTROL_COMMANDS.role())
                        .process(
                                DecodeFunction.commands(config.registry()),
                                new AvroTypeInfo<>(ControlCommand.class))
                        .name("decode commands")
                        .uid(Uids.DECODE_COMMANDS);

        Optional<Inputs> inputs =
                config.loop().mode().predicts()
                        ? Optional.of(inputs(env, config))
                        : Optional.empty();

        Learning learning =
                new Learning(
                        config.batch(),
                        config.model(),
                        config.train(),
                        config.adapters(),
                        config.publish(),
                        config.metrics().maxAdapters(),
                        defaults);
        DataStream<AdapterRequest> requests =
                Learning.ofCommands(commands)
                        .name("commands to adapters")
                        .uid(Uids.COMMANDS_TO_ADAPTERS);
        if (inputs.isPresent()) {
            requests =
                    requests.union(
                            Learning.ofInputs(inputs.get().encoded())
                                    .name("inputs to adapters")
                                    .uid(Uids.INPUTS_TO_ADAPTERS));
        }
        SingleOutputStreamOperator<AdapterWork> work =
                learning.microBatches(
                                encoded.keyBy(EncodedExample::adapterId, Types.STRING), requests)
                        .name("micro-batch")
                        .uid(Uids.MICRO_BATCH);
        SingleOutputStreamOperator<TrainingReport> reports = learning.train(work).uid(Uids.TRAIN);

        write(reports, sinks, Topic.TRAINING_REPORTS);
        write(reports.getSideOutput(TrainOutputs.PREDICTIONS), sinks, Topic.PREDICTIONS);
        write(reports.getSideOutput(TrainOutputs.ANSWERS), sinks, Topic.COMMAND_ANSWERS);
        write(reports.getSideOutput(TrainOutputs.DRIFT_EVENTS), sinks, Topic.DRIFT_EVENTS);
        reports.getSideOutput(TrainOutputs.RELEASES)
                .sinkTo(
                        new AdapterVersionSink(
                                claim,
                                config.topics().of(Topic.ADAPTER_VERSIONS),
                                config.publish(),
                                config.model().maxLength(),
                                schemas.of(Topic.ADAPTER_VERSIONS)))
                .name("adapter versions")
                .uid(Topic.ADAPTER_VERSIONS.role());
        config.fleet()
                .ifPresent(
                        fleet ->
                                reports.getSideOutput(TrainOutputs.FLEET_NEWS)
                                        .keyBy(news -> Uids.FLEET, Types.STRING)
                                        .process(
                                                new FleetFunction(fleet, config.adapters()),
                                                new AvroTypeInfo<>(ControlCommand.class))
                                        .setParallelism(1)
                                        .name("fleet")
                                        .uid(Uids.FLEET)
                                        .sinkTo(sinks.of(Topic.CONTROL_COMMANDS))
                                        .setParallelism(1)
                                        .name("fleet commands")
                                        .uid(Uids.FLEET_COMMANDS));
        DataStream<DeadLetter> letters =
                examples.getSideOutput(DeadLetters.TAG)
                        .union(
                                encoded.getSideOutput(DeadLetters.TAG),
                                commands.getSideOutput(DeadLetters.TAG),
                                work.getSideOutput(DeadLetters.TAG),
                                reports.getSideOutput(DeadLetters.TAG));
        if (inputs.isPresent()) {
            letters = letters.union(inputs.get().letters());
            DataStream<PredictedInput> predicted =
                    reports.getSideOutput(TrainOutputs.PREDICTED_INPUTS);
            if (config.loop().mode().asks()) {
                letters = letters.union(Labeling.build(env, config, predicted, sinks));
            } else {
                tellPredictions(predicted, sinks);
            }
        }
        return letters;
    }

    /** Inputs without a label, as they are read and as adapters read them. */
    private record Inputs(
            SingleOutputStreamOperator<Input> decoded,
            SingleOutputStreamOperator<EncodedInput> encoded) {

        DataStream<DeadLetter> letters() {
            return decoded.getSideOutput(DeadLetters.TAG)
                    .union(encoded.getSideOutput(DeadLetters.TAG));
        }
    }

    private static SingleOutputStreamOperator<Input> decodedInputs(
            StreamExecutionEnvironment env, JobConfig config) {
        return env.fromSource(
                        RecordSources.ofLoop(
                                config.kafka(),
                                config.topics().of(Topic.UNLABELED_INPUTS),
                                env.getConfiguration()),
                        WatermarkStrategy.noWatermarks(),
                        "unlabeled inputs")
                .uid(Topic.UNLABELED_INPUTS.role())
                .process(
                        DecodeFunction.inputs(
                                config.loop().mode().asks()
                                        ? InputAudience.PEOPLE
                                        : InputAudience.ADAPTERS,
                                config.input(),
                                config.registry()),
                        InputSerializer.TYPE)
                .name("decode inputs")
                .uid(Uids.DECODE_INPUTS);
    }

    private static Inputs inputs(StreamExecutionEnvironment env, JobConfig config) {
        SingleOutputStreamOperator<Input> decoded = decodedInputs(env, config);
        return new Inputs(
                decoded,
                decoded.process(
                                new EncodeInputFunction(config.model(), config.adapters()),
                                EncodedInputSerializer.TYPE)
                        .name("encode inputs")
                        .uid(Uids.ENCODE_INPUTS));
    }

    private static void tellPredictions(DataStream<PredictedInput> predicted, KafkaSinks sinks) {
        write(
                predicted
                        .map(
                                InputPredictions::unselected,
                                new AvroTypeInfo<>(InputPrediction.class))
                        .name("tell predictions")
                        .uid(Uids.TELL_PREDICTIONS),
                sinks,
                Topic.INPUT_PREDICTIONS);
    }

    private static <T extends SpecificRecordBase> void write(
            DataStream<T> values, KafkaSinks sinks, Topic<T> topic) {
        values.sinkTo(sinks.of(topic)).name(topic.role().replace('-', ' ')).uid(topic.role());
    }
}
