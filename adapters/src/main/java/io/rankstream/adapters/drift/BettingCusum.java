package io.rankstream.adapters.drift;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Bets on every example that surprises have become more frequent: an e-detector (Shin, Ramdas and
 * Rinaldo 2023). With a past rate p₀, a bet on the rate p₁ multiplies what it has by p₁/p₀ at a
 * surprise and by (1−p₁)/(1−p₀) else, so that it wins nothing on average while the rate has not
 * risen. What falls below 1 begins from 1 again (CUSUM). It fires when the mean of the bets exceeds
 * the run length: if the past rate is known and not exceeded, it runs at least so many examples on
 * average until a false alarm. The past rate is estimated here, so the promise holds as well as the
 * estimate does.
 *
 * <p>Silent while it learns the level: in its first {@value #WARM_UP} examples, and in as many
 * after it fired. For one thread.
 */
public final class BettingCusum implements DriftDetector {

    /** Rates that are bet on, as shares of the way from p₀ to 1: small, middle and large rises. */
    private static final double[] ALTERNATIVES = {.1, .25, .5};

    /**
     * Examples until a surprise counts for 1/e of a new one: an adapter learns on, and errs less.
     */
    static final double MEMORY = 1000;

    /** Examples that the past rate lags behind, so that a change does not raise it at once. */
    static final int HELD = 32;

    /** With fewer examples the past rate is so uncertain that alarms would be chance. */
    static final int WARM_UP = 100;

    /** The past rate begins at a half, as if of two examples: too high rather than too low. */
    static final double PRIOR_SURPRISES = 1;

    static final double PRIOR_WEIGHT = 2;

    /** Below, single errors of an adapter that never erred would be alarms. */
    private static final double LEAST_RATE = .005;

    /** Above, hardly anything can become worse. */
    private static final double MOST_RATE = .95;

    /** More examples than any adapter sees; what bets win stays far within a double. */
    private static final double LONGEST_RUN = 1e12;

    private final double runLength;
    private final double[] held = new double[HELD];
    private final Bet[] bets;
    private long observed;
    private double weight;
    private double surprises;

    BettingCusum(BettingCusumState state, double runLength) {
        if (!(runLength > 1 && runLength <= LONGEST_RUN)) {
            throw new IllegalArgumentException(
                    "run length without a false alarm is "
                            + runLength
                            + ", expected more than 1 and at most "
                            + LONGEST_RUN);
        }
        this.runLength = runLength;
        this.bets = new Bet[ALTERNATIVES.length];
        begin(state);
    }

    private void begin(BettingCusumState state) {
        observed = state.observed();
        weight = state.weight();
        surprises = state.surprises();
        System.arraycopy(state.held(), 0, held, 0, state.held().length);
        state.bets().toArray(bets);
    }

    static int alternatives() {
        return ALTERNATIVES.length;
    }

    static void requireSurprise(double surprise) {
        if (!(surprise >= 0 && surprise <= 1)) {
            throw new IllegalArgumentException("a surprise must be 0 to 1, but is " + surprise);
        }
    }

    @Override
    public BettingCusumState state() {
        return new BettingCusumState(
                observed,
                weight,
                surprises,
                Arrays.copyOf(held, (int) Math.min(observed, HELD)),
                List.of(bets));
    }

    @Override
    public Optional<Change> observe(double surprise) {
        requireSurprise(surprise);
        double past = Math.min(Math.max(surprises / weight, LEAST_RATE), MOST_RATE);
        if (observed >= WARM_UP) {
            bet(surprise, past);
            if (won() > runLength) {
                Bet best = best();
                begin(BettingCusumState.EMPTY);
                return Optional.of(
                        new Change(best.examples(), past, best.surprises() / best.examples()));
            }
        }
        learn(surprise);
        return Optional.empty();
    }

    private void bet(double surprise, double past) {
        for (int k = 0; k < bets.length; k++) {
            double rate = past + (1 - past) * ALTERNATIVES[k];
            double factor = surprise * rate / past + (1 - surprise) * (1 - rate) / (1 - past);
            bets[k] = bets[k].with(surprise, factor);
        }
    }

    /** Mean of what the bets have. */
    private double won() {
        double sum = 0;
        for (Bet bet : bets) {
            sum += bet.won();
        }
        return sum / bets.length;
    }

    private Bet best() {
        return Collections.max(Arrays.asList(bets), Comparator.comparingDouble(Bet::won));
    }

    private void learn(double surprise) {
        if (observed < HELD) {
            held[(int) observed] = surprise;
        } else {
            weight += 1 - weight / MEMORY;
            surprises = Math.min(surprises + held[0] - surprises / MEMORY, weight);
            System.arraycopy(held, 1, held, 0, HELD - 1);
            held[HELD - 1] = surprise;
        }
        observed++;
    }
}
