package io.rankstream.job.loop.select;

import io.rankstream.adapters.state.Seeds;
import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.SelectionSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Draws the inputs that a label is asked for: sequential active inference (arXiv 2403.03208) over
 * an endless stream. With a budget of b labels an input, a part τ of which every input has alike,
 *
 * <pre>π = min(1, (1 − τ) · b · g · u/ū + τ · b · (1 + g)/2)</pre>
 *
 * <p>u is the utility of the label, times how rare labels are that the input may have; ū its mean
 * over the newest inputs, each cut to what makes π 1, so that a few that are far above all others
 * leave no budget unspent. g brings what was asked for back to the budget: 1 where they are equal,
 * and from 0 to 2 as the one is {@value #SLACK} labels over or under the other. Unlike a bound at
 * what the budget still allows, that leaves no input out for what came just before it.
 *
 * <p>Until an adapter has asked for {@value #FIRST} labels, every input has a chance of {@value
 * #FIRST_SHARE} at least, whatever is said of it; g saves them again later.
 *
 * <p>An input is selected iff a hash of the seed, the adapter and the example, as a number in [0,
 * 1), is below π: what is drawn again, as after a restore, is drawn alike. Stateless; for any
 * number of threads.
 */
public final class Selector {

    /** Labels over or under the budget at which g is at its end. */
    private static final int SLACK = 32;

    private static final int FIRST = 32;

    private static final double FIRST_SHARE = .5;

    /** A crowd of inputs leaves each so much at least: rarer draws would weigh too much. */
    private static final double LEAST_SHARE = 1e-4;

    private static final double MILLISECONDS_OF_HOUR = 3_600_000;

    private final SelectionSettings settings;

    public Selector(SelectionSettings settings) {
        this.settings = settings;
    }

    /** Draws an input of which one label is true; see the other. */
    public Draw draw(
            String adapterId,
            String exampleId,
            Map<String, Float> probabilities,
            long streamTime,
            int openRequests,
            SelectionAccount before) {
        return draw(adapterId, exampleId, probabilities, false, streamTime, openRequests, before);
    }

    /**
     * Draws an input.
     *
     * @param probabilities what was said of it, by label; empty where nothing was, or a number: all
     *     of the budget is uniform then
     * @param ofEach whether any number of labels may be true, so that each has a probability of its
     *     own
     * @param streamTime of the adapter, milliseconds since the epoch
     * @param openRequests of the adapter, that wait for an answer
     * @param before the adapter's account
     */
    public Draw draw(
            String adapterId,
            String exampleId,
            Map<String, Float> probabilities,
            boolean ofEach,
            long streamTime,
            int openRequests,
            SelectionAccount before) {
        SelectionAccount account = before.at(streamTime);
        if (openRequests >= settings.maxOpen()) {
            return new Draw(0, false, false, 0, 1, account.passedOver());
        }
        double share = share(account);
        double gauge = gauge(account);
        double utility = utility(probabilities, ofEach, account);
        double byUtility = 0;
        double relative = 1;
        if (Double.isFinite(utility)) {
            byUtility = (1 - settings.uniformShare()) * share;
            double most = byUtility > 0 ? (1 - settings.uniformShare() * share) / byUtility : 1;
            account = account.saw(utility, most);
            relative = account.relative(utility, most);
        }
        double uniform = (share - byUtility) * (1 + gauge) / 2;
        double probability = Math.min(1, uniform + byUtility * gauge * relative);
        if (account.asked() < FIRST) {
            uniform = Math.max(share, FIRST_SHARE);
            probability = uniform;
        }
        double place = place(adapterId, exampleId);
        boolean selected = place < probability;
        return new Draw(
                probability,
                selected,
                place < uniform,
                Math.min(uniform, probability),
                relative,
                account.drew(share, selected));
    }

    /** Labels an input. */
    private double share(SelectionAccount account) {
        if (settings.budget() instanceof LabelBudget.PerHour rate) {
            double perInput = rate.labels() * account.meanGap() / MILLISECONDS_OF_HOUR;
            return Math.min(1, Math.max(LEAST_SHARE, perInput));
        }
        return ((LabelBudget.Share) settings.budget()).ofInputs();
    }

    /** Not a number where nothing was predicted that a label could be compared by. */
    private double utility(
            Map<String, Float> probabilities, boolean ofEach, SelectionAccount account) {
        if (probabilities.isEmpty()) {
            return Double.NaN;
        }
        return ofEach
                ? settings.utility().ofEach(probabilities.values())
                        * account.rarity(shares(probabilities))
                : settings.utility().of(probabilities.values()) * account.rarity(probabilities);
    }

    /** Of all labels that are true, how many are each: probabilities that add up to 1. */
    private static Map<String, Float> shares(Map<String, Float> probabilities) {
        double sum = Float.MIN_NORMAL;
        for (float probability : probabilities.values()) {
            sum += probability;
        }
        Map<String, Float> shares = new LinkedHashMap<>();
        for (Map.Entry<String, Float> of : probabilities.entrySet()) {
            shares.put(of.getKey(), (float) (of.getValue() / sum));
        }
        return shares;
    }

    private static double gauge(SelectionAccount account) {
        return Math.max(0, Math.min(2, 1 + account.balance() / SLACK));
    }

    /** In [0, 1), by 53 bits. */
    private double place(String adapterId, String exampleId) {
        long ofAdapter = Seeds.derive(Seeds.derive(settings.seed(), adapterId), adapterId.length());
        return (Seeds.derive(ofAdapter, exampleId) >>> 11) * 0x1p-53;
    }
}
