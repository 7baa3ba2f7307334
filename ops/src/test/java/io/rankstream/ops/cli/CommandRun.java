package io.rankstream.ops.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What a command did in this process.
 *
 * @param exitCode its exit code
 * @param out what it printed
 * @param err what it said of mistakes and failures
 */
public record CommandRun(int exitCode, String out, String err) {

    /** Runs {@code rankstream} with these arguments. */
    public static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                RankstreamCommand.commandLine(() -> false)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
