package io.rankstream.ops.cli.run;

import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Program;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Says which adapters a command has paused. */
final class PausedAdapters {

    /** Adapters that are named; of more, the number. */
    private static final int MOST_NAMED = 20;

    private PausedAdapters() {}

    /**
     * A sentence on a line of its own; blank where none is paused.
     *
     * @param held examples that each paused adapter holds
     */
    static String sentence(SortedMap<String, Long> held, Path config) {
        if (held.isEmpty()) {
            return "";
        }
        String named =
                held.entrySet().stream()
                        .limit(MOST_NAMED)
                        .map(
                                each ->
                                        "'%s' (%s held)"
                                                .formatted(
                                                        each.getKey(),
                                                        Amount.of(each.getValue(), "example")))
                        .collect(Collectors.joining(", "));
        int more = held.size() - MOST_NAMED;
        return "Paused by a command: %s%s. To resume one: %s"
                .formatted(
                        named,
                        more > 0 ? " and " + Amount.of(more, "more adapter") : "",
                        Program.command(
                                "control resume ADAPTER --config "
                                        + Program.quoted(config.toString())));
    }
}
