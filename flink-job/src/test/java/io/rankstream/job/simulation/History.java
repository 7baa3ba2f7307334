package io.rankstream.job.simulation;

import java.util.List;
import java.util.SortedMap;

/**
 * What a log has come to, in words that compare well.
 *
 * @param examples what became of each example and of each input, by its offset
 * @param answers the answers to the commands of each adapter, in their order
 * @param adapters progress of each adapter that has learned
 */
record History(
        SortedMap<Long, String> examples,
        SortedMap<String, List<String>> answers,
        SortedMap<String, String> adapters) {

    static String trained(long step) {
        return "trained at step " + step;
    }

    static String predicted(long step) {
        return "predicted at step " + step;
    }

    static String refused(Object reason) {
        return "refused: " + reason;
    }

    static String answer(String commandId, Object outcome, long revision, long step, long version) {
        return "%s %s, revision %d, %s"
                .formatted(commandId, outcome, revision, progress(step, version));
    }

    static String progress(long step, long version) {
        return "step %d, version %d".formatted(step, version);
    }
}
