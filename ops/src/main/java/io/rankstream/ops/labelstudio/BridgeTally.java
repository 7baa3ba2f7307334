package io.rankstream.ops.labelstudio;

import io.rankstream.adapters.text.Amount;
import io.rankstream.schemas.LabelVote;
import java.util.ArrayList;
import java.util.List;

/** What a bridge has done since it was started. For use by one thread. */
final class BridgeTally {

    private long pushed;
    private long askedAgain;
    private long withdrawn;
    private long leftOut;
    private long expired;
    private long votes;
    private long skips;
    private long retractions;
    private long unreadable;
    private long deleted;

    void pushed(int tasks) {
        pushed += tasks;
    }

    void askedAgain() {
        askedAgain++;
    }

    void withdrawn() {
        withdrawn++;
    }

    void leftOut(int requests) {
        leftOut += requests;
    }

    void expired() {
        expired++;
    }

    void unreadable() {
        unreadable++;
    }

    void deleted() {
        deleted++;
    }

    void written(List<LabelVote> written) {
        for (LabelVote vote : written) {
            switch (vote.getKind()) {
                case SKIP -> skips++;
                case RETRACT -> retractions++;
                default -> votes++;
            }
        }
    }

    /**
     * One sentence.
     *
     * @param waiting tasks that wait for an answer
     */
    String sentence(long waiting) {
        List<String> parts = new ArrayList<>();
        parts.add(Amount.of(pushed, "task") + " pushed");
        parts.add(
                "%s written (%s, %s)"
                        .formatted(
                                Amount.of(votes, "vote"),
                                Amount.of(skips, "skip"),
                                Amount.of(retractions, "retraction")));
        add(parts, askedAgain, "task", "asked again");
        add(parts, withdrawn, "request", "withdrawn");
        add(parts, expired, "request", "expired before it was pushed");
        add(parts, leftOut, "request", "left out");
        add(parts, unreadable, "annotation", "without one label left out");
        add(parts, deleted, "task", "deleted by others");
        parts.add("%s for an answer".formatted(Amount.of(waiting, "task waits", "tasks wait")));
        return String.join(", ", parts) + ".";
    }

    private static void add(List<String> parts, long number, String one, String what) {
        if (number > 0) {
            parts.add(Amount.of(number, one) + " " + what);
        }
    }
}
