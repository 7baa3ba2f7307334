package io.rankstream.adapters.model.bert;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names and shapes of the tensors of a BERT encoder. */
final class BertTensors {

    static final String POOLER_WEIGHT = "pooler.dense.weight";
    static final String POOLER_BIAS = "pooler.dense.bias";

    private final Map<String, int[]> shapes = new LinkedHashMap<>();

    private BertTensors() {}

    /** Shape of every tensor of the encoder by its name, in the order of computation. */
    static Map<String, int[]> shapes(BertConfig config) {
        BertTensors tensors = new BertTensors();
        int hidden = config.hiddenSize();
        tensors.embedding("word_embeddings", config.vocabSize(), hidden);
        tensors.embedding("position_embeddings", config.maxPositions(), hidden);
        tensors.embedding("token_type_embeddings", config.typeVocabSize(), hidden);
        tensors.layerNorm("embeddings.LayerNorm", hidden);
        for (int i = 0; i < config.layers(); i++) {
            tensors.layer("encoder.layer." + i + ".", hidden, config.intermediateSize());
        }
        return tensors.shapes;
    }

    /** Shape of every tensor of the pooler, which an encoder may lack. */
    static Map<String, int[]> ofPooler(BertConfig config) {
        BertTensors tensors = new BertTensors();
        tensors.linear("pooler.dense", config.hiddenSize(), config.hiddenSize());
        return tensors.shapes;
    }

    private void layer(String prefix, int hidden, int intermediate) {
        linear(prefix + "attention.self.query", hidden, hidden);
        linear(prefix + "attention.self.key", hidden, hidden);
        linear(prefix + "attention.self.value", hidden, hidden);
        linear(prefix + "attention.output.dense", hidden, hidden);
        layerNorm(prefix + "attention.output.LayerNorm", hidden);
        linear(prefix + "intermediate.dense", intermediate, hidden);
        linear(prefix + "output.dense", hidden, intermediate);
        layerNorm(prefix + "output.LayerNorm", hidden);
    }

    private void embedding(String name, int rows, int hidden) {
        shapes.put("embeddings." + name + ".weight", new int[] {rows, hidden});
    }

    private void linear(String name, int out, int in) {
        shapes.put(name + ".weight", new int[] {out, in});
        shapes.put(name + ".bias", new int[] {out});
    }

    private void layerNorm(String name, int features) {
        shapes.put(name + ".weight", new int[] {features});
        shapes.put(name + ".bias", new int[] {features});
    }
}
