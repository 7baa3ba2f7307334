package io.rankstream.job.loop.account;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Time of an adapter's stream: the largest event time of its inputs that is believed. No clock and
 * no watermark takes part, so that an outage or a drain lets nothing expire.
 *
 * <p>An input that is further ahead than it may jump does not move it, until {@link #IN_A_ROW} in a
 * row are that far ahead: then it moves to the smallest of their times. Until as many have come
 * near it, its own clock may be the wrong one: then as many in a row that are that far behind move
 * it back, to the largest of their times.
 *
 * <p>It is in doubt from an input that is too far ahead on, until it jumps there, or as many in a
 * row are not ahead; and for an adapter's first inputs. What comes meanwhile has come after the
 * jump, if there is one.
 *
 * @param now milliseconds since the epoch; {@link #UNKNOWN} before the first input
 * @param near inputs that came near, up to {@link #IN_A_ROW}
 * @param strays inputs in a row that are too far ahead, or behind
 * @param stray the time that they would move it to
 * @param ahead whether they are ahead
 * @param farthest the largest of the times of those that are ahead
 * @param calm inputs in a row that are not too far ahead, up to {@link #IN_A_ROW}
 * @param doubtedSince what it was when the newest doubt began
 * @param jumps the newest {@value #MOST_JUMPS} jumps ahead, the newest last
 */
public record StreamTime(
        long now,
        int near,
        int strays,
        long stray,
        boolean ahead,
        long farthest,
        int calm,
        long doubtedSince,
        List<Jump> jumps) {

    /** Before the first input. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** So many inputs that agree are believed. */
    public static final int IN_A_ROW = 16;

    /** More than a horizon has room for, unless that is many times as long as a jump. */
    private static final int MOST_JUMPS = 8;

    /** Of an adapter without an input. */
    public static final StreamTime BEFORE =
            new StreamTime(UNKNOWN, 0, 0, 0, false, 0, 0, UNKNOWN, List.of());

    /**
     * A jump ahead of the time.
     *
     * @param since the time when it came into doubt
     * @param from the time before it
     * @param to the time after it
     */
    public record Jump(long since, long from, long to) {

        boolean covers(long openedAt) {
            return openedAt >= since && openedAt <= from;
        }
    }

    public StreamTime {
        jumps = List.copyOf(jumps);
    }

    /**
     * To when the time has jumped over what was opened at a time while that was in doubt, which has
     * come after the jump then; empty where it has not.
     */
    public OptionalLong jumpedOver(long openedAt) {
        return jumps.stream().filter(jump -> jump.covers(openedAt)).mapToLong(Jump::to).max();
    }

    public boolean isKnown() {
        return now != UNKNOWN;
    }

    /** Whether newer inputs may prove it to be too small. */
    public boolean isDoubted() {
        return calm < IN_A_ROW;
    }

    /** The time, or what it is if the inputs that are ahead by now are right. */
    public long claimed() {
        return strays > 0 && ahead ? stray : now;
    }

    /**
     * The time after one input more.
     *
     * @param eventTime milliseconds since the epoch, as given by its producer
     * @param maxJump milliseconds that one input may move it
     */
    public StreamTime after(long eventTime, long maxJump) {
        if (!isKnown()) {
            return new StreamTime(eventTime, 0, 0, 0, false, 0, 0, UNKNOWN, jumps);
        }
        if (eventTime > now + maxJump) {
            return ahead(eventTime, maxJump);
        }
        if (near < IN_A_ROW && eventTime < now - maxJump) {
            return behind(eventTime);
        }
        boolean isNear = eventTime >= now - maxJump;
        return new StreamTime(
                Math.max(now, eventTime),
                isNear ? Math.min(near + 1, IN_A_ROW) : near,
                0,
                0,
                false,
                0,
                calmer(),
                doubtedSince,
                jumps);
    }

    private StreamTime ahead(long eventTime, long maxJump) {
        boolean goesOn = strays > 0 && ahead;
        int count = goesOn ? strays + 1 : 1;
        long nearest = goesOn ? Math.min(stray, eventTime) : eventTime;
        long last = goesOn ? Math.max(farthest, eventTime) : eventTime;
        long since = isDoubted() ? doubtedSince : now;
        if (count < IN_A_ROW) {
            return new StreamTime(now, near, count, nearest, true, last, 0, since, jumps);
        }
        // Where some are still ahead, the doubt goes on, also of what came since it began.
        int calmAfter = last > nearest + maxJump ? 0 : IN_A_ROW;
        return new StreamTime(
                nearest, IN_A_ROW, 0, 0, false, 0, calmAfter, now, withJump(since, nearest));
    }

    private StreamTime behind(long eventTime) {
        boolean goesOn = strays > 0 && !ahead;
        int count = goesOn ? strays + 1 : 1;
        long nearest = goesOn ? Math.max(stray, eventTime) : eventTime;
        return count < IN_A_ROW
                ? new StreamTime(now, near, count, nearest, false, 0, calmer(), doubtedSince, jumps)
                : new StreamTime(nearest, IN_A_ROW, 0, 0, false, 0, IN_A_ROW, doubtedSince, jumps);
    }

    private List<Jump> withJump(long since, long to) {
        List<Jump> all = new ArrayList<>(jumps);
        all.add(new Jump(since, now, to));
        return all.subList(Math.max(0, all.size() - MOST_JUMPS), all.size());
    }

    private int calmer() {
        return Math.min(calm + 1, IN_A_ROW);
    }
}
