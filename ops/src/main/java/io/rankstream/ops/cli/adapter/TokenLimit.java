package io.rankstream.ops.cli.adapter;

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
     * @throws ParameterException if no text of so many tokens can be
     */
    public static OptionalInt of(Integer value, CommandSpec spec) {
        if (value == null) {
            return OptionalInt.empty();
        }
        if (value < 3) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-length is %d, expected 3 or more: two special tokens and one of the text"
                            .formatted(value));
        }
        return OptionalInt.of(value);
    }
}
