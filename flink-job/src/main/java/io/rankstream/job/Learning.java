package io.rankstream.job;

import io.rankstream.job.batch.AdapterRequest;
import io.rankstream.job.batch.AdapterRequestSerializer;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.AdapterWorkSerializer;
import io.rankstream.job.batch.MicroBatchFunction;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.train.TrainOperatorFactory;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.TrainingReport;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The two operators that hold the adapters' state, chained: micro-batch and train.
 *
 * @param batch when a micro-batch closes
 * @param model base model
 * @param train training operator
 * @param adapters adapters that are admitted
 * @param publish when and where versions are published
 * @param measuredAdapters adapters of a subtask that have metrics of their own
 * @param defaults what the job was begun under
 */
public record Learning(
        BatchSettings batch,
        ModelSettings model,
        TrainSettings train,
        ConfiguredAdapters adapters,
        PublishSettings publish,
        int measuredAdapters,
        Defaults defaults) {

    /** Commands as what comes for adapters beside examples. */
    public static SingleOutputStreamOperator<AdapterRequest> ofCommands(
            DataStream<ControlCommand> commands) {
        return commands.map(AdapterRequest.Command::new, AdapterRequestSerializer.TYPE);
    }

    /** Inputs to predict as what comes for adapters beside examples. */
    public static SingleOutputStreamOperator<AdapterRequest> ofInputs(
            DataStream<EncodedInput> inputs) {
        return inputs.map(AdapterRequest.Prediction::new, AdapterRequestSerializer.TYPE);
    }

    /**
     * Examples gathered by adapter, with what else comes for it.
     *
     * @param examples keyed by adapter
     */
    public SingleOutputStreamOperator<AdapterWork> microBatches(
            KeyedStream<EncodedExample, String> examples, DataStream<AdapterRequest> requests) {
        return examples.connect(requests.keyBy(AdapterRequest::adapterId, Types.STRING))
                .process(
                        new MicroBatchFunction(batch, adapters, defaults),
                        AdapterWorkSerializer.TYPE);
    }

    /**
     * A report of every step; more in the side outputs.
     *
     * @param work of {@link #microBatches}, whose keys it keeps
     */
    public SingleOutputStreamOperator<TrainingReport> train(DataStream<AdapterWork> work) {
        return DataStreamUtils.reinterpretAsKeyedStream(work, AdapterWork::adapterId, Types.STRING)
                .transform(
                        "train",
                        new AvroTypeInfo<>(TrainingReport.class),
                        new TrainOperatorFactory(
                                model, train, adapters, publish, measuredAdapters));
    }
}
