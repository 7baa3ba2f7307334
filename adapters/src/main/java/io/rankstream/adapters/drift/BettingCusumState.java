package io.rankstream.adapters.drift;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A {@link BettingCusum} as a value. The array is never modified after construction.
 *
 * @param observed examples since it began, or began anew
 * @param weight of the examples in the past rate, the prior's among it
 * @param surprises of these, under the same weights
 * @param held the newest surprises, oldest first, which the past rate does not have yet
 * @param bets one on each alternative
 */
public record BettingCusumState(
        long observed, double weight, double surprises, double[] held, List<Bet> bets)
        implements DetectorState {

    /** One that has seen nothing. */
    public static final BettingCusumState EMPTY =
            new BettingCusumState(
                    0,
                    BettingCusum.PRIOR_WEIGHT,
                    BettingCusum.PRIOR_SURPRISES,
                    new double[0],
                    List.of(Bet.FIRST, Bet.FIRST, Bet.FIRST));

    public BettingCusumState {
        bets = List.copyOf(bets);
        if (observed < 0) {
            throw new IllegalArgumentException(
                    "a drift detector has observed " + observed + " examples, expected 0 or more");
        }
        if (!(weight >= 1 && weight <= BettingCusum.MEMORY + 1)) {
            throw new IllegalArgumentException(
                    "weight of a drift detector's past rate is "
                            + weight
                            + ", expected 1 to "
                            + (BettingCusum.MEMORY + 1));
        }
        if (!(surprises >= 0 && surprises <= weight)) {
            throw new IllegalArgumentException(
                    "surprises of a drift detector's past rate are "
                            + surprises
                            + ", expected 0 to "
                            + weight);
        }
        if (held.length != Math.min(observed, BettingCusum.HELD)) {
            throw new IllegalArgumentException(
                    "a drift detector holds back "
                            + held.length
                            + " surprises, expected "
                            + Math.min(observed, BettingCusum.HELD));
        }
        for (double surprise : held) {
            BettingCusum.requireSurprise(surprise);
        }
        if (bets.size() != BettingCusum.alternatives()) {
            throw new IllegalArgumentException(
                    "a drift detector has "
                            + bets.size()
                            + " bets, expected "
                            + BettingCusum.alternatives());
        }
        for (Bet bet : bets) {
            if (bet.examples() > observed) {
                throw new IllegalArgumentException(
                        "a drift detector's bet has seen "
                                + bet.examples()
                                + " examples, the detector "
                                + observed);
            }
        }
    }

    @Override
    public String detector() {
        return "betting";
    }

    @Override
    public BettingCusumState empty() {
        return EMPTY;
    }

    @Override
    public BettingCusum restore(double runLength) {
        return new BettingCusum(this, runLength);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BettingCusumState that
                && observed == that.observed
                && Double.compare(weight, that.weight) == 0
                && Double.compare(surprises, that.surprises) == 0
                && Arrays.equals(held, that.held)
                && bets.equals(that.bets);
    }

    @Override
    public int hashCode() {
        return Objects.hash(observed, weight, surprises, Arrays.hashCode(held), bets);
    }
}
