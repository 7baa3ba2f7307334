package io.rankstream.adapters.model.bert;

import io.rankstream.adapters.model.postnorm.PostNormTensors;
import java.util.Map;

/** Names and shapes of the tensors of a BERT encoder. */
final class BertTensors {

    static final String POOLER_WEIGHT = "pooler.dense.weight";
    static final String POOLER_BIAS = "pooler.dense.bias";

    private BertTensors() {}

    /** Shape of every tensor of the encoder by its name, in the order of computation. */
    static Map<String, int[]> shapes(BertConfig config) {
        int hidden = config.hiddenSize();
        return new PostNormTensors()
                .table("embeddings.word_embeddings", config.vocabSize(), hidden)
                .table("embeddings.position_embeddings", config.maxPositions(), hidden)
                .table("embeddings.token_type_embeddings", config.typeVocabSize(), hidden)
                .norm("embeddings.LayerNorm", hidden)
                .layers(BertFamily.LAYER, config.sizes())
                .shapes();
    }

    /** Shape of every tensor of the pooler, which an encoder may lack. */
    static Map<String, int[]> ofPooler(BertConfig config) {
        return new PostNormTensors()
                .linear("pooler.dense", config.hiddenSize(), config.hiddenSize())
                .shapes();
    }
}
