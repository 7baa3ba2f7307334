package io.rankstream.adapters.model.modernbert;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ConfigJson;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.JsonSettings;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import io.rankstream.adapters.weights.ModelLoadException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * ModernBERT (Warner et al., 2024): layers without biases that normalize first, rotary positions,
 * gated feed-forward products, and windows of attention in most layers.
 */
public final class ModernBertFamily implements Family {

    static final String ATTENTION_NORM = "attn_norm";
    static final String QUERY_KEY_VALUE = "attn.Wqkv";
    static final String ATTENTION_OUTPUT = "attn.Wo";
    static final String FEED_FORWARD_NORM = "mlp_norm";
    static final String INPUT_AND_GATE = "mlp.Wi";
    static final String OUTPUT = "mlp.Wo";

    private static final String LAYER_PATH = "layers.";
    private static final List<String> MODULES =
            List.of(QUERY_KEY_VALUE, ATTENTION_OUTPUT, INPUT_AND_GATE, OUTPUT);

    private static final List<String> BIASES =
            List.of("attention_bias", "mlp_bias", "norm_bias", "classifier_bias");

    private static final String GLOBAL = "full_attention";
    private static final String LOCAL = "sliding_attention";
    private static final String MEAN = "mean";

    /** Of a config.json that does not say it. */
    private static final float EPSILON = 1e-5f;

    private static final int WINDOW = 128;
    private static final int LAYERS_A_GLOBAL_ONE = 3;
    private static final double GLOBAL_THETA = 160_000;
    private static final double LOCAL_THETA = 10_000;

    @Override
    public String name() {
        return "ModernBERT";
    }

    @Override
    public String id() {
        return "modernbert";
    }

    @Override
    public List<String> modelTypes() {
        return List.of("modernbert");
    }

    @Override
    public String prefix() {
        return "model.";
    }

    @Override
    public Optional<OwnHead> ownHead() {
        return Optional.of(ownHead(EPSILON, false));
    }

    static OwnHead ownHead(float epsilon, boolean readsMean) {
        return new OwnHead(
                "head.dense",
                OwnHead.Activation.GELU,
                Optional.of(new OwnHead.Norm("head.norm", epsilon)),
                CLASSIFIER,
                readsMean,
                true);
    }

    @Override
    public String layerPath() {
        return LAYER_PATH;
    }

    /** What the names of a layer begin with. */
    static String layer(int number) {
        return LAYER_PATH + number + ".";
    }

    @Override
    public List<String> modules() {
        return MODULES;
    }

    @Override
    public List<String> linearLayers(int layer) {
        return MODULES.stream().map(name -> layer(layer) + name).toList();
    }

    @Override
    public List<String> storedNames(String tensor) {
        return List.of(tensor, prefix() + tensor);
    }

    @Override
    public Architecture read(ConfigJson config) throws ModelLoadException {
        JsonSettings settings = config.settings();
        config.requireText("hidden_activation", "gelu", "gelu");
        config.requireText("classifier_activation", "gelu", "gelu");
        for (String bias : BIASES) {
            if (settings.flag(bias, false)) {
                throw settings.unexpected(bias, "false: a ModernBERT with biases is not supported");
            }
        }
        if (settings.has("rope_scaling")) {
            throw settings.unexpected(
                    "rope_scaling", "none: positions that are scaled are not supported");
        }
        int layers = config.integer("num_hidden_layers");
        try {
            return new ModernBertConfig(
                    new EncoderSizes(
                            config.integer("vocab_size"),
                            config.integer("hidden_size"),
                            layers,
                            config.integer("num_attention_heads"),
                            config.integer("intermediate_size"),
                            config.integer("max_position_embeddings"),
                            config.number("norm_eps", EPSILON)),
                    globalLayers(layers, settings),
                    theta(GLOBAL, "global_rope_theta", GLOBAL_THETA, settings),
                    theta(LOCAL, "local_rope_theta", LOCAL_THETA, settings),
                    positive("local_attention", WINDOW, settings) / 2,
                    readsMean(settings));
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException("in " + settings.file() + " " + e.getMessage(), e);
        }
    }

    /** Version 5 of transformers lists the layers; before, each n-th was global. */
    private static List<Integer> globalLayers(int layers, JsonSettings settings)
            throws ModelLoadException {
        String field = "layer_types";
        if (!settings.has(field)) {
            int each = positive("global_attn_every_n_layers", LAYERS_A_GLOBAL_ONE, settings);
            return IntStream.range(0, layers).filter(i -> i % each == 0).boxed().toList();
        }
        List<String> types =
                settings.json().path(field).valueStream().map(JsonNode::asText).toList();
        if (types.size() != layers || !List.of(GLOBAL, LOCAL).containsAll(types)) {
            throw settings.unexpected(
                    field,
                    "a list of '%s' and '%s', one for each of the %d layers"
                            .formatted(GLOBAL, LOCAL, layers));
        }
        return IntStream.range(0, layers).filter(i -> types.get(i).equals(GLOBAL)).boxed().toList();
    }

    /** Version 5 of transformers writes it by the kind of layers; before, it had a field. */
    private static double theta(String layers, String before, double absent, JsonSettings settings)
            throws ModelLoadException {
        JsonNode all = settings.json().path("rope_parameters");
        JsonNode ofLayers = all.path(layers);
        for (JsonNode each : List.of(all, ofLayers)) {
            if (!each.isObject() && !each.isMissingNode() && !each.isNull()) {
                throw settings.unexpected(
                        "rope_parameters",
                        "an object with objects '%s' and '%s'".formatted(GLOBAL, LOCAL));
            }
        }
        JsonSettings since =
                new JsonSettings(
                        Path.of(settings.file() + ", rope_parameters." + layers + ","), ofLayers);
        String type = since.text("rope_type", "default");
        if (!type.equals("default")) {
            throw since.unexpected(
                    "rope_type", "'default': positions that are scaled are not supported");
        }
        return since.number("rope_theta", settings.number(before, absent));
    }

    private static boolean readsMean(JsonSettings settings) throws ModelLoadException {
        String field = "classifier_pooling";
        String said = settings.text(field, "cls");
        if (!List.of("cls", MEAN).contains(said)) {
            throw settings.unexpected(field, "'cls' or 'mean'");
        }
        return said.equals(MEAN);
    }

    private static int positive(String field, int absent, JsonSettings settings)
            throws ModelLoadException {
        int value = settings.has(field) ? settings.integer(field) : absent;
        EncoderSizes.requirePositive(field, value);
        return value;
    }
}
