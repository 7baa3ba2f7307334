package io.rankstream.job.loop.quality;

/**
 * Sums over inputs whose label came, each with a weight w. c is 1 where the prediction was right, 0
 * where it was wrong; p is the probability of what was predicted.
 *
 * @param weight Σ w
 * @param right Σ w·c
 * @param probability Σ w·p
 * @param both Σ w·c·p
 * @param square Σ w·p²
 */
record WeightedSums(double weight, double right, double probability, double both, double square) {

    static final WeightedSums NONE = new WeightedSums(0, 0, 0, 0, 0);

    static WeightedSums of(double weight, boolean isRight, double probability) {
        double right = isRight ? weight : 0;
        return new WeightedSums(
                weight,
                right,
                weight * probability,
                right * probability,
                weight * probability * probability);
    }

    /** These and {@code share} of the others. */
    WeightedSums plus(WeightedSums other, double share) {
        return new WeightedSums(
                weight + share * other.weight,
                right + share * other.right,
                probability + share * other.probability,
                both + share * other.both,
                square + share * other.square);
    }

    /** Σ w·(c − a)·(p − b). */
    double covariance(double a, double b) {
        return both - a * probability - b * right + a * b * weight;
    }

    /** Σ w·(p − b)². */
    double variance(double b) {
        return square - 2 * b * probability + b * b * weight;
    }

    /** Σ w·(c − a − λ·(p − b))². */
    double residual(double a, double b, double lambda) {
        double ofRight = right - 2 * a * right + a * a * weight;
        return ofRight - 2 * lambda * covariance(a, b) + lambda * lambda * variance(b);
    }
}
