package io.rankstream.adapters.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.weights.ModelLoadException;
import java.nio.file.Path;

/**
 * Hugging Face's config.json of a BERT encoder.
 *
 * @param file where it was read, for messages
 * @param json its content
 */
record ConfigJson(Path file, JsonNode json) {

    BertConfig toConfig() throws ModelLoadException {
        requireText("model_type", "bert", null);
        requireText("hidden_act", "gelu", "gelu");
        requireText("position_embedding_type", "absolute", "absolute");
        requireEncoder();
        try {
            return new BertConfig(
                    integer("vocab_size"),
                    integer("hidden_size"),
                    integer("num_hidden_layers"),
                    integer("num_attention_heads"),
                    integer("intermediate_size"),
                    integer("max_position_embeddings"),
                    integer("type_vocab_size"),
                    epsilon());
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException("in " + file + " " + e.getMessage(), e);
        }
    }

    private void requireText(String field, String expected, String absent)
            throws ModelLoadException {
        String found = json.path(field).isMissingNode() ? absent : json.get(field).asText();
        if (!expected.equals(found)) {
            throw new ModelLoadException(
                    file
                            + (found == null
                                    ? " has no " + field
                                    : " says " + field + " '" + found + "'")
                            + ", expected '"
                            + expected
                            + "': other encoders are not supported");
        }
    }

    private void requireEncoder() throws ModelLoadException {
        if (json.path("is_decoder").asBoolean(false)) {
            throw new ModelLoadException(
                    file + " says is_decoder true, expected an encoder: attention is not causal");
        }
    }

    private int integer(String field) throws ModelLoadException {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw notThere(field, "a whole number");
        }
        return value.intValue();
    }

    private float epsilon() throws ModelLoadException {
        JsonNode value = json.path("layer_norm_eps");
        if (value.isMissingNode()) {
            return 1e-12f;
        }
        if (!value.isNumber()) {
            throw notThere("layer_norm_eps", "a number");
        }
        return value.floatValue();
    }

    private ModelLoadException notThere(String field, String expected) {
        JsonNode value = json.path(field);
        return new ModelLoadException(
                file
                        + (value.isMissingNode()
                                ? " has no " + field
                                : " says " + field + " " + value)
                        + ", expected "
                        + expected);
    }
}
