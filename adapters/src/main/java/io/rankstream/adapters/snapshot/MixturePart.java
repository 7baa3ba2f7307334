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
                        tensors.take(ONLINE_HEAD + SQUARES, labels, features + 1)),
                new WordState(
                        tensors.takeInts(CELLS, cells),
                        tensors.take(WORDS, cells),
                        tensors.take(WORDS + SQUARES, cells),
                        tensors.take(BIAS, labels),
                        tensors.take(BIAS + SQUARES, labels)));
    }
}
