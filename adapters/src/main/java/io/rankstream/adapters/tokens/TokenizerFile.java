package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModelDirectory;
import io.rankstream.adapters.model.ModelJar;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

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
        String origin, TokenizerJson json, Architecture model, Optional<TokenizerConfig> settings) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static TokenizerFile of(ModelSource source) throws ModelLoadException {
        if (source instanceof ModelSource.Directory directory) {
            ModelDirectory model = ModelDirectory.of(directory);
            String origin = directory.path() + "/tokenizer.json";
            TokenizerJson tokenizer = new TokenizerJson(model.tokenizer());
            Optional<TokenizerConfig> settings =
                    model.tokenizerConfig()
                            .map(
                                    read ->
                                            new TokenizerConfig(
                                                    model.tokenizerConfigFile(), read, origin));
            if (settings.isPresent()) {
                settings.get().applyTo(tokenizer, model.config().modelType());
            }
            return new TokenizerFile(origin, tokenizer, model.architecture(), settings);
        }
        ModelJar jar = ModelJar.of(source);
        return new TokenizerFile(
                jar.tokenizerOrigin(),
                new TokenizerJson(jar.tokenizer()),
                jar.architecture(),
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
        int largest = json.largestId();
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
            return JSON.writeValueAsBytes(json.root().without(List.of("truncation", "padding")));
        } catch (IOException e) {
            throw new ModelLoadException(origin + " cannot be used: " + e.getMessage(), e);
        }
    }
}
