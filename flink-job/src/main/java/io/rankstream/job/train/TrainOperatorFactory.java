package io.rankstream.job.train;

import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.schemas.TrainingReport;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Makes the training operator of each subtask: micro-batches keyed by adapter id in, one {@link
 * TrainingReport} per optimizer step out, the rest through {@link TrainOutputs} and {@link
 * io.rankstream.job.record.DeadLetters#TAG}.
 */
public final class TrainOperatorFactory extends AbstractStreamOperatorFactory<TrainingReport>
        implements OneInputStreamOperatorFactory<AdapterWork, TrainingReport> {

    private static final long serialVersionUID = 1L;

    private final ModelSettings model;
    private final TrainSettings train;
    private final ConfiguredAdapters configured;
    private final PublishSettings publish;
    private final int measuredAdapters;

    /**
     * @param measuredAdapters adapters of a subtask that have metrics of their own
     */
    public TrainOperatorFactory(
            ModelSettings model,
            TrainSettings train,
            ConfiguredAdapters configured,
            PublishSettings publish,
            int measuredAdapters) {
        this.model = model;
        this.train = train;
        this.configured = configured;
        this.publish = publish;
        this.measuredAdapters = measuredAdapters;
    }

    @Override
    @SuppressWarnings({
        "unchecked",
        "TypeParameterUnusedInFormals"
    }) // the interface leaves the operator's type to the caller
    public <T extends StreamOperator<TrainingReport>> T createStreamOperator(
            StreamOperatorParameters<TrainingReport> parameters) {
        return (T)
                new TrainOperator(parameters, model, train, configured, publish, measuredAdapters);
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface declares it
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return TrainOperator.class;
    }
}
