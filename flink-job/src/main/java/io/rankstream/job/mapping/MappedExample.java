package io.rankstream.job.mapping;

import io.rankstream.schemas.LabeledExample;
import java.util.List;

/** What an object of JSON is as a labeled example. */
public sealed interface MappedExample {

    /** An example. */
    record Complete(LabeledExample example) implements MappedExample {}

    /**
     * No example.
     *
     * @param problems everything that is wrong, one clause each
     */
    record Incomplete(List<String> problems) implements MappedExample {

        public Incomplete {
            problems = List.copyOf(problems);
        }
    }
}
