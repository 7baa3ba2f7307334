package io.rankstream.job.loop.entry;

import io.rankstream.job.loop.vote.Ballot;
import io.rankstream.job.loop.vote.Vote;
import java.util.List;
import java.util.Optional;

/**
 * All that is kept of one input, or of votes whose input has not come. All times are milliseconds
 * of the adapter's stream.
 *
 * @param phase where it is in its life
 * @param openedAt when it was opened; of a parked one, when its newest vote came
 * @param doubted whether the stream's time was in doubt then; always of a parked one, since votes
 *     tell no time
 * @param expiresAt until when it waits: a parked one for its input, an open one for its label
 * @param forgetAt when one that is decided or expired is removed; 0 before
 * @param input the input; empty while it is parked
 * @param wanted votes of different people that are wanted for a decision
 * @param asked the newest request
 * @param decision what was decided
 * @param compared whether the annotators of several votes were compared with a decision
 * @param ballot votes that were cast
 * @param parked votes that wait for the input, in order of arrival; none once it has come
 */
public record Entry(
        Phase phase,
        long openedAt,
        boolean doubted,
        long expiresAt,
        long forgetAt,
        Optional<KeptInput> input,
        int wanted,
        Asked asked,
        Decision decision,
        boolean compared,
        Ballot ballot,
        List<Vote> parked) {

    public Entry {
        parked = List.copyOf(parked);
    }

    /** Votes without their input. */
    public static Entry parked(long now, long expiresAt, List<Vote> votes) {
        return new Entry(
                Phase.PARKED,
                now,
                true,
                expiresAt,
                0,
                Optional.empty(),
                0,
                Asked.NOBODY,
                Decision.NONE,
                false,
                Ballot.EMPTY,
                votes);
    }

    /** The same that waits until {@code other}. */
    public Entry expiringAt(long other) {
        return new Entry(
                phase, openedAt, doubted, other, forgetAt, input, wanted, asked, decision, compared,
                ballot, parked);
    }

    /** The same that is kept no longer than until {@code other}. */
    public Entry forgottenAt(long other) {
        return new Entry(
                phase, openedAt, doubted, expiresAt, other, input, wanted, asked, decision,
                compared, ballot, parked);
    }

    /** Whether it waits: for its input, or for its label. */
    public boolean waits() {
        return phase == Phase.PARKED || phase == Phase.OPEN;
    }
}
