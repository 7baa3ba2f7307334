package io.rankstream.job.source;

import io.rankstream.schemas.ControlCommand;
import java.time.Duration;

/** Turns records into commands. */
final class CommandDecoder extends ValueDecoder<ControlCommand, ControlCommand> {

    CommandDecoder(SchemaLookup lookup, Duration outageTimeout, RetryClock clock) {
        super(ControlCommand.class, lookup, outageTimeout, clock);
    }

    @Override
    String adapterId(ControlCommand read) {
        return read.getAdapterId();
    }

    @Override
    ControlCommand value(RawRecord raw, ControlCommand read) {
        return read;
    }
}
