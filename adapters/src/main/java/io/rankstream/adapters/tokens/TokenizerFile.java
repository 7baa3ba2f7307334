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
 * A base model's tokenizer.json, or what spm.model makes of one, with what tokenizer_config.json
 * changes in it, and the sizes it has to fit.
 *
 * @param origin where it was read, for messages
 * @param json its content
 * @param model the model's build
 * @param sizes where that was read, for messages
 * @param settings tokenizer_config.json, if there is one
 */
record TokenizerFile(
        String origin,
        TokenizerJson json,
        Architecture model,
        String sizes,
        Optional<TokenizerConfig> settings) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static TokenizerFile of(ModelSource source) throws ModelLoadException {
        if (source instanceof ModelSource.Directory directory) {
            return of(ModelDirectory.of(directory), directory.path());
        }
        ModelJar jar = ModelJar.of(source);
        return new TokenizerFile(
                jar.tokenizerOrigin(),
                TokenizerJson.of(jar.tokenizer(), jar.tokenizerOrigin()),
                jar.architecture(),
                jar.name(),
                Optional.empty());
    }

    /** What config.json says comes first: of another kind of model nothing else matters. */
    private static TokenizerFile of(ModelDirectory model, String path) throws ModelLoadException {
        Architecture architecture = model.architecture();
        Optional<byte[]> pieces = model.sentencePiece();
        if (pieces.isPresent()) {
            Optional<TokenizerFile> made = ofSentencePiece(model, architecture, pieces.get());
            if (made.isPresent()) {
                return made.get();
            }
        }
        String origin = path + "/tokenizer.json";
        TokenizerJson tokenizer = TokenizerJson.of(model.tokenizer(), origin);
        Optional<TokenizerConfig> settings =
                model.tokenizerConfig()
                        .map(
                                read ->
                                        new TokenizerConfig(
                                                model.tokenizerConfigFile(), read, origin));
        if (settings.isPresent()) {
            settings.get().applyTo(tokenizer, model.config().modelType());
        }
        return new TokenizerFile(
                origin, tokenizer, architecture, model.configFile().toString(), settings);
    }

    /** Empty where a tokenizer.json is needed all the same. */
    private static Optional<TokenizerFile> ofSentencePiece(
            ModelDirectory model, Architecture architecture, byte[] content)
            throws ModelLoadException {
        SentencePieceFile pieces = new SentencePieceFile(model.sentencePieceFile(), content);
        String origin = pieces.path().toString();
        TokenizerConfig settings =
                new TokenizerConfig(
                        model.tokenizerConfigFile(),
                        model.tokenizerConfig().orElseGet(JSON::createObjectNode),
                        origin);
        AddedTokens added =
                new AddedTokens(
                        model.addedTokensFile(),
                        model.addedTokens().orElseGet(JSON::createObjectNode));
        return settings.tokenizer(pieces, added, model.config().modelType())
                .map(
                        tokenizer ->
                                new TokenizerFile(
                                        origin,
                                        tokenizer,
                                        architecture,
                                        model.configFile().toString(),
                                        Optional.of(settings)));
    }

    /**
     * Checks the limit of tokens.
     *
     * @throws ModelLoadException if {@code maxLength} is less than any text takes, more than the
     *     model has places for, or more than the tokenizer was made for
     */
    void requireWithinItsLength(int maxLength) throws ModelLoadException {
        int longest = model.maxTokens();
        if (longest < TextEncoder.LEAST_LIMIT) {
            throw new ModelLoadException(
                    "%s has places for texts of %d tokens, expected %d or more: take a model with more"
                            .formatted(sizes, longest, TextEncoder.LEAST_LIMIT));
        }
        if (maxLength < TextEncoder.LEAST_LIMIT || maxLength > longest) {
            throw new ModelLoadException(
                    "the token limit is %d, expected %d to %d, as many as %s has places for: set model.max-length so"
                            .formatted(maxLength, TextEncoder.LEAST_LIMIT, longest, sizes));
        }
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
        return withoutLengths(json);
    }

    /** The same without a part that may be missing. */
    byte[] withoutLengthsAnd(String part) throws ModelLoadException {
        return withoutLengths(json.without(part));
    }

    private byte[] withoutLengths(TokenizerJson json) throws ModelLoadException {
        try {
            return JSON.writeValueAsBytes(json.root().without(List.of("truncation", "padding")));
        } catch (IOException e) {
            throw new ModelLoadException(origin + " cannot be used: " + e.getMessage(), e);
        }
    }
}
