package io.rankstream.ops.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Predicate;

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
        return of(printed -> false, arguments);
    }

    /**
     * Runs {@code rankstream}, and asks it to end once it has printed a text. No thread is
     * interrupted, as where the interrupt is lost in what the command calls.
     */
    public static CommandRun askedToEndAt(String text, String... arguments) {
        return of(printed -> printed.contains(text), arguments);
    }

    private static CommandRun of(Predicate<String> ending, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                RankstreamCommand.commandLine(() -> ending.test(out.toString()))
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
