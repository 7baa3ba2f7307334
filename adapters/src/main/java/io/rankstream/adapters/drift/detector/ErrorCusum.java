package io.rankstream.adapters.drift.detector;

import java.util.Optional;

/**
 * Finds that surprises have become more frequent. Three bets are on at a time, each that their
 * share has risen by some part of what it could. A bet is multiplied by the likelihood of each
 * example under its share over that under the usual one, and is never less than 1 before (a CUSUM).
 * While the share is the usual one or less, a bet is expected to win nothing, so the mean of the
 * bets exceeds a limit once in as many examples, or more rarely (an e-detector; Shin, Ramdas and
 * Rinaldo 2023, section 3). For one thread.
 */
public final class ErrorCusum implements ChangeDetector {

    /** Of what the share of surprises could rise by, what each bet is on. */
    private static final double[] RISES = {.1, .25, .5};

    static final int BETS = RISES.length;

    /** So many newest examples do not count for the usual share yet: a change is not usual. */
    static final int HELD_BACK = Integer.SIZE;

    /** An example counts for the usual share by so much less than the next one. */
    private static final double KEPT = 1 - 1e-3;

    /** The usual share of something that is not known yet is a half. */
    static final double FIRST_SURPRISES = 1;

    static final double FIRST_WEIGHT = 2;

    /** From a higher share there is hardly a rise to come, and a bet on it wins next to nothing. */
    private static final double MOST_FREQUENT = 1 - 1e-9;

    private final double limit;
    private CusumState state;

    /**
     * @param runLength examples that are expected at least between two alarms while nothing changes
     */
    public ErrorCusum(CusumState state, long runLength) {
        this.state = state;
        this.limit = StrictMath.log((double) runLength);
    }

    @Override
    public CusumState state() {
        return state;
    }

    @Override
    public void begin() {
        state = CusumState.empty();
    }

    @Override
    public void expect(double usual) {
        state = CusumState.knowing(usual * WARM_UP, WARM_UP, WARM_UP);
    }

    /** It begins anew when it has found a rise. */
    @Override
    public Optional<Rise> observe(boolean surprise, double leastUsual) {
        double usual =
                Math.max(leastUsual, Math.min(MOST_FREQUENT, state.surprises() / state.weight()));
        double[] evidence = state.evidence().clone();
        int[] lengths = state.lengths().clone();
        int[] surprisesSince = state.surprisesSince().clone();
        if (state.seen() >= WARM_UP) {
            for (int bet = 0; bet < BETS; bet++) {
                double share = usual + (1 - usual) * RISES[bet];
                boolean goesOn = evidence[bet] > 0;
                evidence[bet] =
                        Math.max(0, evidence[bet])
                                + StrictMath.log(
                                        surprise ? share / usual : (1 - share) / (1 - usual));
                lengths[bet] = (goesOn ? lengths[bet] : 0) + 1;
                surprisesSince[bet] = (goesOn ? surprisesSince[bet] : 0) + (surprise ? 1 : 0);
            }
            int best = largest(evidence);
            if (logarithmOfMean(evidence, evidence[best]) > limit) {
                begin();
                return Optional.of(
                        new Rise(
                                lengths[best],
                                usual,
                                surprisesSince[best] / (double) lengths[best]));
            }
        }
        state = counted(surprise, evidence, lengths, surprisesSince);
        return Optional.empty();
    }

    private CusumState counted(
            boolean surprise, double[] evidence, int[] lengths, int[] surprisesSince) {
        boolean full = state.heldCount() == HELD_BACK;
        double oldest = full && state.held() < 0 ? 1 : 0;
        return new CusumState(
                state.seen() + 1,
                full ? KEPT * state.surprises() + oldest : state.surprises(),
                full ? KEPT * state.weight() + 1 : state.weight(),
                state.held() << 1 | (surprise ? 1 : 0),
                full ? HELD_BACK : state.heldCount() + 1,
                evidence,
                lengths,
                surprisesSince);
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static double logarithmOfMean(double[] logarithms, double largest) {
        double sum = 0;
        for (double logarithm : logarithms) {
            sum += StrictMath.exp(logarithm - largest);
        }
        return largest + StrictMath.log(sum / logarithms.length);
    }
}
