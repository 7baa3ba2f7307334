package io.rankstream.adapters.mixture;

/**
 * What is said of a text. Arrays are never modified.
 *
 * @param rows those of the labels in use
 * @param logProbabilities of each of them, by all voices together
 * @param head the same by the adapter's head alone, bounded below
 * @param onlineHead the same by the online head alone, bounded below
 * @param words the same by the words alone, bounded below
 * @param heads logits of the two heads together, as a PEFT export has them
 */
public record Said(
        int[] rows,
        double[] logProbabilities,
        double[] head,
        double[] onlineHead,
        double[] words,
        double[] heads) {

    /** Row of the most probable label; the first of equals. */
    public int row() {
        return rows[largest(logProbabilities)];
    }

    /** Probability of {@link #row}. */
    public double probability() {
        return StrictMath.exp(logProbabilities[largest(logProbabilities)]);
    }

    /** Loss of a label, in nats. */
    public double loss(int row) {
        return -logProbabilities[position(row)];
    }

    /** Row that is the most probable by the words alone; the first of equals. */
    public int rowOfWords() {
        return rows[largest(words)];
    }

    /** Row that is the most probable by the two heads together; the first of equals. */
    public int rowOfHeads() {
        return rows[largest(heads)];
    }

    /** Position of a label in use among them. */
    int position(int row) {
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == row) {
                return i;
            }
        }
        throw new IllegalArgumentException("the label of row %d is not in use".formatted(row));
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
