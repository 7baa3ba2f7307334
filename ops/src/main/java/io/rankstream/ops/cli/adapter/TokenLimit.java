package io.rankstream.ops.cli.adapter;

import io.rankstream.adapters.tokens.TextEncoder;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A token limit on the command line. */
public final class TokenLimit {

    private TokenLimit() {}

    /**
     * The limit, if one was given.
     *
     * @param value what was given; null if nothing was
     * @throws ParameterException if no job has so low a limit
     */
    public static OptionalInt of(Integer value, CommandSpec spec) {
        if (value == null) {
            return OptionalInt.empty();
        }
        if (value < TextEncoder.LEAST_LIMIT) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-length is %d, expected %d or more, as model.max-length of a job is"
                            .formatted(value, TextEncoder.LEAST_LIMIT));
        }
        return OptionalInt.of(value);
    }
}
