package io.rankstream.adapters.mixture;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A linear softmax model on the words of a text: a weight for each word and label that have met in
 * an error. There are at most {@value #MOST_CELLS} weights: where one more is needed, the half that
 * says least is dropped. For one thread.
 */
final class WordWeights {

    /** Most weights: three quarters of the places of the largest table, which has 1.5 MB. */
    static final int MOST_CELLS = 3 << 15;

    /** On four streams, .7 to 1.5 were equally good. */
    private static final double RATE = 1;

    /** Labels whose probability is nearer to the truth learn nothing of an example. */
    private static final double LEAST_GRADIENT = 1e-2;

    private static final int FIRST_CAPACITY = 1 << 10;
    private static final AdaGrad STEP = new AdaGrad(RATE, 1);

    private final float[] bias;
    private final float[] biasSquares;

    /** An open hash table: 0 is an empty place. */
    private int[] cells;

    private float[] weight;
    private float[] squares;
    private int size;

    WordWeights(WordState state) {
        this.bias = state.bias().clone();
        this.biasSquares = state.biasSquares().clone();
        int[] known = state.cells();
        clear(capacityFor(known.length));
        for (int i = 0; i < known.length; i++) {
            put(known[i], state.weight()[i], state.squares()[i]);
        }
    }

    WordState state() {
        int[] known = Arrays.stream(cells).filter(cell -> cell != 0).sorted().toArray();
        float[] weights = new float[known.length];
        float[] sums = new float[known.length];
        for (int i = 0; i < known.length; i++) {
            int place = place(known[i]);
            weights[i] = weight[place];
            sums[i] = squares[place];
        }
        return new WordState(known, weights, sums, bias.clone(), biasSquares.clone());
    }

    /**
     * Log-probabilities of the labels in use.
     *
     * @param rows those of the labels
     */
    double[] say(BagOfWords text, int[] rows) {
        double[] logits = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double sum = bias[rows[i]];
            for (int k = 0; k < text.words().length; k++) {
                int place = place(cell(text.words()[k], rows[i]));
                sum += text.values()[k] * weight[place];
            }
            logits[i] = sum;
        }
        return Softmax.logarithms(logits);
    }

    /**
     * Learns one example.
     *
     * @param said what {@link #say} gave for it
     * @param target position of its label in {@code rows}
     */
    void learn(BagOfWords text, int[] rows, double[] said, int target) {
        double[] gradient = Softmax.gradient(said, target);
        for (int i = 0; i < rows.length; i++) {
            if (Math.abs(gradient[i]) >= LEAST_GRADIENT) {
                for (int k = 0; k < text.words().length; k++) {
                    int place = takenPlace(cell(text.words()[k], rows[i]));
                    STEP.step(weight, squares, place, gradient[i] * text.values()[k]);
                }
                STEP.step(bias, biasSquares, rows[i], gradient[i]);
            }
        }
    }

    /** Learns about as quickly as at first. */
    void quicken() {
        AdaGrad.quicken(squares);
        AdaGrad.quicken(biasSquares);
    }

    /** What stands for a word and a label; never 0. */
    private static int cell(int word, int row) {
        int hash = word + row * 0x9E3779B9;
        hash = (hash ^ hash >>> 16) * 0x85EBCA6B;
        hash = (hash ^ hash >>> 13) * 0xC2B2AE35;
        hash ^= hash >>> 16;
        return hash == 0 ? 1 : hash;
    }

    /** Where a cell is, or would be. */
    private int place(int cell) {
        int mask = cells.length - 1;
        int place = cell & mask;
        while (cells[place] != 0 && cells[place] != cell) {
            place = place + 1 & mask;
        }
        return place;
    }

    /** Where a cell is from now on. */
    private int takenPlace(int cell) {
        if (cells[place(cell)] == 0) {
            if (size == MOST_CELLS) {
                dropHalf();
            } else if (4L * (size + 1) > 3L * cells.length) {
                rebuilt(cells.length * 2, 0);
            }
            put(cell, 0, 0);
        }
        return place(cell);
    }

    private void put(int cell, float value, float sum) {
        int place = place(cell);
        cells[place] = cell;
        weight[place] = value;
        squares[place] = sum;
        size++;
    }

    /** Drops the half of the cells whose weights are smaller, of equal ones the lower cells. */
    private void dropHalf() {
        long[] ranks =
                IntStream.range(0, cells.length)
                        .filter(place -> cells[place] != 0)
                        .mapToLong(this::rank)
                        .sorted()
                        .toArray();
        rebuilt(cells.length, ranks[ranks.length / 2]);
    }

    /** Orders cells by the size of their weights. */
    private long rank(int place) {
        return (long) Float.floatToIntBits(Math.abs(weight[place])) << Integer.SIZE
                | Integer.toUnsignedLong(cells[place]);
    }

    /** Moves the cells from a rank on to a table of its own. */
    private void rebuilt(int capacity, long leastRank) {
        int[] kept =
                IntStream.range(0, cells.length)
                        .filter(place -> cells[place] != 0 && rank(place) >= leastRank)
                        .toArray();
        int[] oldCells = cells;
        float[] oldWeight = weight;
        float[] oldSquares = squares;
        clear(capacity);
        for (int place : kept) {
            put(oldCells[place], oldWeight[place], oldSquares[place]);
        }
    }

    private void clear(int capacity) {
        cells = new int[capacity];
        weight = new float[capacity];
        squares = new float[capacity];
        size = 0;
    }

    /** Places of a table of so many cells. */
    static int capacityFor(int cells) {
        int capacity = FIRST_CAPACITY;
        while (3L * capacity < 4L * cells) {
            capacity *= 2;
        }
        return capacity;
    }
}
