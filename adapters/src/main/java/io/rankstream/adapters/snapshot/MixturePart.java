package io.rankstream.adapters.snapshot;

import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.mixture.OnlineHeadState;
import io.rankstream.adapters.mixture.VoiceWeights;
import io.rankstream.adapters.mixture.WordState;
import io.rankstream.adapters.state.Finite;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;

/**
 * A mixture in a snapshot: what is no array of floats stands in the document, the rest are tensors.
 *
 * @param weights how much each voice counts
 * @param scale of the online head
 * @param cells how many weights of words there are
 */
record MixturePart(VoiceWeights weights, float scale, int cells) {

    private static final String ONLINE_HEAD = "online_head";
    private static final String WORDS = "words.weight";
    private static final String BIAS = "words.bias";
    private static final String CELLS = "words.cells";
    private static final String SQUARES = ".squared_gradients";

    /** A step moves a weight by less than one. */
    private static final double LARGEST_WEIGHT = 1e6;

    static MixturePart of(MixtureState mixture) {
        return new MixturePart(
                mixture.weights(), mixture.onlineHead().scale(), mixture.words().cells().length);
    }

    /** Writes the tensors. */
    static void put(SafetensorsWriter writer, MixtureState mixture) {
        OnlineHeadState head = mixture.onlineHead();
        WordState words = mixture.words();
        int[] ofHead = {mixture.labels(), mixture.features() + 1};
        int[] ofWords = {words.cells().length};
        int[] ofLabels = {mixture.labels()};
        put(writer, ONLINE_HEAD, ofHead, head.weight());
        put(writer, ONLINE_HEAD + SQUARES, ofHead, head.squares());
        put(writer, WORDS, ofWords, words.weight());
        put(writer, WORDS + SQUARES, ofWords, words.squares());
        put(writer, BIAS, ofLabels, words.bias());
        put(writer, BIAS + SQUARES, ofLabels, words.biasSquares());
        writer.put(CELLS, ofWords, words.cells());
    }

    private static void put(SafetensorsWriter writer, String name, int[] shape, float[] values) {
        Finite.require(values, name);
        writer.put(name, shape, values);
    }

    /**
     * The same, if its numbers are some that an adapter can have.
     *
     * @throws IllegalArgumentException if they are not
     */
    MixturePart sound() {
        require(
                Float.isFinite(scale) && scale >= 0,
                "the scale of the online head is %s, expected a finite number from 0 on",
                scale);
        for (double weight : new double[] {weights.head(), weights.onlineHead(), weights.words()}) {
            require(
                    Math.abs(weight) <= LARGEST_WEIGHT,
                    "the weight of a voice is %s, expected a number of size 1e6 at most",
                    weight);
        }
        require(cells >= 0, "there are weights of %s words, expected 0 or more", cells);
        return this;
    }

    private static void require(boolean holds, String message, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(found));
        }
    }

    /** Sums of squares. */
    private static float[] squares(AdapterSnapshot.Tensors tensors, String name, int... shape)
            throws IOException {
        float[] sums = tensors.take(name + SQUARES, shape);
        for (float sum : sums) {
            require(sum >= 0, name + SQUARES + " holds %s, expected sums of squares", sum);
        }
        return sums;
    }

    /**
     * Reads the tensors.
     *
     * @param labels rows of the head
     * @param features of what it reads
     */
    MixtureState read(int labels, int features, AdapterSnapshot.Tensors tensors)
            throws IOException {
        return new MixtureState(
                features,
                weights,
                new OnlineHeadState(
                        scale,
                        tensors.take(ONLINE_HEAD, labels, features + 1),
                        squares(tensors, ONLINE_HEAD, labels, features + 1)),
                new WordState(
                        tensors.takeInts(CELLS, cells),
                        tensors.take(WORDS, cells),
                        squares(tensors, WORDS, cells),
                        tensors.take(BIAS, labels),
                        squares(tensors, BIAS, labels)));
    }
}
