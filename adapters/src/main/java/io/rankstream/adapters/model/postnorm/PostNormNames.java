package io.rankstream.adapters.model.postnorm;

import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import java.util.ArrayList;
import java.util.List;

/**
 * What a family calls the parts of one encoder layer.
 *
 * @param path what the names of a layer begin with, before its number, as {@code encoder.layer.}
 * @param query makes queries, and so on; these and the next are linear layers
 * @param attentionOutput on the heads' context
 * @param attentionNorm LayerNorm after attention
 * @param intermediate widens
 * @param output narrows
 * @param outputNorm LayerNorm at the end
 */
public record PostNormNames(
        String path,
        String query,
        String key,
        String value,
        String attentionOutput,
        String attentionNorm,
        String intermediate,
        String output,
        String outputNorm) {

    /** The linear layers, in the order of computation. */
    public List<String> linearLayers() {
        return List.of(query, key, value, attentionOutput, intermediate, output);
    }

    /** The linear layers of one encoder layer by their names in the encoder. */
    public List<String> linearLayers(int number) {
        return linearLayers().stream().map(name -> of(number) + name).toList();
    }

    /** What the names of layer {@code number} begin with. */
    String of(int number) {
        return path + number + ".";
    }

    /** The linear layers of an encoder, layer after layer in the order of computation. */
    public List<ModuleShape> linearLayers(EncoderSizes sizes) {
        int hidden = sizes.hiddenSize();
        int wide = sizes.intermediateSize();
        List<ModuleShape> ofAll = new ArrayList<>();
        for (int i = 0; i < sizes.layers(); i++) {
            for (String name : List.of(query, key, value, attentionOutput)) {
                ofAll.add(new ModuleShape(of(i) + name, hidden, hidden));
            }
            ofAll.add(new ModuleShape(of(i) + intermediate, hidden, wide));
            ofAll.add(new ModuleShape(of(i) + output, wide, hidden));
        }
        return ofAll;
    }
}
