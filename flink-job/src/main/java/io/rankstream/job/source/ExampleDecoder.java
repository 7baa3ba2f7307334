package io.rankstream.job.source;

import io.rankstream.schemas.LabeledExample;
import java.time.Duration;

/** Turns records into examples. */
final class ExampleDecoder extends ValueDecoder<LabeledExample, Example> {

    ExampleDecoder(SchemaLookup lookup, Duration outageTimeout, RetryClock clock) {
        super(LabeledExample.class, lookup, outageTimeout, clock);
    }

    @Override
    String adapterId(LabeledExample read) {
        return read.getAdapterId();
    }

    @Override
    Example value(RawRecord raw, LabeledExample read) {
        return new Example(
                read.getExampleId(),
                read.getAdapterId(),
                read.getText(),
                read.getLabel(),
                read.getEventTime().toEpochMilli(),
                raw);
    }
}
