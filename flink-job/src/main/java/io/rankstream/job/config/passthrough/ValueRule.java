package io.rankstream.job.config.passthrough;

import io.rankstream.job.config.option.Entry;
import java.util.Optional;

/** Judges the values of options that are handed on to a library. */
public interface ValueRule {

    /**
     * What the library expects in place of a value.
     *
     * @param name of the option, as the library has it
     * @return the rule as the end of a sentence: "expected …"; empty where the value is right, or
     *     the option is not known here
     */
    Optional<String> broken(String name, Entry value);

    /** Whether a value may have several lines, as certificates and entries of JAAS have. */
    boolean maySpanLines(String name);
}
