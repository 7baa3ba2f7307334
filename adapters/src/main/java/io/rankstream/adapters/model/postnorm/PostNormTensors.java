package io.rankstream.adapters.model.postnorm;

import io.rankstream.adapters.model.encoder.EncoderSizes;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names and shapes of the tensors of an encoder, in the order in which they were added. */
public final class PostNormTensors {

    private final Map<String, int[]> shapes = new LinkedHashMap<>();

    /** A table with a row for each of something. */
    public PostNormTensors table(String name, int rows, int columns) {
        shapes.put(name + ".weight", new int[] {rows, columns});
        return this;
    }

    /** A linear layer. */
    public PostNormTensors linear(String name, int out, int in) {
        shapes.put(name + ".weight", new int[] {out, in});
        shapes.put(name + ".bias", new int[] {out});
        return this;
    }

    /** A LayerNorm. */
    public PostNormTensors norm(String name, int features) {
        shapes.put(name + ".weight", new int[] {features});
        shapes.put(name + ".bias", new int[] {features});
        return this;
    }

    /** A convolution over the tokens of a text. */
    public PostNormTensors convolution(String name, int out, int in, int width) {
        shapes.put(name + ".weight", new int[] {out, in, width});
        shapes.put(name + ".bias", new int[] {out});
        return this;
    }

    /** All encoder layers. */
    public PostNormTensors layers(PostNormNames names, EncoderSizes sizes) {
        int hidden = sizes.hiddenSize();
        int wide = sizes.intermediateSize();
        for (int i = 0; i < sizes.layers(); i++) {
            String layer = names.of(i);
            linear(layer + names.query(), hidden, hidden);
            linear(layer + names.key(), hidden, hidden);
            linear(layer + names.value(), hidden, hidden);
            linear(layer + names.attentionOutput(), hidden, hidden);
            norm(layer + names.attentionNorm(), hidden);
            linear(layer + names.intermediate(), wide, hidden);
            linear(layer + names.output(), hidden, wide);
            norm(layer + names.outputNorm(), hidden);
        }
        return this;
    }

    /** Shape of every tensor by its name. */
    public Map<String, int[]> shapes() {
        return shapes;
    }
}
