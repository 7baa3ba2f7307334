package io.rankstream.adapters.model.roberta;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.model.bert.BertEncoder;
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
        if (paddingToken < 0 || paddingToken >= layersOfBert.vocabSize()) {
            throw new IllegalArgumentException(
                    "the id of the padding token is %d, expected one of the %d token ids"
                            .formatted(paddingToken, layersOfBert.vocabSize()));
        }
        if (paddingToken + 1 >= layersOfBert.maxPositions()) {
            throw new IllegalArgumentException(
                    "the number of positions is %d, expected more than %d: they count on from the padding token's"
                            .formatted(layersOfBert.maxPositions(), paddingToken + 1));
        }
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
        return layersOfBert.maxPositions() - paddingToken - 1;
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
        return new BertEncoder(layersOfBert, tensors, products, this::positions);
    }

    /**
     * Tokens count on from the padding token's id. A text may spell the padding token: it stands at
     * that position itself, and the tokens after it do not count it.
     */
    private long[] positions(int[] text) {
        long[] positions = new long[text.length];
        int real = 0;
        for (int i = 0; i < text.length; i++) {
            boolean isPadding = text[i] == paddingToken;
            real += isPadding ? 0 : 1;
            positions[i] = isPadding ? paddingToken : (long) paddingToken + real;
        }
        return positions;
    }
}
