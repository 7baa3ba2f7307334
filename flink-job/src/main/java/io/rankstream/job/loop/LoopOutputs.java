package io.rankstream.job.loop;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabeledExample;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.OutputTag;

/**
 * Side outputs of the loop, whose main one is what was said of each input; what it refuses leaves
 * through {@link io.rankstream.job.record.DeadLetters#TAG}.
 */
public final class LoopOutputs {

    /** What people are asked, and asked no more. */
    public static final OutputTag<LabelRequest> REQUESTS =
            new OutputTag<>("label-requests", new AvroTypeInfo<>(LabelRequest.class));

    /** What became of votes. */
    public static final OutputTag<LabelOutcome> OUTCOMES =
            new OutputTag<>("label-outcomes", new AvroTypeInfo<>(LabelOutcome.class));

    /** Inputs with the labels that were decided. */
    public static final OutputTag<LabeledExample> EXAMPLES =
            new OutputTag<>("labeled-examples", new AvroTypeInfo<>(LabeledExample.class));

    /** How good adapters are on their inputs, once an hour of their streams' time. */
    public static final OutputTag<AdapterQuality> QUALITY =
            new OutputTag<>("adapter-quality", new AvroTypeInfo<>(AdapterQuality.class));

    private LoopOutputs() {}
}
