package io.rankstream.ops.cli.option;

import io.rankstream.adapters.state.AdapterId;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Ids of adapters as options. */
public final class AdapterIds {

    private AdapterIds() {}

    /** Checks what {@code --adapter} was given for a new adapter. */
    public static void require(String adapterId, CommandSpec spec) {
        if (!AdapterId.isValid(adapterId)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--adapter is '%s', but an id is %s".formatted(adapterId, AdapterId.RULE));
        }
    }
}
