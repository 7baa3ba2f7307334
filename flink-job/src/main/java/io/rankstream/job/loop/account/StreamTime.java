package io.rankstream.job.loop.account;

/**
 * Time of an adapter's stream: the largest event time of its inputs that is believed. No clock and
 * no watermark takes part, so that an outage or a drain lets nothing expire.
 *
 * <p>An input that is further ahead than it may jump does not move it, until {@link #IN_A_ROW} in a
 * row are that far ahead: then it moves to the smallest of their times. Until as many have come
 * near it, its own clock may be the wrong one: then as many in a row that are that far behind move
 * it back, to the largest of their times.
 *
 * @param now milliseconds since the epoch; {@link #UNKNOWN} before the first input
 * @param near inputs that came near, up to {@link #IN_A_ROW}
 * @param strays inputs in a row that are too far ahead, or behind
 * @param stray the time that they would move it to
 * @param ahead whether they are ahead
 */
public record StreamTime(long now, int near, int strays, long stray, boolean ahead) {

    /** Before the first input. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** So many inputs that agree are believed. */
    public static final int IN_A_ROW = 16;

    /** Of an adapter without an input. */
    public static final StreamTime BEFORE = new StreamTime(UNKNOWN, 0, 0, 0, false);

    public boolean isKnown() {
        return now != UNKNOWN;
    }

    /**
     * The time after one input more.
     *
     * @param eventTime milliseconds since the epoch, as given by its producer
     * @param maxJump milliseconds that one input may move it
     */
    public StreamTime after(long eventTime, long maxJump) {
        if (!isKnown()) {
            return new StreamTime(eventTime, 0, 0, 0, false);
        }
        if (eventTime > now + maxJump) {
            return astray(eventTime, true);
        }
        if (near < IN_A_ROW && eventTime < now - maxJump) {
            return astray(eventTime, false);
        }
        boolean isNear = eventTime >= now - maxJump;
        return new StreamTime(
                Math.max(now, eventTime),
                isNear ? Math.min(near + 1, IN_A_ROW) : near,
                0,
                0,
                false);
    }

    private StreamTime astray(long eventTime, boolean isAhead) {
        boolean goesOn = strays > 0 && ahead == isAhead;
        int count = goesOn ? strays + 1 : 1;
        long nearest = eventTime;
        if (goesOn) {
            nearest = isAhead ? Math.min(stray, eventTime) : Math.max(stray, eventTime);
        }
        return count < IN_A_ROW
                ? new StreamTime(now, near, count, nearest, isAhead)
                : new StreamTime(nearest, IN_A_ROW, 0, 0, false);
    }
}
