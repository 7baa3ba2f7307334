package io.rankstream.job.loop.entry;

/**
 * The newest request for an input's label.
 *
 * @param number of it among the requests for the input, from 1; 0 where nobody was asked
 * @param wanted votes that it wants
 * @param answered votes that came since, of annotators without a vote by then
 * @param open whether it waits for answers
 */
public record Asked(int number, int wanted, int answered, boolean open) {

    /** Nobody was asked. */
    public static final Asked NOBODY = new Asked(0, 0, 0, false);

    /** The next request. */
    public Asked next(int votes) {
        return new Asked(number + 1, votes, 0, true);
    }

    /** The same with one answer more. */
    public Asked oneMore() {
        return new Asked(number, wanted, answered + 1, open);
    }

    /** The same, of which no answer is waited for any more. */
    public Asked closed() {
        return new Asked(number, wanted, answered, false);
    }

    /** Votes that may still come for it. */
    public int outstanding() {
        return open ? Math.max(0, wanted - answered) : 0;
    }
}
