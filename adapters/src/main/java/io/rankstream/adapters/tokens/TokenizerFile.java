package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.EmbeddedModel;
import io.rankstream.adapters.model.ModelDirectory;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A base model's tokenizer.json, with what tokenizer_config.json changes in it, and the sizes it
 * has to fit.
 *
 * @param origin where it was read, for messages
 * @param json its content
 * @param model the model's build
 * @param settings tokenizer_config.json, if there is one
 */
record TokenizerFile(
        String origin, ObjectNode json, Architecture model, Optional<TokenizerConfig> settings) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static TokenizerFile of(ModelSource source) throws ModelLoadException {
        if (source instanceof ModelSource.Directory directory) {
            ModelDirectory model = ModelDirectory.of(directory);
            String origin = directory.path() + "/tokenizer.json";
            ObjectNode tokenizer = model.tokenizer();
            Architecture architecture = model.architecture();
            Optional<TokenizerConfig> settings =
                    model.tokenizerConfig()
                            .map(read -> new TokenizerConfig(model.tokenizerConfigFile(), read));
            if (settings.isPresent()) {
                settings.get().applyTo(tokenizer, origin);
            }
            return new TokenizerFile(origin, tokenizer, architecture, settings);
        }
        return new TokenizerFile(
                "the embedded tokenizer.json",
                EmbeddedModel.tokenizer(),
                EmbeddedModel.ARCHITECTURE,
                Optional.empty());
    }

    /**
     * Checks the limit of tokens.
     *
     * @throws ModelLoadException if {@code maxLength} is more than the tokenizer was made for
     */
    void requireWithinItsLength(int maxLength) throws ModelLoadException {
        if (settings.isPresent()) {
            settings.get().requireWithin(maxLength);
        }
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

    /** Id of the token for what the vocabulary does not have; empty if there is none. */
    OptionalInt unknownToken() {
        JsonNode vocabulary = json.path("model");
        JsonNode id = vocabulary.path("vocab").path(vocabulary.path("unk_token").asText());
        return id.isInt() ? OptionalInt.of(id.intValue()) : OptionalInt.empty();
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
