package io.rankstream.ops.console;

import io.rankstream.ops.standing.Refusal;
import java.util.regex.Pattern;

/** The command that shows a dead letter, for a POSIX shell. */
final class PeekCommand {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

    private PeekCommand() {}

    /**
     * @param config configuration file of the job
     */
    static String of(String config, Refusal refusal) {
        String adapter = refusal.adapterId().map(id -> " --adapter " + quoted(id)).orElse("");
        return "rankstream dlq peek --config %s%s --reason %s --from %s"
                .formatted(quoted(config), adapter, refusal.reason(), refusal.written());
    }

    /** One word to the shell, whatever is in it: ids come from the stream. */
    static String quoted(String text) {
        return PLAIN.matcher(text).matches() && !text.startsWith("-")
                ? text
                : "'" + text.replace("'", "'\\''") + "'";
    }
}
