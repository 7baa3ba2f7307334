package io.rankstream.job.config.settings;

import io.rankstream.job.config.option.Secrets;
import java.io.Serializable;

/** What a new adapter starts from. */
public sealed interface AdapterStart extends Serializable {

    /** From its template alone. */
    record Template() implements AdapterStart {}

    /**
     * From another adapter.
     *
     * @param file its snapshot: a path, or URI of a Flink file system
     */
    record Snapshot(String file) implements AdapterStart {

        /** Leaves out the user of a URI. */
        @Override
        public String toString() {
            return "Snapshot[file=%s]".formatted(Secrets.redact(file));
        }
    }
}
