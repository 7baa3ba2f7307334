package io.rankstream.adapters.model.deberta;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ConfigJson;
import io.rankstream.adapters.model.JsonSettings;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import io.rankstream.adapters.model.postnorm.PostNormFamily;
import io.rankstream.adapters.model.postnorm.PostNormNames;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * DeBERTa-v2 and v3 (He et al., 2021 and 2023): disentangled attention over one table of distances
 * that all layers share, by the projections that tokens go through.
 */
public final class DebertaFamily implements PostNormFamily {

    static final PostNormNames LAYER =
            new PostNormNames(
                    "encoder.layer.",
                    "attention.self.query_proj",
                    "attention.self.key_proj",
                    "attention.self.value_proj",
                    "attention.output.dense",
                    "attention.output.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm");

    private static final OwnHead OWN_HEAD =
            new OwnHead("pooler.dense", OwnHead.Activation.GELU, CLASSIFIER);

    private static final String CONTENT_TO_POSITION = "c2p";
    private static final String POSITION_TO_CONTENT = "p2c";

    /** Of a config.json that does not say it. */
    private static final int POSITIONS = 512;

    @Override
    public String name() {
        return "DeBERTa";
    }

    @Override
    public String id() {
        return "deberta-v2";
    }

    @Override
    public List<String> modelTypes() {
        return List.of("deberta-v2");
    }

    @Override
    public String prefix() {
        return "deberta.";
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
        config.requireText("pooler_hidden_act", "gelu", "gelu");
        config.requireEncoder();
        JsonSettings settings = config.settings();
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        requireOneTable(settings);
        requireAs("embedding_size", hidden, "hidden_size", settings);
        requireAs("pooler_hidden_size", hidden, "hidden_size", settings);
        Set<String> meets = meets(settings);
        int positions = integer("max_position_embeddings", POSITIONS, settings);
        int farthest = integer("max_relative_positions", -1, settings);
        try {
            DebertaConfig read =
                    new DebertaConfig(
                            new EncoderSizes(
                                    config.integer("vocab_size"),
                                    hidden,
                                    config.integer("num_hidden_layers"),
                                    heads,
                                    config.integer("intermediate_size"),
                                    positions,
                                    config.number("layer_norm_eps", 1e-7f)),
                            integer("type_vocab_size", 0, settings),
                            settings.flag("position_biased_input", true),
                            new Distances(
                                    Math.max(0, integer("position_buckets", -1, settings)),
                                    farthest < 1 ? positions : farthest),
                            normalizesDistances(settings),
                            meets.contains(CONTENT_TO_POSITION),
                            meets.contains(POSITION_TO_CONTENT),
                            convolution(settings));
            requireAs("attention_head_size", hidden / heads, "hidden_size / heads", settings);
            return read;
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException("in " + settings.file() + " " + e.getMessage(), e);
        }
    }

    private static void requireOneTable(JsonSettings settings) throws ModelLoadException {
        if (!settings.flag("relative_attention", false)) {
            throw settings.unexpected(
                    "relative_attention", "true: attention without distances is not supported");
        }
        if (!settings.flag("share_att_key", false)) {
            throw settings.unexpected(
                    "share_att_key",
                    "true: projections that distances have of their own are not supported");
        }
    }

    private static void requireAs(String field, int expected, String other, JsonSettings settings)
            throws ModelLoadException {
        if (integer(field, expected, settings) != expected) {
            throw settings.unexpected(
                    field,
                    "%d, as %s has it: other widths are not supported".formatted(expected, other));
        }
    }

    /** A list, or names with bars between them. */
    private static Set<String> meets(JsonSettings settings) throws ModelLoadException {
        String field = "pos_att_type";
        JsonNode value = settings.json().path(field);
        Set<String> names =
                value.isArray()
                        ? value.valueStream().map(JsonNode::asText).collect(Collectors.toSet())
                        : Arrays.stream(value.asText().toLowerCase(Locale.ROOT).split("[|]"))
                                .map(String::strip)
                                .collect(Collectors.toSet());
        if (!Set.of(CONTENT_TO_POSITION, POSITION_TO_CONTENT).containsAll(names)
                || names.isEmpty()) {
            throw settings.unexpected(field, "'c2p', 'p2c' or both: nothing else is supported");
        }
        return names;
    }

    private static boolean normalizesDistances(JsonSettings settings) throws ModelLoadException {
        String said = settings.text("norm_rel_ebd", "none");
        if (!Set.of("none", "layer_norm").contains(said)) {
            throw settings.unexpected("norm_rel_ebd", "'none' or 'layer_norm'");
        }
        return said.equals("layer_norm");
    }

    private static Optional<Convolution> convolution(JsonSettings settings)
            throws ModelLoadException {
        int width = integer("conv_kernel_size", 0, settings);
        if (width <= 0) {
            return Optional.empty();
        }
        if (integer("conv_groups", 1, settings) != 1) {
            throw settings.unexpected("conv_groups", "1: convolutions in groups are not supported");
        }
        String said = settings.text("conv_act", "tanh");
        if (!Set.of("gelu", "tanh").contains(said)) {
            throw settings.unexpected("conv_act", "'gelu' or 'tanh'");
        }
        return Optional.of(
                new Convolution(
                        width,
                        said.equals("gelu")
                                ? Convolution.Activation.GELU
                                : Convolution.Activation.TANH));
    }

    private static int integer(String field, int absent, JsonSettings settings)
            throws ModelLoadException {
        return settings.has(field) ? settings.integer(field) : absent;
    }
}
