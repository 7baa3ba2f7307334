package io.rankstream.adapters.model.distilbert;

import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ConfigJson;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import io.rankstream.adapters.model.postnorm.PostNormFamily;
import io.rankstream.adapters.model.postnorm.PostNormNames;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;
import java.util.Optional;

/** DistilBERT (Sanh et al., 2019): BERT's layers, without types of tokens and without a pooler. */
public final class DistilBertFamily implements PostNormFamily {

    static final PostNormNames LAYER =
            new PostNormNames(
                    "transformer.layer.",
                    "attention.q_lin",
                    "attention.k_lin",
                    "attention.v_lin",
                    "attention.out_lin",
                    "sa_layer_norm",
                    "ffn.lin1",
                    "ffn.lin2",
                    "output_layer_norm");

    private static final OwnHead OWN_HEAD =
            new OwnHead("pre_classifier", OwnHead.Activation.RELU, CLASSIFIER);

    /** No config.json says it. */
    private static final float LAYER_NORM_EPSILON = 1e-12f;

    @Override
    public String name() {
        return "DistilBERT";
    }

    @Override
    public String id() {
        return "distilbert";
    }

    @Override
    public List<String> modelTypes() {
        return List.of("distilbert");
    }

    @Override
    public String prefix() {
        return "distilbert.";
    }

    @Override
    public Optional<OwnHead> ownHead() {
        return Optional.of(OWN_HEAD);
    }

    @Override
    public PostNormNames layer() {
        return LAYER;
    }

    /**
     * Sinusoidal positions, where config.json has them, are a table in the weights as others are.
     */
    @Override
    public Architecture read(ConfigJson config) throws ModelLoadException {
        config.requireText("activation", "gelu", "gelu");
        try {
            return new DistilBertConfig(
                    new EncoderSizes(
                            config.integer("vocab_size"),
                            config.integer("dim"),
                            config.integer("n_layers"),
                            config.integer("n_heads"),
                            config.integer("hidden_dim"),
                            config.integer("max_position_embeddings"),
                            LAYER_NORM_EPSILON));
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(
                    "in " + config.settings().file() + " " + e.getMessage(), e);
        }
    }
}
