package io.rankstream.adapters.model.modernbert;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A ModernBERT encoder.
 *
 * @param sizes its sizes
 * @param globalLayers layers that attend to the whole text, in their order; others do to a window
 * @param globalTheta base of the angles of positions in global layers
 * @param localTheta the same in others
 * @param reach furthest token before and after a token that the others attend to
 * @param headReadsMean whether its own head reads the mean of the token vectors
 */
record ModernBertConfig(
        EncoderSizes sizes,
        List<Integer> globalLayers,
        double globalTheta,
        double localTheta,
        int reach,
        boolean headReadsMean)
        implements Architecture {

    static final String WORDS = "embeddings.tok_embeddings";
    static final String EMBEDDING_NORM = "embeddings.norm";
    static final String FINAL_NORM = "final_norm";

    private static final Family FAMILY = new ModernBertFamily();

    ModernBertConfig {
        globalLayers = List.copyOf(globalLayers);
        int size = sizes.attentionHeads().size();
        if (size % 2 != 0) {
            throw new IllegalArgumentException(
                    "the attention heads have %d features, expected an even number: positions turn pairs of them"
                            .formatted(size));
        }
        requireTheta("global", globalTheta);
        requireTheta("local", localTheta);
    }

    private static void requireTheta(String layers, double theta) {
        if (!(theta >= 1 && Double.isFinite(theta))) {
            throw new IllegalArgumentException(
                    "the base of the angles of positions (theta) in %s layers is %s, expected a number from 1 on"
                            .formatted(layers, theta));
        }
    }

    @Override
    public Family family() {
        return FAMILY;
    }

    @Override
    public String canonical() {
        return "modernbert "
                + sizes.canonical()
                + " global="
                + globalLayers
                + " thetas="
                + globalTheta
                + ","
                + localTheta
                + " reach="
                + reach;
    }

    @Override
    public int vocabSize() {
        return sizes.vocabSize();
    }

    @Override
    public int hiddenSize() {
        return sizes.hiddenSize();
    }

    @Override
    public int layers() {
        return sizes.layers();
    }

    @Override
    public int maxTokens() {
        return sizes.maxPositions();
    }

    /** One: the special tokens alone tell the texts of a pair apart. */
    @Override
    public int tokenTypes() {
        return 1;
    }

    @Override
    public Optional<OwnHead> ownHead() {
        return Optional.of(ModernBertFamily.ownHead(sizes.layerNormEpsilon(), headReadsMean));
    }

    @Override
    public List<ModuleShape> linearLayers() {
        int hidden = sizes.hiddenSize();
        int wide = sizes.intermediateSize();
        List<ModuleShape> ofAll = new ArrayList<>();
        for (int i = 0; i < layers(); i++) {
            String layer = ModernBertFamily.layer(i);
            ofAll.add(
                    new ModuleShape(layer + ModernBertFamily.QUERY_KEY_VALUE, hidden, 3 * hidden));
            ofAll.add(new ModuleShape(layer + ModernBertFamily.ATTENTION_OUTPUT, hidden, hidden));
            ofAll.add(new ModuleShape(layer + ModernBertFamily.INPUT_AND_GATE, hidden, 2 * wide));
            ofAll.add(new ModuleShape(layer + ModernBertFamily.OUTPUT, wide, hidden));
        }
        return ofAll;
    }

    @Override
    public Map<String, int[]> tensors() {
        int hidden = sizes.hiddenSize();
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put(WORDS + ".weight", new int[] {sizes.vocabSize(), hidden});
        shapes.put(EMBEDDING_NORM + ".weight", new int[] {hidden});
        List<ModuleShape> linear = linearLayers();
        int modules = FAMILY.modules().size();
        for (int i = 0; i < layers(); i++) {
            String layer = ModernBertFamily.layer(i);
            if (i > 0) {
                shapes.put(layer + ModernBertFamily.ATTENTION_NORM + ".weight", new int[] {hidden});
            }
            shapes.put(layer + ModernBertFamily.FEED_FORWARD_NORM + ".weight", new int[] {hidden});
            linear.subList(i * modules, (i + 1) * modules)
                    .forEach(
                            module ->
                                    shapes.put(
                                            module.name() + ".weight",
                                            new int[] {module.out(), module.in()}));
        }
        shapes.put(FINAL_NORM + ".weight", new int[] {hidden});
        return shapes;
    }

    /** None: its own head pools by itself. */
    @Override
    public Map<String, int[]> poolerTensors() {
        return Map.of();
    }

    @Override
    public BaseNetwork network(Map<String, PtNDArray> tensors, Products products) {
        return new ModernBertEncoder(this, tensors, products);
    }
}
