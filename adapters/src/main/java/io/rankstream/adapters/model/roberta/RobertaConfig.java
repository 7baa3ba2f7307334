package io.rankstream.adapters.model.roberta;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.model.bert.BertEncoder;
import io.rankstream.adapters.model.postnorm.PositionsAfterPadding;
import java.util.List;
import java.util.Map;

/**
 * Sizes of a RoBERTa or XLM-R encoder.
 *
 * @param layersOfBert sizes of what it shares with BERT; positions are those of its table
 * @param paddingToken id of the padding token, whose position the first token's comes after
 */
public record RobertaConfig(BertConfig layersOfBert, int paddingToken) implements Architecture {

    private static final Family FAMILY = new RobertaFamily();

    public RobertaConfig {
        new PositionsAfterPadding(paddingToken)
                .requireWithin(layersOfBert.vocabSize(), layersOfBert.maxPositions());
    }

    @Override
    public Family family() {
        return FAMILY;
    }

    @Override
    public String canonical() {
        return "roberta padding=" + paddingToken + " " + layersOfBert.canonical();
    }

    @Override
    public int vocabSize() {
        return layersOfBert.vocabSize();
    }

    @Override
    public int hiddenSize() {
        return layersOfBert.hiddenSize();
    }

    @Override
    public int layers() {
        return layersOfBert.layers();
    }

    @Override
    public int maxTokens() {
        return new PositionsAfterPadding(paddingToken).maxTokens(layersOfBert.maxPositions());
    }

    @Override
    public int tokenTypes() {
        return layersOfBert.tokenTypes();
    }

    @Override
    public List<ModuleShape> linearLayers() {
        return layersOfBert.linearLayers();
    }

    @Override
    public Map<String, int[]> tensors() {
        return layersOfBert.tensors();
    }

    /** None: its own classification head reads the first token, though some files have a pooler. */
    @Override
    public Map<String, int[]> poolerTensors() {
        return Map.of();
    }

    @Override
    public BaseNetwork network(Map<String, PtNDArray> tensors, Products products) {
        return new BertEncoder(
                layersOfBert, tensors, products, new PositionsAfterPadding(paddingToken)::of);
    }
}
