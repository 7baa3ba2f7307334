package io.rankstream.job.batch;

import io.rankstream.job.encode.EncodedInput;
import io.rankstream.schemas.ControlCommand;

/** What comes for an adapter beside its examples. */
public sealed interface AdapterRequest {

    /** The adapter. */
    String adapterId();

    /** A command; nobody modifies it. */
    record Command(ControlCommand command) implements AdapterRequest {

        @Override
        public String adapterId() {
            return command.getAdapterId();
        }
    }

    /** An input that the adapter shall say something of. */
    record Prediction(EncodedInput input) implements AdapterRequest {

        @Override
        public String adapterId() {
            return input.adapterId();
        }
    }
}
