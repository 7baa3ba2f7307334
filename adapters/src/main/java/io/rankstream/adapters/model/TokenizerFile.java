package io.rankstream.adapters.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/**
 * A base model's tokenizer.json and the sizes it has to fit.
 *
 * @param origin where it was read, for messages
 * @param json its content
 * @param config the model's sizes
 */
record TokenizerFile(String origin, ObjectNode json, BertConfig config) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static TokenizerFile of(ModelSource source) throws ModelLoadException {
        if (source instanceof ModelSource.Directory directory) {
            ModelDirectory model = ModelDirectory.of(directory);
            String origin = directory.path() + "/tokenizer.json";
            return new TokenizerFile(origin, parse(model.tokenizer(), origin), model.config());
        }
        String origin = "the embedded tokenizer.json";
        return new TokenizerFile(
                origin, parse(EmbeddedModel.tokenizer(), origin), EmbeddedModel.CONFIG);
    }

    private static ObjectNode parse(byte[] bytes, String origin) throws ModelLoadException {
        try {
            if (JSON.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new ModelLoadException(origin + " is not JSON: " + e.getMessage(), e);
        }
        throw new ModelLoadException(origin + " is no JSON object, expected a tokenizer");
    }

    /**
     * Checks that every token id has an embedding. Tokens are often added to a tokenizer without
     * the model.
     */
    void requireIdsWithin(int vocabSize) throws ModelLoadException {
        int largest = largestId();
        if (largest >= vocabSize) {
            throw new ModelLoadException(
                    origin
                            + " knows the token id "
                            + largest
                            + ", expected ids below the model's vocab_size "
                            + vocabSize);
        }
    }

    /** The tokenizer without settings for truncation and padding, some of which would stick. */
    byte[] withoutLengths() throws ModelLoadException {
        try {
            return JSON.writeValueAsBytes(json.without(List.of("truncation", "padding")));
        } catch (IOException e) {
            throw new ModelLoadException(origin + " cannot be used: " + e.getMessage(), e);
        }
    }

    private int largestId() {
        int largest = -1;
        for (JsonNode id : json.path("model").path("vocab")) {
            largest = Math.max(largest, id.asInt(-1));
        }
        for (JsonNode token : json.path("added_tokens")) {
            largest = Math.max(largest, token.path("id").asInt(-1));
        }
        return largest;
    }
}
