package io.rankstream.adapters.model.mpnet;

import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ConfigJson;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import io.rankstream.adapters.model.postnorm.PostNormFamily;
import io.rankstream.adapters.model.postnorm.PostNormNames;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;
import java.util.Optional;

/**
 * MPNet (Song et al., 2020): BERT's layers, with positions as RoBERTa counts them and attention
 * that depends on distance.
 */
public final class MpnetFamily implements PostNormFamily {

    static final PostNormNames LAYER =
            new PostNormNames(
                    "encoder.layer.",
                    "attention.attn.q",
                    "attention.attn.k",
                    "attention.attn.v",
                    "attention.attn.o",
                    "attention.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm");

    private static final OwnHead OWN_HEAD =
            new OwnHead("classifier.dense", OwnHead.Activation.TANH, "classifier.out_proj");

    @Override
    public String name() {
        return "MPNet";
    }

    @Override
    public String id() {
        return "mpnet";
    }

    @Override
    public List<String> modelTypes() {
        return List.of("mpnet");
    }

    @Override
    public String prefix() {
        return "mpnet.";
    }

    @Override
    public Optional<OwnHead> ownHead() {
        return Optional.of(OWN_HEAD);
    }

    @Override
    public PostNormNames layer() {
        return LAYER;
    }

    @Override
    public Architecture read(ConfigJson config) throws ModelLoadException {
        config.requireText("hidden_act", "gelu", "gelu");
        if (config.settings().has("relative_attention_num_buckets")
                && config.integer("relative_attention_num_buckets") != Distances.BUCKETS) {
            throw config.settings()
                    .unexpected(
                            "relative_attention_num_buckets",
                            "%d: transformers computes with no other number"
                                    .formatted(Distances.BUCKETS));
        }
        try {
            return new MpnetConfig(
                    new EncoderSizes(
                            config.integer("vocab_size"),
                            config.integer("hidden_size"),
                            config.integer("num_hidden_layers"),
                            config.integer("num_attention_heads"),
                            config.integer("intermediate_size"),
                            config.integer("max_position_embeddings"),
                            config.number("layer_norm_eps", 1e-12f)));
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(
                    "in " + config.settings().file() + " " + e.getMessage(), e);
        }
    }
}
