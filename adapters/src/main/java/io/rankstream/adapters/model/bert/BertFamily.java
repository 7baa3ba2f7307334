package io.rankstream.adapters.model.bert;

import io.rankstream.adapters.model.ConfigJson;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.model.postnorm.PostNormFamily;
import io.rankstream.adapters.model.postnorm.PostNormNames;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;
import java.util.Optional;

/** BERT (Devlin et al., 2019) with exact GELU and absolute positions. */
public final class BertFamily implements PostNormFamily {

    static final PostNormNames LAYER =
            new PostNormNames(
                    "encoder.layer.",
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "attention.output.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm");

    private static final String PREFIX = "bert.";

    @Override
    public String name() {
        return "BERT";
    }

    @Override
    public String id() {
        return "bert";
    }

    @Override
    public List<String> modelTypes() {
        return List.of("bert");
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Optional<OwnHead> ownHead() {
        return Optional.empty();
    }

    @Override
    public PostNormNames layer() {
        return LAYER;
    }

    /** Old checkpoints call LayerNorm's parameters otherwise. */
    @Override
    public List<String> storedNames(String tensor) {
        String old =
                tensor.replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta");
        return List.of(tensor, PREFIX + tensor, old, PREFIX + old);
    }

    @Override
    public BertConfig read(ConfigJson config) throws ModelLoadException {
        config.requireText("hidden_act", "gelu", "gelu");
        config.requireText("position_embedding_type", "absolute", "absolute");
        config.requireEncoder();
        try {
            return new BertConfig(
                    config.integer("vocab_size"),
                    config.integer("hidden_size"),
                    config.integer("num_hidden_layers"),
                    config.integer("num_attention_heads"),
                    config.integer("intermediate_size"),
                    config.integer("max_position_embeddings"),
                    config.integer("type_vocab_size"),
                    config.number("layer_norm_eps", 1e-12f));
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(
                    "in " + config.settings().file() + " " + e.getMessage(), e);
        }
    }
}
