package io.rankstream.adapters.model;

import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Hugging Face's config.json.
 *
 * @param settings its fields
 */
public record ConfigJson(JsonSettings settings) {

    /** What the type of the weights is called since version 5 of transformers, and before. */
    private static final List<String> TYPE_FIELDS = List.of("dtype", "torch_dtype");

    private static final Set<String> TYPES = Set.of("float32", "float16", "bfloat16");

    /**
     * The build that it describes.
     *
     * @throws ModelLoadException if no family reads it
     */
    Architecture architecture() throws ModelLoadException {
        String modelType = modelType();
        for (Family family : Family.ALL) {
            if (family.modelTypes().contains(modelType)) {
                requireFloats();
                Architecture architecture = family.read(this);
                requirePadding(architecture.vocabSize());
                return architecture;
            }
        }
        List<String> known =
                Family.ALL.stream().flatMap(family -> family.modelTypes().stream()).toList();
        throw unsupported("model_type", known);
    }

    /** Each tensor says its own type; what is said of all is to be one that can be. */
    private void requireFloats() throws ModelLoadException {
        for (String field : TYPE_FIELDS) {
            if (settings.has(field)
                    && !TYPES.contains(settings.text(field, "").replace("torch.", ""))) {
                throw settings.unexpected(
                        field, "'float32', 'float16' or 'bfloat16': no other are read");
            }
        }
        if (settings.has("quantization_config")) {
            throw settings.unexpected(
                    "quantization_config",
                    "none: quantized weights are not read, get the model's plain ones");
        }
    }

    /** Of another vocabulary, most likely, the ids of all tokens are others. */
    private void requirePadding(int vocabSize) throws ModelLoadException {
        String field = "pad_token_id";
        if (!settings.has(field)) {
            return;
        }
        int padding = settings.integer(field);
        if (padding < 0 || padding >= vocabSize) {
            throw settings.unexpected(
                    field, "an id of 0 or more, below the vocab_size %d".formatted(vocabSize));
        }
    }

    /** What it calls the model's family; empty where it does not say. */
    public String modelType() throws ModelLoadException {
        return settings.text("model_type", "");
    }

    /**
     * Checks that a field asks for what is done.
     *
     * @param absent what a missing field means
     */
    public void requireText(String field, String expected, String absent)
            throws ModelLoadException {
        if (!expected.equals(settings.text(field, absent))) {
            throw unsupported(field, List.of(expected));
        }
    }

    private ModelLoadException unsupported(String field, List<String> expected) {
        return settings.unexpected(
                field,
                expected.stream()
                                .map(value -> "'" + value + "'")
                                .collect(Collectors.joining(" or "))
                        + ": other encoders are not supported");
    }

    /** Checks that the model is no decoder. */
    public void requireEncoder() throws ModelLoadException {
        if (settings.flag("is_decoder", false)) {
            throw settings.unexpected("is_decoder", "an encoder: attention is not causal");
        }
    }

    /** A whole number that must be there. */
    public int integer(String field) throws ModelLoadException {
        return settings.integer(field);
    }

    /**
     * A number.
     *
     * @param absent what a missing field means
     */
    public float number(String field, float absent) throws ModelLoadException {
        return (float) settings.number(field, absent);
    }
}
