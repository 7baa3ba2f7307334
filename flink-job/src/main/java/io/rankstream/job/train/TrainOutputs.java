package io.rankstream.job.train;

import io.rankstream.job.fleet.FleetNews;
import io.rankstream.job.fleet.FleetNewsSerializer;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.input.PredictedInputSerializer;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.job.version.AdapterReleaseSerializer;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.Prediction;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.OutputTag;

/**
 * Side outputs of the training operator; refused examples leave through {@link
 * io.rankstream.job.record.DeadLetters#TAG}.
 */
public final class TrainOutputs {

    /** The prequential prediction of every example that was trained on. */
    public static final OutputTag<Prediction> PREDICTIONS =
            new OutputTag<>("predictions", new AvroTypeInfo<>(Prediction.class));

    /** What became of every command. */
    public static final OutputTag<CommandAnswer> ANSWERS =
            new OutputTag<>("answers", new AvroTypeInfo<>(CommandAnswer.class));

    /**
     * Alarms of adapters that err more often than they did, what commands said of them, and advice
     * about inputs.
     */
    public static final OutputTag<DriftEvent> DRIFT_EVENTS =
            new OutputTag<>("drift-events", new AvroTypeInfo<>(DriftEvent.class));

    /** What adapters say of inputs without a label. */
    public static final OutputTag<PredictedInput> PREDICTED_INPUTS =
            new OutputTag<>("predicted-inputs", PredictedInputSerializer.TYPE);

    /** Versions to publish. */
    public static final OutputTag<AdapterRelease> RELEASES =
            new OutputTag<>("releases", AdapterReleaseSerializer.TYPE);

    /** What the fleet hears; nothing where each adapter has a budget of its own. */
    public static final OutputTag<FleetNews> FLEET_NEWS =
            new OutputTag<>("fleet-news", FleetNewsSerializer.TYPE);

    private TrainOutputs() {}
}
