package io.rankstream.ops.console;

import io.rankstream.adapters.text.Program;
import io.rankstream.ops.standing.Refusal;

/** The command that shows a dead letter, for a POSIX shell. */
final class PeekCommand {

    private PeekCommand() {}

    /**
     * @param config configuration file of the job
     */
    static String of(String config, Refusal refusal) {
        String adapter =
                refusal.adapterId().map(id -> " --adapter " + Program.quoted(id)).orElse("");
        return Program.command(
                "dlq peek --config %s%s --reason %s --from %s"
                        .formatted(
                                Program.quoted(config),
                                adapter,
                                refusal.reason(),
                                refusal.written()));
    }
}
