package io.rankstream.adapters.drift;

/**
 * What a bet on one alternative has won since it last began from 1.
 *
 * @param won more than 0
 * @param examples since
 * @param surprises of these
 */
public record Bet(double won, long examples, double surprises) {

    /** One that begins. */
    static final Bet FIRST = new Bet(1, 0, 0);

    public Bet {
        if (!(won > 0 && won < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "a drift detector's bet has won " + won + ", expected more than 0 and finite");
        }
        if (examples < 0 || !(surprises >= 0 && surprises <= examples)) {
            throw new IllegalArgumentException(
                    "a drift detector's bet has "
                            + surprises
                            + " surprises in "
                            + examples
                            + " examples, expected 0 or more of each, and no more surprises than"
                            + " examples");
        }
    }

    /** After one more example. What has lost begins from 1 again. */
    Bet with(double surprise, double factor) {
        Bet from = won <= 1 ? FIRST : this;
        return new Bet(from.won * factor, from.examples + 1, from.surprises + surprise);
    }
}
