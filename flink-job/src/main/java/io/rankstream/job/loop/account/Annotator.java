package io.rankstream.job.loop.account;

/**
 * How one annotator of an adapter does.
 *
 * @param votes votes that said a label
 * @param skips skips
 * @param compared inputs that several had voted on, with a label that led
 * @param agreed those of them of which the annotator said that label
 */
public record Annotator(long votes, long skips, long compared, long agreed) {

    /** One who has said nothing yet. */
    public static final Annotator NEW = new Annotator(0, 0, 0, 0);

    private static final double LEAST_WEIGHT = 0.05;

    public Annotator voted() {
        return new Annotator(votes + 1, skips, compared, agreed);
    }

    public Annotator skipped() {
        return new Annotator(votes, skips + 1, compared, agreed);
    }

    /** After a decision that a vote of this annotator was compared with. */
    public Annotator compared(boolean agrees) {
        return new Annotator(votes, skips, compared + 1, agreed + (agrees ? 1 : 0));
    }

    /**
     * Weight of a vote against those of others, as CROWDLAB has it (arXiv 2210.06812): 1 − e / m,
     * where e is how often the annotator differs from what was decided, and m is how often the most
     * frequent label alone would. Both are counted as if one comparison more had gone half wrong,
     * so that few votes say little.
     *
     * @param majorityError m, from 0 to 1
     * @return from 0.05 to 1
     */
    public double weight(double majorityError) {
        double error = (compared - agreed + 0.5) / (compared + 1);
        return Math.max(LEAST_WEIGHT, 1 - error / Math.max(majorityError, 0.5 / (compared + 1)));
    }
}
